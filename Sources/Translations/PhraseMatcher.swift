/// Finds phrases in texts: exactly as they are written, and only whole words. Where a script has no spaces, a phrase may
/// stand anywhere.
package struct PhraseMatcher: Sendable {
    package struct Match: Sendable, Equatable {
        /// Which phrase.
        package let index: Int
        /// Where the text has it, in bytes of UTF-8.
        package let range: Range<Int>
    }

    private let phrases: [[UInt8]]
    /// Which phrases begin with a word or a mark, by the hash of its bytes; the longest first.
    private let beginnings: [UInt64: [Int]]
    /// Whether a phrase ends with a word that goes on when a letter follows.
    private let endsInWord: [Bool]

    /// - Parameter phrases: None is empty.
    package init(_ phrases: [String]) {
        self.phrases = phrases.map { Array($0.utf8) }
        endsInWord = phrases.map { $0.unicodeScalars.last?.isOfSpacedWord ?? false }
        var beginnings: [UInt64: [Int]] = [:]
        for index in phrases.indices {
            var units = TextUnitIterator(self.phrases[index])
            guard let unit = units.next() else { continue }
            beginnings[Self.hash(self.phrases[index][unit]), default: []].append(index)
        }
        let lengths = self.phrases.map(\.count)
        self.beginnings = beginnings.mapValues { indices in
            indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] > lengths[$1] : $0 < $1 }
        }
    }

    /// Where a text has phrases, from left to right: where several begin, the longest counts, and nothing that begins within
    /// it.
    package func matches(in text: some StringProtocol) -> [Match] {
        if phrases.isEmpty { return [] }
        let bytes = Array(text.utf8)
        var matches: [Match] = []
        var units = TextUnitIterator(bytes)
        while let unit = units.next() {
            guard let index = candidates(bytes, unit).first(where: { isThere($0, at: unit.lowerBound, of: bytes) })
            else {
                continue
            }
            let end = unit.lowerBound + phrases[index].count
            matches.append(Match(index: index, range: unit.lowerBound..<end))
            units.skip(to: end)
        }
        return matches
    }

    /// How many phrases are compared with texts before it takes too long: some tenths of a second.
    static let patience = 1 << 23

    /// Adds all phrases that a text has anywhere, those within others too.
    ///
    /// - Parameter patience: How many are compared yet; less than 0: there were more, and not all are found.
    func insertAll(in text: String, into found: inout Set<Int>, _ patience: inout Int) {
        let bytes = Array(text.utf8)
        var units = TextUnitIterator(bytes)
        while let unit = units.next() {
            let candidates = candidates(bytes, unit)
            patience -= candidates.count
            guard patience >= 0 else { return }
            for index in candidates where isThere(index, at: unit.lowerBound, of: bytes) { found.insert(index) }
        }
    }

    private func candidates(_ bytes: [UInt8], _ unit: Range<Int>) -> [Int] { beginnings[Self.hash(bytes[unit])] ?? [] }

    private func isThere(_ index: Int, at begin: Int, of bytes: [UInt8]) -> Bool {
        let phrase = phrases[index]
        let end = begin + phrase.count
        guard end <= bytes.count, bytes[begin..<end].elementsEqual(phrase) else { return false }
        return !endsInWord[index] || !TextUnitIterator.isWord(bytes, at: end)
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// What a text consists of: words of scripts that put spaces between words, and other scalars one by one.
private struct TextUnitIterator {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(to position: Int) { self.position = position }

    mutating func next() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let begin = position
        var (isWord, length) = Self.scalar(bytes, at: position)
        position += length
        while isWord, position < bytes.count {
            (isWord, length) = Self.scalar(bytes, at: position)
            if isWord { position += length }
        }
        return begin..<position
    }

    static func isWord(_ bytes: [UInt8], at position: Int) -> Bool {
        position < bytes.count && scalar(bytes, at: position).isWord
    }

    /// Whether the scalar at a place is of a word, and its length. The bytes are those of a string.
    private static func scalar(_ bytes: [UInt8], at position: Int) -> (isWord: Bool, length: Int) {
        let first = bytes[position]
        if first < 0x80 { return (Unicode.Scalar(first).isOfSpacedWord, 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length where position + offset < bytes.count {
            value = value << 6 | UInt32(bytes[position + offset] & 0x3F)
        }
        return (Unicode.Scalar(value)?.isOfSpacedWord ?? false, length)
    }
}

extension Unicode.Scalar {
    /// A letter, digit or mark of a script that puts spaces between words.
    package var isOfSpacedWord: Bool {
        if isASCII { return (0x30...0x39).contains(value) || (0x61...0x7A).contains(value | 0x20) }
        switch value {
        // Thai, Lao, Tibetan; Burmese; Khmer; Han, kana and bopomofo.
        case 0xE00...0xFFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF,
            0x20000...0x3FFFF:
            return false
        default: break
        }
        if properties.isAlphabetic { return true }
        switch properties.generalCategory {
        case .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
