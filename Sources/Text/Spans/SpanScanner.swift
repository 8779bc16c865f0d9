/// Finds protected spans in the bytes of a text, from left to right.
struct SpanScanner {
    typealias Found = (kind: ProtectedSpan.Kind, range: Range<Int>)

    let scalars: LineScalars
    /// Scalars outside of ASCII that a vocabulary does not have.
    private let lacked: Set<Unicode.Scalar>

    init(_ scalars: LineScalars, lacked: Set<Unicode.Scalar>) {
        self.scalars = scalars
        self.lacked = lacked
    }

    mutating func all() -> [Found] {
        var found: [Found] = []
        var offset = 0
        // What stands before the offset.
        var previous: Unicode.Scalar?
        while let scalar = scalars.scalar(at: offset) {
            if let (kind, end) = span(at: offset, scalar, after: previous) {
                found.append((kind, offset..<end))
                previous = scalars.last(of: offset..<end)
                offset = end
            } else {
                // Names and addresses begin where words do; what follows within the word is not looked at again.
                let end = isWordStart(scalar, after: previous) ? wordEnd(offset) : scalars.after(offset)
                previous = scalars.last(of: offset..<end)
                offset = end
            }
        }
        return found
    }

    private func span(
        at offset: Int, _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?
    ) -> (kind: ProtectedSpan.Kind, end: Int)? {
        guard scalar.isASCII else { return symbols(at: offset).map { (.symbol, $0) } }
        switch scalar {
        case "`": return code(at: offset, after: previous).map { (.code, $0) }
        case "%", "{", "$": return placeholder(at: offset, scalar, after: previous).map { (.placeholder, $0) }
        case "[": return note(at: offset).map { (.note, $0) }
        case "&": return entity(at: offset).map { (.entity, $0) }
        case "#":
            if byte(offset + 1) == UInt8(ascii: "{") { return braces(at: offset + 1).map { (.placeholder, $0) } }
            return tag(at: offset, after: previous).map { (.hashtag, $0) }
        case "@": return tag(at: offset, after: previous).map { (.mention, $0) }
        default:
            if isWordStart(scalar, after: previous) { return address(at: offset) }
            let isFree = previous.map { !$0.isAlphanumeric && !isPathMark($0) } ?? true
            return isFree ? rootedPath(at: offset, scalar).map { (.file, $0) } : nil
        }
    }

    func byte(_ offset: Int) -> UInt8? { offset < scalars.end ? scalars.byte(at: offset) : nil }

    private func isWordStart(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
        guard scalar.isASCII, scalar.isAlphanumeric else { return false }
        guard let previous, !previous.isUnspaced else { return true }
        return !previous.isAlphanumeric && !previous.isMark && !isPathMark(previous) && previous != "-"
    }

    /// Of a word that is no address.
    private func wordEnd(_ offset: Int) -> Int { scalars.skip(offset) { $0.isASCII && $0.isAlphanumeric } }

    private func isPathMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "/" || scalar == "." || scalar == "~" || scalar == "\\"
    }

    /// A run of emoji and of what the vocabulary lacks, with the marks on them. A joiner before the first belongs to the word
    /// there.
    private func symbols(at offset: Int) -> Int? {
        var end = offset
        var isSymbol = false
        while let scalar = scalars.scalar(at: end), !scalar.isASCII {
            // Flags of regions end with letters that are not seen.
            let joins = scalar.value == 0x200D || scalar.value == 0xFE0F || (0xE0020...0xE007F).contains(scalar.value)
            if joins && !isSymbol { return nil }
            if joins || (isSymbol && scalar.isMark) {
                end = scalars.after(end)
                continue
            }
            // A mark belongs to the letter before it, with which it may be known.
            guard scalar.isEmoji || lacked.contains(scalar), !scalar.isMark else { break }
            isSymbol = true
            end = scalars.after(end)
        }
        return isSymbol ? end : nil
    }

    /// Text between as many grave accents on either side, on one line. ``Quotes'' of TeX are none: what they open is not
    /// closed so, and the next of them stands before a word.
    private func code(at offset: Int, after previous: Unicode.Scalar?) -> Int? {
        let start = scalars.skip(offset, reach: Self.markMaximum) { $0 == "`" }
        if let previous, previous.isAlphanumeric { return nil }
        let limit = min(scalars.end, start + Self.codeMaximum)
        var position = start
        while position < limit, let next = byte(position), next != UInt8(ascii: "\n") {
            guard next == UInt8(ascii: "`") else {
                position += 1
                continue
            }
            let end = scalars.skip(position, reach: Self.markMaximum) { $0 == "`" }
            if end - position == start - offset {
                let isPadded = byte(start) == UInt8(ascii: " ")
                let isClosed = (byte(position - 1) == UInt8(ascii: " ")) == isPadded
                let isQuote = start - offset == 2 && scalars.text(start..<position).contains("''")
                let goesOn = scalars.scalar(at: end).map(\.isAlphanumeric) ?? false
                return position > start && isClosed && !isQuote && !goesOn ? end : nil
            }
            position = end
        }
        return nil
    }

    /// `&amp;`, `&#160;`, `&#xA0;`
    private func entity(at offset: Int) -> Int? {
        var start = offset + 1
        var isAllowed: (Unicode.Scalar) -> Bool = { $0.isASCII && $0.isAlphanumeric }
        if byte(start) == UInt8(ascii: "#") {
            start += 1
            isAllowed = { $0.isASCII && $0.isDigit }
            if let next = byte(start), next | 0x20 == UInt8(ascii: "x") {
                start += 1
                isAllowed = { $0.isASCII && $0.properties.isASCIIHexDigit }
            }
        } else if scalars.scalar(at: start)?.isASCIILetter != true || scalars.scalar(at: start)?.isASCII != true {
            return nil
        }
        let end = scalars.skip(start, reach: Self.markMaximum, while: isAllowed)
        return end > start && byte(end) == UInt8(ascii: ";") ? end + 1 : nil
    }

    /// `[3]`
    private func note(at offset: Int) -> Int? {
        let end = scalars.skip(offset + 1, reach: 3) { $0.isASCII && $0.isDigit }
        return end > offset + 1 && byte(end) == UInt8(ascii: "]") ? end + 1 : nil
    }

    /// `#word` with a letter in it, or `@name`.
    private func tag(at offset: Int, after previous: Unicode.Scalar?) -> Int? {
        if let previous,
            previous.isAlphanumeric || previous == "_" || previous == "#" || previous == "@" || previous == "&"
        {
            return nil
        }
        let isHashtag = byte(offset) == UInt8(ascii: "#")
        let end = scalars.skip(offset + 1, reach: Self.bytesMaximum) {
            $0 == "_" || (isHashtag || $0.isASCII) && ($0.isAlphanumeric || $0.isMark)
        }
        var hasLetter = false
        var position = offset + 1
        while position < end, !hasLetter, let scalar = scalars.scalar(at: position) {
            hasLetter = scalar.isAlphanumeric && !scalar.isDigit
            position = scalars.after(position)
        }
        return hasLetter ? end : nil
    }

    /// The most bytes between two marks, so that marks without a second cost little.
    static let bytesMaximum = 1024
    /// The longest code: what is longer is two accents in prose.
    static let codeMaximum = 256
    /// The longest name of an entity, and the longest run of marks.
    static let markMaximum = 32
}
