/// The classes of characters that patterns of tokenizers name.
package enum CharacterClass: Codable, Equatable, Sendable {
    case one(String)
    case space, digit, letter, number, punctuation

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .one(let text): text.unicodeScalars.first == scalar
        case .space: scalar.isSpace
        case .digit: scalar.isDigit
        case .letter: scalar.isLetter
        case .number: scalar.isNumber
        case .punctuation: scalar.isPunctuation
        }
    }
}

extension Unicode.Scalar {
    /// Unicode's categories L.
    var isLetter: Bool {
        if isASCII { return (0x41...0x5A).contains(value & 0xDF) && value >= 0x41 }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// Unicode's categories N.
    var isNumber: Bool {
        if isASCII { return (0x30...0x39).contains(value) }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    /// Unicode's categories P, and ASCII's symbols.
    var isPunctuation: Bool {
        if isASCII {
            switch value {
            case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
            default: return false
            }
        }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// UTS #18's `\w`.
    var isWord: Bool {
        if isASCII { return isLetter || isNumber || self == "_" }
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }

    /// Unicode's categories M.
    var isCombining: Bool {
        if isASCII { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Control and format characters and those of private use: what BERT's tokenizer removes.
    var isOther: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        switch properties.generalCategory {
        case .control, .format, .privateUse: return true
        default: return false
        }
    }
}
