/// A token that the text is searched for before the model cuts it, as the `tokenizers` library's `AddedToken`.
package struct AddedToken: Codable, Equatable, Sendable {
    package var content: String
    package var id: Int
    package var isSpecial = false
    /// Whether it is searched for in the normalised text.
    package var isNormalized = false
    /// Whether it counts only between characters that are not of a word.
    package var isSingleWord = false
    package var stripsLeft = false
    package var stripsRight = false

    package init(_ content: String, id: Int) {
        self.content = content
        self.id = id
    }
}

/// Finds added tokens in a text: at each place the longest.
struct AddedTokenSearch: Sendable {
    /// A part of a text, and the token that it is.
    struct Part {
        var range: Range<Int>
        var token: Int?
    }

    private let tokens: [AddedToken]
    private let trie: PieceTrie

    /// - Parameter tokens: With what each looks like in the text.
    init(_ tokens: [(token: AddedToken, text: [UInt8])]) {
        self.tokens = tokens.map(\.token)
        var pieces: [(bytes: UnsafeBufferPointer<UInt8>, value: Int32)] = []
        // The trie copies what it needs.
        let bytes = tokens.flatMap(\.text)
        trie = bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for (index, token) in tokens.enumerated() {
                let end = start + token.text.count
                if end > start { pieces.append((UnsafeBufferPointer(rebasing: bytes[start..<end]), Int32(index))) }
                start = end
            }
            return PieceTrie(pieces)
        }
    }

    /// Whether the text can be cut at all: special tokens are never found.
    var isEmpty: Bool { tokens.allSatisfy(\.isSpecial) }

    /// The parts of a text, one after the other.
    func parts(of text: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var done = 0
        var place = 0
        while place < text.count {
            var longest: (number: Int, end: Int)?
            trie.forEachPrefix(of: text, from: place) { longest = ($0, $1) }
            guard let longest else {
                place += 1
                continue
            }
            let token = tokens[longest.number]
            var range = place..<longest.end
            place = longest.end
            if token.isSpecial { continue }
            if token.isSingleWord, isWord(before: range.lowerBound, text) || isWord(at: range.upperBound, text) {
                continue
            }
            if token.stripsLeft { range = max(spaceStart(before: range.lowerBound, text), done)..<range.upperBound }
            if token.stripsRight { range = range.lowerBound..<spaceEnd(from: range.upperBound, text) }
            if done < range.lowerBound { parts.append(Part(range: done..<range.lowerBound, token: nil)) }
            parts.append(Part(range: range, token: token.id))
            done = range.upperBound
            // Spaces that the token has taken can be part of no other.
            place = max(place, done)
        }
        if done < text.count { parts.append(Part(range: done..<text.count, token: nil)) }
        return parts
    }

    private func isWord(at place: Int, _ text: [UInt8]) -> Bool {
        place < text.count && text.scalar(at: place).scalar.isWord
    }

    private func isWord(before place: Int, _ text: [UInt8]) -> Bool {
        place > 0 && text.scalar(at: start(before: place, text)).scalar.isWord
    }

    private func start(before place: Int, _ text: [UInt8]) -> Int {
        var start = place - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    private func spaceStart(before place: Int, _ text: [UInt8]) -> Int {
        var place = place
        while place > 0 {
            let start = start(before: place, text)
            guard text.scalar(at: start).scalar.isSpace else { break }
            place = start
        }
        return place
    }

    private func spaceEnd(from place: Int, _ text: [UInt8]) -> Int {
        var place = place
        while place < text.count {
            let (scalar, length) = text.scalar(at: place)
            guard scalar.isSpace else { break }
            place += length
        }
        return place
    }
}
