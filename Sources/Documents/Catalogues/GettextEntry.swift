/// A message of a catalogue as its lines say it, one after the other.
struct GettextEntry {
    private(set) var id = GettextString()
    private(set) var plural: GettextString?
    private(set) var translations: [GettextString] = []
    /// How lines of this entry end.
    private(set) var lineEnd: [UInt8] = []
    private var last: GettextStatement.Keyword?

    var isEmpty: Bool { last == nil }
    var isComplete: Bool { !translations.isEmpty }

    /// - Returns: Whether the statement may follow those before.
    mutating func add(_ statement: GettextStatement) -> Bool {
        guard let keyword = statement.keyword else { return goOn(statement) }
        switch (last, keyword) {
        case (nil, .context), (nil, .id), (.context?, .id), (.id?, .plural): break
        case (.id?, .translation), (.plural?, .translation), (.translation?, .translation): break
        default: return false
        }
        switch keyword {
        case .context: break
        case .id: id = statement.string
        case .plural: plural = statement.string
        case .translation(let number):
            var string = statement.string
            string.number = number
            translations.append(string)
        }
        if lineEnd.isEmpty { lineEnd = statement.lineEnd }
        last = keyword
        return true
    }

    /// A string that continues the one before.
    private mutating func goOn(_ statement: GettextStatement) -> Bool {
        switch last {
        case nil: return false
        case .context?: break
        case .id?: id.append(statement.string)
        case .plural?: plural?.append(statement.string)
        case .translation?: translations[translations.count - 1].append(statement.string)
        }
        return true
    }
}

/// A string of a catalogue, which may go over several lines.
struct GettextString {
    var text = ""
    /// From the first quote to the last.
    var range = 0..<0
    var isWrapped = false
    /// Of a translation: for which plural form.
    var number = 0

    mutating func append(_ next: GettextString) {
        text += next.text
        range = range.lowerBound..<next.range.upperBound
        isWrapped = true
    }

    private static let columns = 77

    /// With quotes and escapes; on several lines as gettext's own tools write them.
    static func written(_ text: String, isWrapped: Bool, lineEnd: [UInt8]) -> [UInt8] {
        let inner = text.unicodeScalars.dropLast().contains("\n")
        guard isWrapped || inner else { return quoted(text) }
        var lines: [[UInt8]] = [quoted("")]
        for paragraph in text.linesWithEnds {
            var line = ""
            var width = 0
            for word in paragraph.words {
                if width + word.count > columns, !line.isEmpty {
                    lines.append(quoted(line))
                    (line, width) = ("", 0)
                }
                line += word
                width += word.count
            }
            lines.append(quoted(line))
        }
        return Array(lines.joined(separator: lineEnd))
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): result += "\\\"".utf8
            case UInt8(ascii: "\\"): result += "\\\\".utf8
            case 0x0A: result += "\\n".utf8
            case 0x0D: result += "\\r".utf8
            case 0x09: result += "\\t".utf8
            case 0x07: result += "\\a".utf8
            case 0x08: result += "\\b".utf8
            case 0x0C: result += "\\f".utf8
            case 0x0B: result += "\\v".utf8
            default: result.append(byte)
            }
        }
        return result + [UInt8(ascii: "\"")]
    }
}

extension String {
    /// Lines, each with its line feed; none of an empty string.
    fileprivate var linesWithEnds: [String] {
        var lines: [String] = []
        var line = ""
        for scalar in unicodeScalars {
            line.unicodeScalars.append(scalar)
            if scalar == "\n" {
                lines.append(line)
                line = ""
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Words, each with the blanks behind it.
    fileprivate var words: [String] {
        var words: [String] = []
        var word = ""
        for character in self {
            if character != " ", word.hasSuffix(" ") {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        return word.isEmpty ? words : words + [word]
    }
}
