internal import CICU

/// A step that changes a text before it is cut, as `tokenizers` names them.
package enum Normalizer: Codable, Equatable, Sendable {
    package enum Form: Int32, Codable, Sendable { case nfc = 0, nfd, nfkc, nfkd }

    case unicode(Form)
    case lowercase
    case stripAccents
    case strip(left: Bool, right: Bool)
    case replace(TextPattern, String)
    case prepend(String)
    /// SentencePiece's table, which the recipe has.
    case characterMap
    case nmt
    case bert(cleans: Bool, spacesChinese: Bool, stripsAccents: Bool, lowercases: Bool)
    case byteLevel

    func apply(_ text: [UInt8], _ map: CharacterMap?) throws(TextError) -> [UInt8] {
        switch self {
        case .unicode(let form): return try Self.unicode(form, text)
        case .lowercase: return Self.lowercased(text)
        case .stripAccents: return text.mappingScalars { if !$0.isCombining { $1.append($0) } }
        case .strip(let left, let right): return Self.stripped(text, left: left, right: right)
        case .replace(let pattern, let content): return TokenDecoder.replaced(pattern, Array(content.utf8), text)
        case .prepend(let prefix): return text.isEmpty ? text : Array(prefix.utf8) + text
        case .characterMap: return map?.normalize(text) ?? text
        case .nmt: return text.mappingScalars(Self.nmt)
        case .bert(let cleans, let spacesChinese, let stripsAccents, let lowercases):
            var text = text
            if cleans { text = text.mappingScalars(Self.clean) }
            if spacesChinese { text = text.mappingScalars(Self.space) }
            if stripsAccents {
                text = try Self.unicode(.nfd, text).mappingScalars { scalar, result in
                    if scalar.isASCII || scalar.properties.generalCategory != .nonspacingMark { result.append(scalar) }
                }
            }
            return lowercases ? Self.lowercased(text) : text
        case .byteLevel: return ByteAlphabet.encode(text)
        }
    }

    /// By ICU, whose tables are those of all the system's programs.
    static func unicode(_ form: Form, _ text: [UInt8]) throws(TextError) -> [UInt8] {
        if text.allSatisfy({ $0 < 0x80 }) { return text }
        let units = Array(String(decoding: text, as: UTF8.self).utf16)
        var length = 0
        var message: UnsafePointer<CChar>?
        guard let normalized = cicu_normalize(form.rawValue, units, units.count, &length, &message) else {
            throw TextError(
                .tokenization,
                "ICU cannot normalise a text: \(message.map { String(cString: $0) } ?? "out of memory")")
        }
        defer { cicu_release_units(normalized) }
        return Array(String(decoding: UnsafeBufferPointer(start: normalized, count: length), as: UTF16.self).utf8)
    }

    /// Character by character: without the rule for a final sigma.
    private static func lowercased(_ text: [UInt8]) -> [UInt8] {
        text.mappingScalars { scalar, result in
            if scalar.isASCII {
                result.append(UInt8(scalar.value) | (scalar.isLetter ? 0x20 : 0))
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
    }

    private static func stripped(_ text: [UInt8], left: Bool, right: Bool) -> [UInt8] {
        var (low, high) = (0, 0)
        var isBefore = true
        text.forEachScalar { scalar, range in
            if scalar.isSpace {
                if isBefore { low = range.upperBound }
            } else {
                isBefore = false
                high = range.upperBound
            }
        }
        if !left { low = 0 }
        if !right { high = text.count }
        return low < high ? Array(text[low..<high]) : []
    }

    /// The rules of SentencePiece's `nmt` that its table has beside Unicode's.
    private static func nmt(_ scalar: Unicode.Scalar, _ result: inout [UInt8]) {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: break
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
            result.append(0x20)
        default: result.append(scalar)
        }
    }

    private static func clean(_ scalar: Unicode.Scalar, _ result: inout [UInt8]) {
        let isBreak = scalar == "\t" || scalar == "\n" || scalar == "\r"
        if scalar.value == 0 || scalar.value == 0xFFFD || (scalar.isOther && !isBreak) { return }
        if scalar.isSpace { result.append(0x20) } else { result.append(scalar) }
    }

    private static func space(_ scalar: Unicode.Scalar, _ result: inout [UInt8]) {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            result.append(0x20)
            result.append(scalar)
            result.append(0x20)
        default: result.append(scalar)
        }
    }
}
