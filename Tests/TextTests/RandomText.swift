import TestKit

/// Texts made of what breaks text code: line ends, marks, joiners, brackets, spaces of all kinds, any scalar at all.
enum RandomText {
    private static let bricks = [
        " ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", ".", ". ", "...", "? ", "! ", ", ", "; ", ": ", " - ", "—", "(",
        ")", "\"",
        "«", "»", "“", "” ", "。", "、", "「", "」", "،", "؟", "Mr. ", "No. ", "5", "e.g. ", "J. ", "U.S. ", "word",
        "Word ",
        "été", "e\u{301}", "\u{301}", "😀", "👨‍👩‍👧", "🇫🇷", "\u{200B}", "\u{200D}", "\u{FEFF}", "\u{A0}", "\u{2028}",
        "\u{85}", "\u{0}", "\u{202B}", "שלום", "漢字", "𐀀", "\u{10FFFF}", "ﷺ", "aaaaaaaaaaaaaaaaaaaaaaaa", "\u{600}",
    ]

    static func make(length: Int, using random: inout SeededRandom) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...length, using: &random) {
            if Int.random(in: 0..<8, using: &random) > 0 {
                text.append(contentsOf: bricks[Int.random(in: 0..<bricks.count, using: &random)].unicodeScalars)
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
