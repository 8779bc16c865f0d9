/// Plain forms of characters that typography has and some vocabularies lack: quotes, dashes, spaces and full-width forms.
extension Unicode.Scalar {
    /// What may be written in a scalar's place; empty for what shows as nothing, nil where there is nothing plainer.
    package var plainForm: String? {
        if isASCII { return nil }
        switch value {
        case 0x2018...0x201B, 0x2032, 0x2039, 0x203A, 0x02BC: return "'"
        case 0x201C...0x201F, 0x2033, 0xAB, 0xBB, 0x301D...0x301F: return "\""
        case 0x2010...0x2015, 0x2212: return "-"
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return " "
        // Soft hyphens, zero-width spaces, word joiners and byte order marks. Joiners have a meaning in some scripts.
        case 0xAD, 0x200B, 0x2060, 0xFEFF: return ""
        case 0x2026: return "..."
        case 0xFF01...0xFF5E: return Unicode.Scalar(value - 0xFEE0).map { String($0) }
        default: return nil
        }
    }
}
