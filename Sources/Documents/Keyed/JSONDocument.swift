/// A file of JSON (RFC 8259), read for where its strings stand. What is a value and has letters is translated; keys are not.
struct JSONDocument {
    private let source: SourceText
    private let keys: KeyPatterns
    private var skeleton: Skeleton
    private var position: Int
    private var path: [String] = []
    /// Whether the file writes all that is not ASCII as escapes.
    private let isASCII: Bool

    private static let depthMax = 200

    static func skeleton(_ source: SourceText, _ keys: KeyPatterns) throws(DocumentError) -> Skeleton {
        var document = JSONDocument(source, keys)
        try document.value()
        document.skipSpace()
        guard document.position == source.bytes.count else {
            throw document.failure("there is more after the end of the value", expected: "the end of the file")
        }
        return document.skeleton
    }

    private init(_ source: SourceText, _ keys: KeyPatterns) {
        self.source = source
        self.keys = keys
        skeleton = Skeleton(source.bytes)
        position = source.start
        isASCII = EscapedText.writesOnlyASCII(source.bytes)
    }

    private func failure(_ problem: String, expected: String? = nil) -> DocumentError {
        let isEnd = position >= source.bytes.count
        let found =
            isEnd
            ? "the end of the file"
            : DocumentError.quoted(String(decoding: source.bytes[position...].prefix(12), as: UTF8.self))
        return source.failure(at: position, problem, expected: expected, found: found)
    }

    private var next: UInt8? { position < source.bytes.count ? source.bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(DocumentError) {
        skipSpace()
        switch next {
        case UInt8(ascii: "{")?: try members(until: UInt8(ascii: "}"))
        case UInt8(ascii: "[")?: try members(until: UInt8(ascii: "]"))
        case UInt8(ascii: "\"")?: try translate(try string())
        case UInt8(ascii: "t")?: try word("true")
        case UInt8(ascii: "f")?: try word("false")
        case UInt8(ascii: "n")?: try word("null")
        case let byte? where byte.isASCIIDigit || byte == UInt8(ascii: "-"): try number()
        default: throw failure("there is no value here", expected: "a value")
        }
    }

    private mutating func members(until end: UInt8) throws(DocumentError) {
        guard path.count < Self.depthMax else {
            throw source.failure(
                .tooLarge, at: position, "objects and lists are nested too deeply", expected: "at most \(Self.depthMax)"
            )
        }
        position += 1
        if take(end) { return }
        var count = 0
        path.append("")
        defer { path.removeLast() }
        repeat {
            if end == UInt8(ascii: "}") {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw failure("there is no key here", expected: "a string") }
                path[path.count - 1] = try string().text
                guard take(UInt8(ascii: ":")) else { throw failure("a key has no value", expected: "\":\"") }
            } else {
                path[path.count - 1] = String(count)
            }
            try value()
            count += 1
        } while take(UInt8(ascii: ","))
        guard take(end) else {
            throw failure("a list or an object does not end", expected: "\",\" or \"\(String(UnicodeScalar(end)))\"")
        }
    }

    private mutating func word(_ word: String) throws(DocumentError) {
        guard source.bytes[position...].starts(with: word.utf8) else {
            throw failure("there is no value here", expected: "a value")
        }
        position += word.utf8.count
    }

    private mutating func number() throws(DocumentError) {
        if next == UInt8(ascii: "-") { position += 1 }
        guard next?.isASCIIDigit == true else { throw failure("a number has no digits", expected: "a digit") }
        while let byte = next, byte.isASCIIDigit || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) { position += 1 }
    }

    /// - Returns: The string at `position`, and where it stands, without its quotes.
    private mutating func string() throws(DocumentError) -> (text: String, range: Range<Int>) {
        let start = position + 1
        position = start
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a string has a control character that is not escaped") }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard next != nil else { throw source.failure(at: start, "a string does not end", expected: "\"\\\"\"") }
        let range = start..<position
        position += 1
        guard let text = EscapedText.unescaped(source.string(range), by: .json) else {
            throw source.failure(
                at: start, "a string has an escape that is not known", found: DocumentError.quoted(source.string(range))
            )
        }
        return (text, range)
    }

    private mutating func translate(_ string: (text: String, range: Range<Int>)) throws(DocumentError) {
        let edges = Edges(string.text)
        guard edges.middle.hasLetters, keys.include(path) else { return }
        let isASCII = isASCII
        skeleton.add(InlineText(edges.middle), in: string.range) { text in
            Array(EscapedText.escaped(edges.around(text.plain), by: .json, onlyASCII: isASCII).utf8)
        }
    }
}
