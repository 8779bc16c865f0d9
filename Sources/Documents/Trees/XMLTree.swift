internal import Markup
internal import Translations

/// A file of XML as its tags, each with its other half.
struct XMLTree {
    let bytes: [UInt8]
    let tokens: [MarkupToken]
    /// For the token of a start tag, that of its end tag, and the other way round.
    private(set) var partner: [Int?]

    /// Elements that are nested more deeply are refused.
    private static let depthMax = 1000

    /// - Throws: Where it is not well-formed, by the line.
    init(_ bytes: [UInt8], _ format: DocumentFormat, member: String? = nil) throws(DocumentError) {
        self.bytes = bytes
        func failure(_ code: DocumentError.Code, _ line: Int, _ problem: String) -> DocumentError {
            DocumentError(code, format, at: member.map { .memberLine($0, line) } ?? .line(line), problem)
        }
        func line(_ offset: Int) -> Int { bytes[..<offset].count { $0 == 0x0A } + 1 }
        do {
            tokens = try MarkupScanner.tokens(of: bytes, .xml)
        } catch {
            throw failure(.malformed, error.line, error.problem)
        }
        partner = Array(repeating: nil, count: tokens.count)
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .start:
                open.append(index)
                guard open.count <= Self.depthMax else {
                    throw failure(.tooLarge, line(token.range.lowerBound), "elements are nested too deeply")
                }
            case .end:
                guard let start = open.popLast(), bytes[tokens[start].name].elementsEqual(bytes[token.name]) else {
                    throw failure(.malformed, line(token.range.lowerBound), "an end tag ends no element")
                }
                partner[start] = index
                partner[index] = start
            default: break
            }
        }
        if let start = open.last {
            throw failure(.malformed, line(tokens[start].range.lowerBound), "an element has no end tag")
        }
    }

    /// The name of a tag, without the prefix of its namespace.
    func name(_ index: Int) -> String {
        let name = bytes[tokens[index].name]
        let start = name.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.startIndex
        return String(decoding: name[start...], as: UTF8.self)
    }

    /// The name of a tag as it is written.
    func fullName(_ index: Int) -> String { String(decoding: bytes[tokens[index].name], as: UTF8.self) }

    /// - Parameter wanted: In lower case.
    func attribute(_ wanted: String, of index: Int) -> String? {
        let token = tokens[index]
        guard token.kind == .start || token.kind == .empty else { return nil }
        var found: String?
        Attributes.forEach(bytes, token.name.upperBound..<token.range.upperBound - 1) { name, value in
            if name == wanted { found = value }
        }
        return found
    }

    /// The last token of the element that begins at a token.
    func end(_ index: Int) -> Int { tokens[index].kind == .start ? partner[index] ?? index : index }

    /// All of an element.
    func range(_ index: Int) -> Range<Int> { tokens[index].range.lowerBound..<tokens[end(index)].range.upperBound }

    /// What is in an element.
    func contents(_ index: Int) -> Range<Int> {
        tokens[index].range.upperBound..<max(tokens[index].range.upperBound, tokens[end(index)].range.lowerBound)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
