// What the rules of this target ask of a scalar. ASCII is answered before Unicode's tables are: the rules ask several
// times a scalar, and a look into the tables takes many times as long as a comparison.

extension Unicode.Scalar {
    /// Unicode's White_Space, which has been the same since version 6.3.
    var isSpace: Bool {
        switch value {
        case 0x20, 0x09...0x0D: true
        case 0...0x84: false
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// White space at which a line may be broken.
    var isBreakingSpace: Bool { isSpace && value != 0xA0 && value != 0x2007 && value != 0x202F }

    /// Quotes and brackets that may stand between a full stop and the space after it.
    var isClosing: Bool {
        if isASCII { return isClosingBracket || self == "\"" || self == "'" }
        switch properties.generalCategory {
        case .closePunctuation, .finalPunctuation, .initialPunctuation: return true
        default: return false
        }
    }

    var isClosingBracket: Bool {
        if isASCII { return self == ")" || self == "]" || self == "}" }
        return properties.generalCategory == .closePunctuation
    }

    /// Quotes, brackets and marks that may stand right before a word.
    var isOpening: Bool {
        if isASCII { return isOpeningBracket || self == "\"" || self == "'" || self == "/" }
        if isOpeningBracket || self == "¿" || self == "¡" || self == "—" || self == "–" { return true }
        let category = properties.generalCategory
        return category == .initialPunctuation || category == .finalPunctuation
    }

    var isOpeningBracket: Bool {
        if isASCII { return self == "(" || self == "[" || self == "{" }
        return properties.generalCategory == .openPunctuation
    }

    /// A digit of any script.
    var isDigit: Bool {
        if isASCII { return (0x30...0x39).contains(value) }
        return properties.generalCategory == .decimalNumber
    }

    /// Letters and punctuation of scripts that put no space between sentences: Han, kana, bopomofo.
    var isUnspaced: Bool {
        switch value {
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    /// Punctuation after which, with a space, a clause may start. A full stop is not among them: ICU ends sentences at
    /// those that end one, and the others shorten words.
    var endsClause: Bool {
        if isASCII { return self == "," || self == ";" || self == ":" || self == "!" || self == "?" }
        switch self {
        case "…", "،", "؛", "؟", "·", "।", "።", "፣", "፤", "՝": return true
        default: return endsUnspacedClause
        }
    }

    /// Punctuation after which a clause may start without a space.
    var endsUnspacedClause: Bool {
        if isASCII { return false }
        switch self {
        case "、", "，", "；", "：", "。", "！", "？", "）", "」", "』", "】", "》", "—", "､", "｡": return true
        default: return false
        }
    }

    /// Half of a flag.
    var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }
}
