/// A string table of Apple's platforms (`.strings`): `"key" = "value";` and comments as in C.
struct AppleStrings {
    private let source: SourceText
    private var position: Int

    static func skeleton(_ source: SourceText, _ keys: KeyPatterns) throws(DocumentError) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        var table = AppleStrings(source: source, position: source.start)
        let onlyASCII = EscapedText.writesOnlyASCII(source.bytes)
        while try table.skipAsides() {
            let key = try table.string()
            var value = key
            if try table.take(UInt8(ascii: "=")) { value = try table.string() }
            guard try table.take(UInt8(ascii: ";")) else {
                throw table.failure("an entry does not end", expected: "\";\"")
            }
            // A value may be one word without quotes; what is written has them.
            let isQuoted = value.isQuoted
            let edges = Edges(value.text)
            guard value.range != key.range, edges.middle.hasLetters,
                keys.include(key.text.split(separator: ".").map(String.init))
            else { continue }
            skeleton.add(InlineText(edges.middle), in: value.range) { translation in
                let text = EscapedText.escaped(edges.around(translation.plain), by: .strings, onlyASCII: onlyASCII)
                return Array((isQuoted ? text : "\"\(text)\"").utf8)
            }
        }
        return skeleton
    }

    private struct Word {
        var text: String
        var range: Range<Int>
        var isQuoted: Bool
    }

    private var next: UInt8? { position < source.bytes.count ? source.bytes[position] : nil }

    private func failure(_ problem: String, expected: String) -> DocumentError {
        let found =
            next == nil
            ? "the end of the file"
            : DocumentError.quoted(String(decoding: source.bytes[position...].prefix(12), as: UTF8.self))
        return source.failure(at: position, problem, expected: expected, found: found)
    }

    /// Passes over blanks and comments.
    ///
    /// - Returns: Whether there is more.
    private mutating func skipAsides() throws(DocumentError) -> Bool {
        while let byte = next {
            let rest = source.bytes[position...]
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else if rest.starts(with: "//".utf8) {
                position = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? source.bytes.count
            } else if rest.starts(with: "/*".utf8) {
                var end = position + 2
                while end + 1 < source.bytes.count, !source.bytes[end...].starts(with: "*/".utf8) { end += 1 }
                guard end + 1 < source.bytes.count else { throw failure("a comment does not end", expected: "\"*/\"") }
                position = end + 2
            } else {
                return true
            }
        }
        return false
    }

    private mutating func take(_ byte: UInt8) throws(DocumentError) -> Bool {
        guard try skipAsides(), next == byte else { return false }
        position += 1
        return true
    }

    private mutating func string() throws(DocumentError) -> Word {
        guard try skipAsides() else { throw failure("an entry does not end", expected: "a string") }
        guard next == UInt8(ascii: "\"") else { return try word() }
        let start = position + 1
        position = start
        while let byte = next, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard next != nil else { throw source.failure(at: start, "a string does not end", expected: "\"\\\"\"") }
        let range = start..<position
        position += 1
        guard let text = EscapedText.unescaped(source.string(range), by: .strings) else {
            throw source.failure(
                at: start, "a string has an escape that is not known", found: DocumentError.quoted(source.string(range))
            )
        }
        return Word(text: text, range: range, isQuoted: true)
    }

    private mutating func word() throws(DocumentError) -> Word {
        let start = position
        while let byte = next, byte.isASCIILetter || byte.isASCIIDigit || "_-.$:/".utf8.contains(byte) { position += 1 }
        guard position > start else { throw failure("this is no entry", expected: "\"key\" = \"value\";") }
        return Word(text: source.string(start..<position), range: start..<position, isQuoted: false)
    }
}
