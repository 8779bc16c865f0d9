import Testing
import Text

/// A bar in a text stands where its sentences are cut.
@Suite struct SentenceSegmenterTests {
    private static func marked(_ text: String, _ language: String?) -> String {
        SentenceSegmenter(language: language).sentences(in: text[...]).joined(separator: "|")
    }

    private func expectCuts(_ expected: String, in language: String?) {
        let text = expected.replacing("|", with: "")
        #expect(Self.marked(text, language) == expected)
    }

    @Test(arguments: [
        "Hello. |How are you? |Fine!",
        "Dr. Smith met Mr. and Mrs. Jones. |They talked.",
        "See e.g. Apple and i.e. Banana vs. Cherry. |Then stop.",
        "No. 5 is alive. |He said no. |Five came.",
        "See p. 12, Fig. 3 and Vol. 2 of it. |Good.",
        "J. R. R. Tolkien wrote it. |I read it.",
        "It was I. |He left.",
        "The U.S. Senate voted. |Nobody came.",
        "A Ph.D. Thesis is long. |Yes.",
        "It costs 3.50 dollars. |Version 2.0.1 is out.",
        "Wait... what? |Well... |No.",
        "See https://example.org/?a=B&c=D. |Then go.",
        "Mail me at a.b@example.org. |Thanks.",
        "“Why?” he asked. |“Because.” |She left.",
        "(This is one.) |This is two.",
        "He said \"Go.\" |Then he went.",
        "\"Really?\" she said. |\"Yes!\"",
        "1. Introduction to the book.",
        "What?! |No way!!! |Really.",
        "Install the app. |Then open it.", "OK. |Let's go. |Go. |Now.", "At 5 p.m. |He left.", "On Jan. 5 we met.",
    ])
    func `English sentences are cut where a translator would cut`(expected: String) {
        for language in ["en", "eng", "en-GB", "en_US", "eng_Latn"] { expectCuts(expected, in: language) }
    }

    @Test(arguments: [
        "Bonjour ! |Comment ça va ? |Bien.",
        "M. Dupont et Mme Durand sont là. |Ils parlent.",
        "Voir p. 12 et art. 3 du code. |Fin.",
        "« Bonjour. » |Il partit.",
        "« Oui ! » dit-il. |Puis rien.",
        "Il habite av. Foch. |Elle aussi.",
        "Cela coûte 3,50 euros. |C'est cher.",
    ])
    func `French sentences are cut where a translator would cut`(expected: String) {
        for language in ["fr", "fra", "fr-CA"] { expectCuts(expected, in: language) }
    }

    @Test(arguments: [
        ("de", "Dr. Müller kam am 3. Mai. |Er blieb."),
        ("de", "Das gilt z. B. Hunden und u. a. Katzen. |Gut."),
        ("deu", "Siehe S. 12 und Nr. 4 dort. |Ende."),
        ("de", "„Komm her!“, rief er. |„Nein.“ |Stille."),
        ("es", "El Sr. García llegó. |¿Cómo está Ud. Juan? |¡Bien!"),
        ("spa", "Véase pág. 12. |Gracias."),
        ("it", "Il Sig. Rossi e la Dott.ssa Bianchi. |Ciao!"),
        ("ita", "Vedi pag. 12 e art. 3. |Fine."),
        ("pt", "O Sr. Silva chegou. |A Dra. Ana também."),
        ("por", "Ver pág. 12. |Obrigado."),
        ("nl", "Dhr. Jansen en mevr. De Vries. |Zij praten."),
        ("nld", "Zie blz. 12, d.w.z. Nummer een. |Klaar."),
    ])
    func `other languages with a table know their abbreviations`(language: String, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: [
        ("zh", "你好。|你好吗？|我很好！|再见"),
        ("ja", "こんにちは。|元気ですか？|「はい。」|彼は言った。"),
        ("zh", "你好!|你好吗?|好."),
        ("hi", "नमस्ते। |आप कैसे हैं? |ठीक।"),
        ("ar", "مرحبا. |كيف حالك؟ |بخير."),
        ("ru", "Привет. |А. С. Пушкин писал. |См. рис. 3 и ул. Мира. |Да."),
        ("el", "Γεια σου. |Τι κάνεις; |Καλά."),
        ("xx", "One. |J. S. Bach. |Two."),
        (nil, "One. |J. S. Bach. |Two."),
        ("", "One. |Two."),
        ("no such language at all, and a long one", "One. |Two."),
    ])
    func `every other language has the rules that suit most`(language: String?, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: ["", " ", ".", "...", "a", "a.", "Mr.", "?", "\u{0}", "\u{301}", ") ) )", "a. ) b"])
    func `short texts are one sentence or none`(text: String) {
        let sentences = SentenceSegmenter(language: "en").sentences(in: text[...])
        #expect(sentences.joined() == text)
        #expect(sentences.count == (text.isEmpty ? 0 : 1) || text == "a. ) b")
    }

    @Test func `a closing bracket after a space stays with its sentence`() {
        #expect(Self.marked("Hello. ) Next.", "en") == "Hello. ) |Next.")
        #expect(Self.marked("Er sagte. »So« Dann.", "de") == "Er sagte. |»So« Dann.")
    }

    @Test func `many threads may use one segmenter`() async {
        let segmenter = SentenceSegmenter(language: "en")
        let text = String(repeating: "Mr. Smith left. He came back. ", count: 200)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<20).map { _ in segmenter.sentences(in: text[...]).count }.reduce(0, +) }
            }
            for await count in group { #expect(count == 20 * 400) }
        }
    }

    @Test(arguments: ["1. ", "Mr. ", "a", "? ", ". ) ", "J. ", "漢。", "a.b?", "    ", "\"a.\" ", "😀! "])
    func `a line of a megabyte is cut in time that grows with its length`(pattern: String) {
        // Quadratic work on a megabyte would take an hour.
        let text = String(repeating: pattern, count: 1_000_000 / pattern.utf8.count)
        let sentences = SentenceSegmenter(language: "de").sentences(in: text[...])
        #expect(sentences.reduce(0) { $0 + $1.utf8.count } == text.utf8.count)
    }
}
