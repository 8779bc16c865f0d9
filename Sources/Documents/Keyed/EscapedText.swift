/// Text with backslash escapes, as files of keys and values write it.
enum EscapedText {
    enum Rules {
        case json, properties, strings, yaml
    }

    /// Whether a file has no byte beyond ASCII, and escapes in their place.
    static func writesOnlyASCII(_ bytes: [UInt8]) -> Bool {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return false }
        var rest = bytes[...]
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            rest = rest[(backslash + 1)...]
            guard let kind = rest.popFirst() else { return false }
            guard kind == UInt8(ascii: "u") || kind == UInt8(ascii: "U") else { continue }
            let digits = String(decoding: rest.prefix(4), as: UTF8.self)
            if let value = UInt32(digits, radix: 16), value >= 0x80 { return true }
        }
        return false
    }

    /// - Returns: nil when there is an escape that the format does not have.
    static func unescaped(_ text: String, by rules: Rules) -> String? {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var units: [UInt16] = []
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                units += Character(scalar).utf16
                continue
            }
            guard let kind = rest.popFirst() else { return nil }
            switch kind {
            case "n": units.append(0x0A)
            case "t": units.append(0x09)
            case "r": units.append(0x0D)
            case "f": units.append(0x0C)
            case "b" where rules != .properties: units.append(0x08)
            case "\"", "\\", "/": units += Character(kind).utf16
            case "u", "U":
                let count = kind == "U" && rules == .yaml ? 8 : 4
                let digits = String(rest.prefix(count))
                guard digits.utf8.count == count, let value = UInt32(digits, radix: 16) else { return nil }
                if value > 0xFFFF {
                    guard let scalar = Unicode.Scalar(value) else { return nil }
                    units += Character(scalar).utf16
                } else {
                    units.append(UInt16(value))
                }
                rest = rest.dropFirst(count)
            case "x" where rules == .yaml:
                guard let value = UInt16(String(rest.prefix(2)), radix: 16) else { return nil }
                units.append(value)
                rest = rest.dropFirst(2)
            case "0" where rules == .yaml || rules == .strings: units.append(0)
            case "a" where rules == .yaml || rules == .strings: units.append(0x07)
            case "v" where rules == .yaml || rules == .strings: units.append(0x0B)
            case "e" where rules == .yaml: units.append(0x1B)
            case "_" where rules == .yaml: units.append(0xA0)
            case " " where rules == .yaml: units.append(0x20)
            case "'" where rules == .strings: units.append(0x27)
            default:
                // Java drops a backslash that means nothing.
                guard rules == .properties else { return nil }
                units += Character(kind).utf16
            }
        }
        // A surrogate without its other half is no text.
        return String(validating: units, as: UTF16.self)
    }

    static func escaped(_ text: String, by rules: Rules, onlyASCII: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"" where rules != .properties: result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || onlyASCII && !scalar.isASCII:
                let letter = rules == .strings ? "U" : "u"
                for unit in Character(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\" + letter + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
