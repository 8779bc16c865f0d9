/// The bytes of a text file, which are known to be UTF-8, and its lines.
struct SourceText: Sendable {
    struct Line: Sendable {
        /// Without what ends it.
        var content: Range<Int>
        /// After what ends it: the start of the next line.
        var end: Int
    }

    let bytes: [UInt8]
    let format: DocumentFormat
    /// Where the text begins: after a byte order mark.
    let start: Int
    /// Of a file that is not UTF-8 and may be something else: whether each byte is a character.
    let isLatin1: Bool
    let lines: [Line]

    /// - Parameter allowsLatin1: Whether the format has files in ISO 8859-1.
    init(_ bytes: [UInt8], _ format: DocumentFormat, allowsLatin1: Bool = false) throws(DocumentError) {
        self.bytes = bytes
        self.format = format
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DocumentError(
                .unsupported, format, at: .offset(0), "the file is in UTF-16", expected: "UTF-8",
                remedy: "convert it: iconv -f UTF-16 -t UTF-8")
        }
        isLatin1 = String(validating: bytes, as: UTF8.self) == nil
        if isLatin1, !allowsLatin1 {
            let offset = Self.firstInvalidOffset(bytes)
            throw DocumentError(
                .malformed, format, at: .line(Self.line(of: offset, in: bytes)), "the text is not UTF-8",
                found: "the byte 0x\(String(bytes[offset], radix: 16, uppercase: true))",
                remedy: "convert the file to UTF-8, with iconv for example")
        }
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lines = Self.lines(bytes, from: start)
    }

    func line(of offset: Int) -> Int { Self.line(of: offset, in: bytes) }

    func string(_ range: Range<Int>) -> String {
        isLatin1
            ? String(String.UnicodeScalarView(bytes[range].map { Unicode.Scalar($0) }))
            : String(decoding: bytes[range], as: UTF8.self)
    }

    func failure(
        _ code: DocumentError.Code = .malformed, at offset: Int, _ problem: String, expected: String? = nil,
        found: String? = nil, remedy: String? = nil
    ) -> DocumentError {
        DocumentError(
            code, format, at: .line(line(of: offset)), problem, expected: expected, found: found, remedy: remedy)
    }

    /// Counted from 1.
    private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        bytes[..<min(offset, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    }

    /// Lines end in LF, CR LF or CR.
    private static func lines(_ bytes: [UInt8], from start: Int) -> [Line] {
        var lines: [Line] = []
        var begin = start
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            let end = position - 1
            if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
            lines.append(Line(content: begin..<end, end: position))
            begin = position
        }
        if begin < bytes.count { lines.append(Line(content: begin..<bytes.count, end: bytes.count)) }
        return lines
    }

    private static func firstInvalidOffset(_ bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
        return min(offset, bytes.count - 1)
    }
}

extension SourceText {
    func isBlank(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C } }

    func isBlank(_ line: Line) -> Bool { isBlank(line.content) }

    /// The number, from 0, of the line that a byte is in; nil: it is in none.
    func lineIndex(of offset: Int) -> Int? {
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low < lines.count && lines[low].content.lowerBound <= offset ? low : nil
    }

    /// Without spaces, tabs and ends of lines around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var range = range
        while let byte = bytes[range].first, isSpace(byte) { range = range.lowerBound + 1..<range.upperBound }
        while let byte = bytes[range].last, isSpace(byte) { range = range.lowerBound..<range.upperBound - 1 }
        return range
    }
}
