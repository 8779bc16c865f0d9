import DragomanCommand
import Testing

@Suite struct TextColumnsTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ﾊﾝ", 2), ("Ａ", 2), ("한", 2),
        ("\u{1112}\u{1161}", 2), ("👍", 2), ("a\u{200B}b", 2), ("→", 1), ("…", 1), ("שָׁלוֹם", 4),
    ]) func `a text takes as many columns as a terminal gives it`(text: String, columns: Int) {
        #expect(TextColumns.count(text) == columns)
    }

    @Test func `what is cut never takes more columns than there are, and no character is cut in two`() {
        #expect(TextColumns.cut("abcdef", to: 6) == "abcdef")
        #expect(TextColumns.cut("abcdef", to: 5) == "abcd…")
        #expect(TextColumns.cut("日本語", to: 5) == "日本…")
        #expect(TextColumns.cut("日本語", to: 4) == "日…")
        #expect(TextColumns.cut("e\u{301}e\u{301}e\u{301}", to: 2) == "e\u{301}…")
        #expect(TextColumns.cut("abc", to: 1) == "…")
        #expect(TextColumns.cut("abc", to: 0) == "")
    }

    @Test func `columns of tables stand under each other`() {
        #expect(TextTable.text([["日本", "a"], ["b", "c"]]) == "日本  a\nb     c\n")
    }
}
