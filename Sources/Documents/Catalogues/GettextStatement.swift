/// A line of a catalogue that is no comment: a keyword and a string, or a string that continues the one before.
struct GettextStatement {
    enum Keyword: Equatable {
        case context, id, plural
        case translation(Int)

        var word: String {
            switch self {
            case .context: "msgctxt"
            case .id: "msgid"
            case .plural: "msgid_plural"
            case .translation: "msgstr"
            }
        }
    }

    var keyword: Keyword?
    var string: GettextString
    var lineEnd: [UInt8]

    var beginsEntry: Bool { keyword == .context || keyword == .id }

    /// - Returns: nil for a comment or a blank line.
    init?(_ line: SourceText.Line, _ source: SourceText) throws(DocumentError) {
        let range = source.trimmed(line.content)
        guard let first = source.bytes[range].first, first != UInt8(ascii: "#") else { return nil }
        lineEnd = Array(source.bytes[line.content.upperBound..<line.end])
        let word = source.bytes[range].prefix { $0 != UInt8(ascii: "\"") && $0 != 0x20 && $0 != 0x09 }
        keyword = try Self.keyword(String(decoding: word, as: UTF8.self), at: range.lowerBound, source)
        string = GettextString()
        string.range = source.trimmed(word.endIndex..<range.upperBound)
        let quoted = source.bytes[string.range]
        guard quoted.count >= 2, quoted.first == UInt8(ascii: "\""), quoted.last == UInt8(ascii: "\"") else {
            throw source.failure(
                at: range.lowerBound, "a string must stand in quotes on one line",
                found: DocumentError.quoted(source.string(range)))
        }
        string.text = try Self.unescaped(quoted.dropFirst().dropLast(), source)
    }

    private static func keyword(_ word: String, at offset: Int, _ source: SourceText) throws(DocumentError) -> Keyword?
    {
        switch word {
        case "": return nil
        case "msgctxt": return .context
        case "msgid": return .id
        case "msgid_plural": return .plural
        case "msgstr": return .translation(0)
        default:
            if word.hasPrefix("msgstr["), word.hasSuffix("]"), let number = Int(word.dropFirst(7).dropLast()),
                (0..<100).contains(number)
            {
                return .translation(number)
            }
            throw source.failure(
                at: offset, "not a line of a catalogue", expected: "msgctxt, msgid, msgid_plural, msgstr or a comment",
                found: DocumentError.quoted(word))
        }
    }

    private static func unescaped(_ text: ArraySlice<UInt8>, _ source: SourceText) throws(DocumentError) -> String {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                guard byte != UInt8(ascii: "\"") else {
                    throw source.failure(
                        at: rest.startIndex - 1, "a quote in a string is not escaped", remedy: "write it as \\\"")
                }
                result.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else {
                throw source.failure(at: text.endIndex, "a string ends in the middle of an escape")
            }
            switch escaped {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "v"): result.append(0x0B)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(escaped)
            default:
                throw source.failure(
                    at: rest.startIndex - 2, "an escape that is not known", expected: #"\n, \t, \", \\"#,
                    found: DocumentError.quoted("\\" + String(UnicodeScalar(escaped))))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
