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

    /// What may end a sentence: Unicode's Sentence_Terminal, the ellipsis, and the Greek question mark.
    var isTerminator: Bool {
        switch value {
        case 0..<0x80: self == "." || self == "!" || self == "?"
        case 0x80..<0x37E, 0x37F..<0x589: false
        case 0x37E, 0x2026, 0x3002: true
        case 0x3003..<0xA4D0, 0xAC00..<0xFE00, 0x1F000..<0x40000: false
        default: properties.isSentenceTerminal
        }
    }

    /// Marks that end a sentence or shorten a word.
    var isFullStop: Bool { self == "." || self == "．" || self == "․" || self == "﹒" }

    /// Letters and digits: what words are made of.
    var isAlphanumeric: Bool {
        if isASCII { return isDigit || isASCIILetter }
        return properties.isAlphabetic || isDigit
    }

    var isASCIILetter: Bool { (0x61...0x7A).contains(value | 0x20) }

    var isUpper: Bool {
        if isASCII { return (0x41...0x5A).contains(value) }
        return properties.generalCategory == .uppercaseLetter || properties.generalCategory == .titlecaseLetter
    }

    var isLower: Bool {
        if isASCII { return (0x61...0x7A).contains(value) }
        return properties.generalCategory == .lowercaseLetter
    }

    var isMark: Bool {
        if value < 0x300 { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Dashes that a line of a dialogue or an item of a list begins with.
    var isDash: Bool { self == "-" || (0x2010...0x2015).contains(value) || self == "−" }

    /// Punctuation that goes on with a sentence.
    var continuesSentence: Bool {
        switch self {
        case ",", ";", ":", "，", "、", "；", "：", "،", "؛", "·", ")", "]", "}", "）", "】", "%": true
        default: false
        }
    }

    /// Pictures, and what joins and colours them.
    var isEmoji: Bool {
        switch value {
        case 0x200D, 0xFE0F, 0x1F1E6...0x1FAFF: true
        case 0x2600...0x27BF, 0x2B00...0x2BFF: properties.isEmoji
        default: false
        }
    }

    /// Superscript digits, which mark footnotes.
    var isSuperscript: Bool { value == 0xB9 || value == 0xB2 || value == 0xB3 || (0x2070...0x2079).contains(value) }

    /// Letters and punctuation of scripts that put no space between sentences: Han, kana, bopomofo.
    var isUnspaced: Bool {
        switch value {
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    /// Punctuation after which, with a space, a clause may start. A full stop is not among them: some end sentences, where
    /// no sentence is left to be cut, and the others shorten words.
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
