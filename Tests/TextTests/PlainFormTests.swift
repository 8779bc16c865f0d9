import Testing
import Text

@Suite struct PlainFormTests {
    @Test(arguments: [
        ("“", "\""), ("»", "\""), ("’", "'"), ("–", "-"), ("\u{2011}", "-"), ("\u{A0}", " "), ("\u{3000}", " "),
        ("\u{200B}", ""), ("！", "!"), ("Ａ", "A"), ("…", "..."),
    ])
    func `typography has plain forms`(scalar: Unicode.Scalar, plain: String) {
        #expect(scalar.plainForm == plain)
    }

    @Test(arguments: ["a", "é", "北", "😀", "\u{200D}", "€", "°", " ", "-"] as [Unicode.Scalar])
    func `nothing else has`(scalar: Unicode.Scalar) {
        #expect(scalar.plainForm == nil)
    }

    @Test func `a letter has a script, and a language is written in some`() {
        #expect(LetterScript("é") == .latin && LetterScript("ж") == .cyrillic && LetterScript("カ") == .kana)
        #expect(LetterScript("5") == nil && LetterScript(",") == nil)
        #expect(LetterScript.scripts(of: "Jpan") == [.kana, .han] && LetterScript.scripts(of: "Zsym") == nil)
    }
}
