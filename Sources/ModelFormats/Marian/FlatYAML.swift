/// YAML as Marian's files are written in: keys at the left margin, each with a scalar or a list of scalars. What else YAML
/// can say is refused.
struct FlatYAML {
    private let file: String
    /// Counted from 1.
    private var line = 0
    private var values: [ExactString: JSONValue] = [:]
    private var key: String?

    /// Reads a whole text as settings.
    static func settings(_ bytes: [UInt8], file: String) throws(ModelError) -> Settings {
        var reader = FlatYAML(file: file)
        try eachLine(of: bytes, file: file) { (text, line) throws(ModelError) in
            reader.line = line
            try reader.take(text)
        }
        return Settings(reader.values, file: file)
    }

    /// Calls `body` with every line that says something, without what is white at its end.
    static func eachLine(
        of bytes: [UInt8], file: String, _ body: (_ text: Substring, _ line: Int) throws(ModelError) -> Void
    ) throws(ModelError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ModelError(.malformedFile, file: file, "the file is not UTF-8")
        }
        // By bytes: as characters, "\r\n" would be one, and a combining mark part of the line's end.
        for (index, bytes) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            var line = Substring(bytes)
            while let last = line.unicodeScalars.last, [" ", "\t", "\r", "\0"].contains(last) {
                line = Substring(line.unicodeScalars.dropLast())
            }
            let start = line.unicodeScalars.first { $0 != " " }
            if start == nil || start == "#" || line == "---" || line == "..." { continue }
            try body(line, index + 1)
        }
    }

    private mutating func take(_ text: Substring) throws(ModelError) {
        guard text.unicodeScalars.first == " " || text.hasPrefix("- ") else { return try takeKey(text) }
        let content = Self.trimmed(text)
        guard let key else { throw failure("a value without a key") }
        if content.hasPrefix("- ") {
            var elements: [JSONValue] = []
            switch values[ExactString(key)] {
            case .null?, nil: break
            case .array(let found)?:
                elements = found
                // What is held once is not copied when it grows.
                values[ExactString(key)] = .null
            case let found?: throw failure("a list follows a value of \(key)", found: found.summary)
            }
            elements.append(try scalar(Self.trimmed(content.dropFirst(2))))
            values[ExactString(key)] = .array(elements)
        } else if content.hasPrefix("["), values[ExactString(key)] == .null {
            values[ExactString(key)] = try value(content)
        } else {
            throw failure("a value of several lines, which no option of Marian's has")
        }
    }

    private mutating func takeKey(_ text: Substring) throws(ModelError) {
        let bytes = text.utf8
        guard
            let colon = bytes.indices.first(where: {
                bytes[$0] == UInt8(ascii: ":")
                    && (bytes.index(after: $0) == bytes.endIndex || bytes[bytes.index(after: $0)] == 0x20)
            })
        else { throw failure("not \"key: value\"") }
        guard case .string(let name) = try scalar(Self.trimmed(text[..<colon])) else {
            throw failure("a key that is not a name")
        }
        guard values[ExactString(name)] == nil else {
            throw failure("the key \(ModelError.quoted(name)) appears twice")
        }
        key = name
        values[ExactString(name)] = try value(Self.trimmed(text[bytes.index(after: colon)...]))
    }

    private func value(_ text: Substring) throws(ModelError) -> JSONValue {
        guard text.hasPrefix("[") else { return try scalar(text) }
        guard text.hasSuffix("]") else { throw failure("a list without an end") }
        let inside = Self.trimmed(text.dropFirst().dropLast())
        if inside.isEmpty { return .array([]) }
        var elements: [JSONValue] = []
        for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
            elements.append(try scalar(Self.trimmed(part)))
        }
        return .array(elements)
    }

    private func scalar(_ text: Substring) throws(ModelError) -> JSONValue {
        if text.hasPrefix("\"") || text.hasPrefix("'") {
            guard let (unquoted, rest) = YAMLQuotes.read(text) else { throw failure("a text in quotes that is wrong") }
            guard rest.isEmpty || rest.hasPrefix(" #") else { throw failure("something follows a text in quotes") }
            return .string(unquoted)
        }
        if let first = text.unicodeScalars.first, ["{", "&", "*", "|", ">", "!", "%", "@", "`"].contains(first) {
            throw failure("a form of YAML that is not read here", found: ModelError.quoted(text))
        }
        var plain = text
        if let comment = text.firstRange(of: " #") { plain = Self.trimmed(text[..<comment.lowerBound]) }
        switch plain {
        case "", "~", "null": return .null
        case "true", "True", "yes", "on": return .boolean(true)
        case "false", "False", "no", "off": return .boolean(false)
        default: break
        }
        if let integer = Int(plain) { return .integer(integer) }
        // Only what looks like a number: `Double` also knows names for what is none.
        let digits = plain.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
        }
        if digits, let number = Double(plain), number.isFinite { return .number(number) }
        return .string(String(plain))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.unicodeScalars.first == " " { text = Substring(text.unicodeScalars.dropFirst()) }
        while text.unicodeScalars.last == " " { text = Substring(text.unicodeScalars.dropLast()) }
        return text
    }

    private init(file: String) { self.file = file }

    private func failure(_ problem: String, found: String? = nil) -> ModelError {
        ModelError(.malformedFile, file: file, "line \(line): \(problem)", found: found)
    }
}

/// Texts in quotes in YAML (YAML 1.2, 7.3).
enum YAMLQuotes {
    /// Reads the text that `text` begins with, and returns it with what follows; nil when it is not one.
    static func read(_ text: Substring) -> (text: String, rest: Substring)? {
        let bytes = text.utf8
        guard let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        var unquoted: [UInt8] = []
        var index = bytes.index(after: bytes.startIndex)
        while index < bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            if byte == quote {
                // Within single quotes, two stand for one.
                guard quote == UInt8(ascii: "'"), index < bytes.endIndex, bytes[index] == quote else {
                    return String(validating: unquoted, as: UTF8.self).map { ($0, text[index...]) }
                }
                unquoted.append(quote)
                index = bytes.index(after: index)
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                guard let scalar = escape(bytes, &index) else { return nil }
                unquoted.append(contentsOf: String(Character(scalar)).utf8)
            } else {
                unquoted.append(byte)
            }
        }
        return nil
    }

    /// Reads what follows a backslash.
    private static func escape(_ bytes: Substring.UTF8View, _ index: inout Substring.Index) -> Unicode.Scalar? {
        guard index < bytes.endIndex else { return nil }
        let byte = bytes[index]
        index = bytes.index(after: index)
        let digits: Int
        switch byte {
        case UInt8(ascii: "0"): return "\0"
        case UInt8(ascii: "a"): return "\u{7}"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "v"): return "\u{B}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "e"): return "\u{1B}"
        case UInt8(ascii: "N"): return "\u{85}"
        case UInt8(ascii: "_"): return "\u{A0}"
        case UInt8(ascii: "L"): return "\u{2028}"
        case UInt8(ascii: "P"): return "\u{2029}"
        case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"): return Unicode.Scalar(byte)
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        default: return nil
        }
        guard let end = bytes.index(index, offsetBy: digits, limitedBy: bytes.endIndex) else { return nil }
        let number = UInt32(Substring(bytes[index..<end]), radix: 16)
        index = end
        return number.flatMap { Unicode.Scalar($0) }
    }
}
