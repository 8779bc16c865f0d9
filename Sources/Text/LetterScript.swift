/// The script of a letter, as far as scripts of languages are told apart by it.
package enum LetterScript: Sendable, Hashable {
    case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, bengali, tamil, thai, georgian, hangul, kana, han

    /// - Returns: nil for what is no letter, or one of a script that is not told apart.
    package init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x531...0x587: self = .armenian
        case 0x5D0...0x5F2: self = .hebrew
        case 0x620...0x64A, 0x66E...0x6D3, 0x750...0x77F: self = .arabic
        case 0x904...0x939, 0x958...0x961: self = .devanagari
        case 0x985...0x9B9: self = .bengali
        case 0xB85...0xBB9: self = .tamil
        case 0xE01...0xE2E: self = .thai
        case 0x10A0...0x10FF: self = .georgian
        case 0x1100...0x11FF, 0xAC00...0xD7A3: self = .hangul
        case 0x3041...0x30FF: self = .kana
        case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: self = .han
        default: return nil
        }
    }

    /// Whether it has small letters.
    package var hasCase: Bool {
        switch self {
        case .latin, .greek, .cyrillic, .armenian: true
        default: false
        }
    }

    /// What a language is written in, by its script's code in ISO 15924; nil for a script that is not told apart.
    package static func scripts(of code: String) -> Set<LetterScript>? {
        switch code {
        case "Latn": [.latin]
        case "Grek": [.greek]
        case "Cyrl": [.cyrillic]
        case "Armn": [.armenian]
        case "Hebr": [.hebrew]
        case "Arab": [.arabic]
        case "Deva": [.devanagari]
        case "Beng": [.bengali]
        case "Taml": [.tamil]
        case "Thai": [.thai]
        case "Geor": [.georgian]
        case "Hang", "Kore": [.hangul, .han]
        case "Jpan": [.kana, .han]
        case "Hans", "Hant", "Hani": [.han]
        default: nil
        }
    }
}
