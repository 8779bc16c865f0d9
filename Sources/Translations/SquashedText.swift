/// A text without its white space, and without its tags: what is translated has its words in this order, whatever stands
/// between them. What has a phrase in it has the squashed phrase in it, though not the other way round.
struct SquashedText {
    /// Ways to read the text; a phrase is in one of them. nil: it cannot be told what is a tag, or what a reference means.
    let readings: [[UInt8]]?

    /// - Parameter isMarkup: Whether it may have tags and character references.
    init(_ text: String, isMarkup: Bool) {
        let bytes = Array(text.utf8)
        guard isMarkup, bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
            readings = [Self.squashed(bytes[...])]
            return
        }
        // Values of attributes may be translated, and a "<" may be a character.
        guard let words = Self.words(bytes, dropsTags: true), let all = Self.words(bytes, dropsTags: false) else {
            readings = nil
            return
        }
        readings = [words, all]
    }

    static func squashed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes.filter { !isBlank($0) } }
        var squashed: [UInt8] = []
        squashed.reserveCapacity(bytes.count)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
        where scalar.isASCII ? !isBlank(UInt8(scalar.value)) : !scalar.properties.isWhitespace {
            squashed += UTF8.encode(scalar)!
        }
        return squashed
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func words(_ bytes: [UInt8], dropsTags: Bool) -> [UInt8]? {
        var words: [UInt8] = []
        words.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "<") where dropsTags && beginsTag(bytes, place):
                guard let end = tagEnd(bytes, place) else { return nil }
                place = end
            case UInt8(ascii: "&") where beginsReference(bytes, place):
                guard let (scalar, end) = reference(bytes, place) else { return nil }
                words += UTF8.encode(scalar)!
                place = end
            default:
                words.append(bytes[place])
                place += 1
            }
        }
        return squashed(words[...])
    }

    // MARK: Tags

    private static func beginsTag(_ bytes: [UInt8], _ place: Int) -> Bool {
        guard place + 1 < bytes.count else { return false }
        let next = bytes[place + 1]
        return isLetter(next) || next >= 0x80 || "/!?%_:".utf8.contains(next)
    }

    /// - Returns: nil: readers do not agree on where it ends.
    private static func tagEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
        if bytes[place...].starts(with: "<!--".utf8) { return commentEnd(bytes, place) }
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let content = bytes[(place + 1)..<end]
        // A ">" within quotes, brackets or code ends nothing.
        for quote in "\"'".utf8 where !content.count(where: { $0 == quote }).isMultiple(of: 2) { return nil }
        switch content.first {
        case UInt8(ascii: "!"): return content.contains(UInt8(ascii: "[")) ? nil : end + 1
        case UInt8(ascii: "?"), UInt8(ascii: "%"):
            return content.count > 1 && content.last == content.first ? end + 1 : nil
        default: return end + 1
        }
    }

    private static func commentEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
        let begin = place + 4
        guard begin < bytes.count, bytes[begin] != UInt8(ascii: ">"), !bytes[begin...].starts(with: "->".utf8) else {
            return nil
        }
        var at = begin
        while let dash = bytes[at...].firstIndex(of: UInt8(ascii: "-")) {
            if bytes[dash...].starts(with: "-->".utf8) { return dash + 3 }
            if bytes[dash...].starts(with: "--!>".utf8) { return nil }
            at = dash + 1
        }
        return nil
    }

    // MARK: References

    private static func beginsReference(_ bytes: [UInt8], _ place: Int) -> Bool {
        place + 1 < bytes.count && (isLetter(bytes[place + 1]) || bytes[place + 1] == UInt8(ascii: "#"))
    }

    /// - Returns: nil: it is none of the few that all markup has.
    private static func reference(_ bytes: [UInt8], _ place: Int) -> (Unicode.Scalar, end: Int)? {
        guard let end = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        if let known = names[name] { return (known, end + 1) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        guard let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits),
            // Browsers read these as those of another character set.
            value > 0, !(0x80...0x9F).contains(value)
        else { return nil }
        return Unicode.Scalar(value).map { ($0, end + 1) }
    }

    private static let names: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ]

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

/// Finds phrases in squashed texts, wherever they begin.
struct SquashedPhrases: Sendable {
    private let phrases: [[UInt8]]
    /// By their first bytes, as many as `keyLength` or, of a shorter one, all.
    private let beginnings: [ArraySlice<UInt8>: [Int]]
    private let keyLengths: [Int]

    private static let keyLength = 8

    init(_ phrases: [String]) {
        self.phrases = phrases.map { SquashedText.squashed(Array($0.utf8)[...]) }
        beginnings = Dictionary(grouping: self.phrases.indices) { [phrases = self.phrases] in
            phrases[$0].prefix(Self.keyLength)
        }
        keyLengths = Set(beginnings.keys.map(\.count)).sorted()
    }

    /// - Parameter patience: As `PhraseMatcher.insertAll` has it.
    func insertAll(in text: [UInt8], into found: inout Set<Int>, _ patience: inout Int) {
        for place in text.indices {
            for length in keyLengths {
                guard place + length <= text.count else { break }
                guard let candidates = beginnings[text[place..<place + length]] else { continue }
                patience -= candidates.count
                guard patience >= 0 else { return }
                for index in candidates where !found.contains(index) {
                    if text[place...].starts(with: phrases[index]) { found.insert(index) }
                }
            }
        }
    }
}
