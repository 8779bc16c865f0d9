/// Marks next to each other that may end a sentence: "." or "?!" or "...".
struct TerminatorRun {
    enum Kind {
        /// One full stop, which may shorten a word as well.
        case fullStop
        /// Several, or "…": what follows says whether the sentence ends.
        case ellipsis
        /// "!", "?", "。" and their like.
        case strong
    }

    let range: Range<Int>
    let kind: Kind
    /// Whether all of it is ASCII, whose marks stand inside addresses too.
    let isASCII: Bool

    /// The first run of a line at or after an offset.
    ///
    /// - Parameters:
    ///   - other: a mark of ASCII that ends sentences in the language.
    ///   - quotes: counts the quotes on the way.
    init?(in line: LineScalars, from start: Int, other: UInt8?, quotes: inout QuoteCount) {
        guard let first = Self.first(in: line, from: start, other: other, quotes: &quotes) else { return nil }
        var (end, count, isStrong, isASCII) = (first, 0, false, true)
        while let next = line.scalar(at: end), next.isTerminator || next.value == other.map(UInt32.init) {
            isASCII = isASCII && next.isASCII
            isStrong = isStrong || !next.isFullStop && next != "…"
            // "…" is three.
            count += next == "…" ? 3 : 1
            end = line.after(end)
        }
        range = first..<end
        kind = isStrong ? .strong : count == 1 ? .fullStop : .ellipsis
        self.isASCII = isASCII
    }

    /// Looks at bytes, and at scalars only where a byte may begin a terminator: most text is passed over.
    private static func first(
        in line: LineScalars, from start: Int, other: UInt8?, quotes: inout QuoteCount
    ) -> Int? {
        var offset = start
        while offset < line.end {
            let byte = line.byte(at: offset)
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): return offset
            case UInt8(ascii: "\""):
                quotes.straight += 1
                offset += 1
            case 0..<0x80:
                if byte == other { return offset }
                offset += 1
            // Latin, Greek and Cyrillic have none of their own but U+037E.
            case 0xC2...0xCC, 0xCE...0xD5: offset += 2
            // Han and Hangul.
            case 0xE4...0xE9, 0xEB...0xED: offset += 3
            default:
                guard let scalar = line.scalar(at: offset) else { return nil }
                if scalar.isTerminator { return offset }
                quotes.count(scalar)
                offset = line.after(offset)
            }
        }
        return nil
    }
}

/// How many quotes a line has had so far, for marks that both open and close.
struct QuoteCount {
    /// Of `"`.
    var straight = 0
    /// Of „ that no “ or ” has closed.
    private(set) var low = 0
    /// Of 《 that no 》 has closed.
    private(set) var titles = 0

    var isStraightOpen: Bool { straight % 2 == 1 }

    mutating func count(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "„": low += 1
        case "“", "”": low = max(0, low - 1)
        case "《": titles += 1
        case "》": titles = max(0, titles - 1)
        default: break
        }
    }
}
