/// How many columns of a terminal texts take: as wcwidth(3) has it, in every locale.
package enum TextColumns {
    package static func count(_ text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + count($1) }
    }

    /// As much of a text as there is room for; where that is not all, an ellipsis ends it.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard count(text) > columns else { return text }
        var (cut, left) = ("", columns - 1)
        guard left >= 0 else { return "" }
        for character in text {
            left -= count(String(character))
            if left < 0 { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// With spaces after it.
    package static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(columns - count(text), 0))
    }

    private static func count(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // Vowels and final consonants join the syllable before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// Those that are East Asian Wide or Fullwidth (Unicode Standard Annex 11), without the emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F251, 0x20000...0x3FFFD,
    ]
}
