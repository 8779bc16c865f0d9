/// Text in XML: what must be escaped, and the five entities that there are without a DTD (XML 1.0, 4.6).
enum XMLText {
    static func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"" where quotes: result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// References to other entities stay as they are.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...].unicodeScalars
        while let ampersand = rest.firstIndex(of: "&") {
            result.unicodeScalars += rest[..<ampersand]
            rest = rest[ampersand...]
            if let end = rest.prefix(longestReference).firstIndex(of: ";"),
                let scalar = scalar(of: String(rest[rest.index(after: ampersand)..<end]))
            {
                result.unicodeScalars.append(scalar)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "&"
                rest.removeFirst()
            }
        }
        result.unicodeScalars += rest
        return result
    }

    /// The name of the first reference to an entity that there is not without a DTD; nil: there is none.
    static func unknownReference(in text: String) -> String? {
        var rest = text[...].unicodeScalars
        while let ampersand = rest.firstIndex(of: "&") {
            rest = rest[rest.index(after: ampersand)...]
            let name = rest.prefix { $0 != ";" && $0 != "&" && !$0.properties.isWhitespace }
            guard name.endIndex < rest.endIndex, rest[name.endIndex] == ";" else { continue }
            if scalar(of: String(name)) == nil { return String(name) }
        }
        return nil
    }

    /// Text with each run of XML's white space as one space, and none around it.
    static func spaced(_ text: String) -> String {
        text.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .map { Substring($0) }.joined(separator: " ")
    }

    private static let longestReference = 12

    private static func scalar(of name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init)
        }
    }
}
