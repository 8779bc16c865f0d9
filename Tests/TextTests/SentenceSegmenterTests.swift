import TestKit
import Testing
import Text

/// A bar in a text stands where its sentences are cut.
@Suite struct SentenceSegmenterTests {
    @Test(arguments: [
        "Hello. |How are you? |Fine!",
        "Dr. Smith met Mr. and Mrs. Jones. |They talked.",
        "See e.g. Apple and i.e. Banana vs. Cherry. |Then stop.",
        "No. 5 is alive. |He said no. |Five came.",
        "See p. 12, Fig. 3 and Vol. 2 of it. |Good.",
        "See Eq. (3), Vol. II and Fig. 2. |Then go.",
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
        "We met at 9 a.m. Monday. |It rained.",
        "The Acme Inc. CEO spoke. |He works for Acme Inc. |She does not.",
        "It lasted from c. 1818 to l. 5 and v. 7. |Fine.",
        "ACME PVT. LTD. is there. |IT IS BIG.",
        "The (U.S.) Senate met. |They left.",
    ])
    func `English sentences are cut where a translator would cut`(expected: String) {
        for language in ["en", "eng", "en-GB", "en_US", "eng_Latn"] { expectCuts(expected, in: language) }
    }

    @Test(arguments: [
        "I live in the U.S. |He lives in the U.K. |They are friends.",
        "She likes vitamin C. |It is healthy.",
        "He left… |She stayed… |We slept.", "He left… and came back.", "A “...” says (...) nothing.",
        "Hi.|How are you?|I am fine.", "It was late...|We went.",
        "Look at file.Name, Amazon.Com, a.b.C and x/y.Then. |Good.", "Use std::vec.The end.",
        "It was so. |1991 was the year. |2 of them left.",
        "It works. |– Does it? |- Yes.", "“Does it?” – he asked.",
        "Nothing. 😀 |Smile.", "Great! 😀 |Thanks.😀 |Bye.",
        "**Bold.** |_Thin._ |Plain.",
        "Yahoo! is big. |I use Yahoo! Answers and Yahoo! |It is good.",
    ])
    func `what follows a full stop decides`(expected: String) { expectCuts(expected, in: "en") }

    @Test(arguments: [
        "He was born in Ulm. [3] |He died in 1955. [4, 5] |The end.",
        "He was born in Ulm.[3] |He died in 1955.[4][note 2] |The end.",
        "He was born in Ulm.³ |He was a painter.12 |Then he died.", "See vol.4 The end.",
        "[1] Smith, A. Book. |[2] Jones, B. Book.",
        "He said [sic] so. |[He] left.", "He died. [p. 5] |She lived.", "It was so.[1.2] |Then he left.",
    ])
    func `the mark of a footnote stays with its sentence`(expected: String) { expectCuts(expected, in: "en") }

    @Test(arguments: [
        ("en", "1. Bread from here |2. Milk |3. Tea"), ("en", "1) Bread |2) Milk. |Not cheese. |3) Tea"),
        ("en", "1.) Bread |2.) Milk"), ("en", "a) bread |b) milk |c) tea"), ("en", "(1) bread |(2) milk"),
        ("en", "• Bread |• Milk"), ("en", "1. Bread 3. tea"), ("en", "We have 1) bread 2) milk."),
        ("en", "1. He was 2. in the race."), ("de", "1. Am 2. Mai kam er."), ("de", "1) Brot |2) Milch"),
    ])
    func `items of a list on one line are cut`(language: String, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: [
        ("nl", "Hij zei niets. |,,Ik ga.'' |Toen ging hij."), ("nl", "Hij zei niets. |,, Ik ga. '' |Toen ging hij."),
        ("tr", "Bu \"son karar. \" |Demek ki öyle."), ("fr", "« Oui. » |Puis rien. |« Non ! » dit-il."),
        ("fr", "« Bonjour ! » \""), ("de", "„Nein.“ |Er ging. |„Ja. “ |Gut."), ("de", "Er sagte. |»So« Dann."),
        ("ru", "Песня ``Где ты?``. |Потом другая."), ("zh", "他说。|“文化革命”开始了。|“你好。”|他走了。"),
        ("ja", "「はい。」と彼は言った。|次の文。"), ("ja", "「行く。」って言った。|「もう行くよ。」|とても悲しい。"),
        ("zh", "《你好！李焕英》很好看。|我喜欢。"), ("en", "\"Go.\" |\"No.\" |'Why?' |'Because.'"),
        ("en", "Hello. ) |Next."),
    ])
    func `quotes and brackets go to the sentence that they belong to`(language: String, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: [
        ("zh", "你好。|你好吗？|我很好！|再见"),
        ("ja", "こんにちは。|元気ですか？|「はい。」|彼は言った。"),
        ("zh", "你好!|你好吗?|好."), ("zh", "访问中国.com吧。|第3.5节。"),
        ("hi", "नमस्ते। |आप कैसे हैं? |डॉ. शर्मा ठीक हैं।"),
        ("ar", "مرحبا. |كيف حالك؟ |قال د. أحمد... ثم ذهب."), ("ur", "کیا حال ہے؟ |میں ٹھیک ہوں۔ |شکریہ۔"),
        ("hy", "Ի՞նչ ես մտածում: |Ոչինչ։ |Լավ:"), ("am", "ሰላም። |እንዴት ነህ፧ |ደህና።"), ("my", "မင်္ဂလာပါ။ |နေကောင်းလား။"),
        ("ko", "네. |알겠습니다. |감사합니다!"), ("el", "Γεια σου. |Τι κάνεις; |Καλά."), ("en", "No; Yes: Go."),
        ("xx", "One. |J. S. Bach. |Two."),
        (nil, "One. |J. S. Bach. |Two."),
        ("", "One. |Two."),
        ("no such language at all, and a long one", "One. |Two."),
    ])
    func `every script and every other language has the rules that suit it`(language: String?, expected: String) {
        expectCuts(expected, in: language)
    }

    @Test(arguments: [
        "", " ", ".", "...", "a", "a.", "Mr.", "?", "\u{0}", "\u{301}", ") ) )", "! ! !", "… …", "\"", "[1]",
    ])
    func `short texts are one sentence or none`(text: String) {
        let sentences = SentenceSegmenter(language: "en").sentences(in: text[...])
        #expect(sentences.joined() == text)
        #expect(sentences.count == (text.isEmpty ? 0 : 1))
    }

    @Test(arguments: [nil, "en", "de", "nl", "fr", "tr", "ru", "zh", "ja", "hi", "ar", "hy", "el"])
    func `no text is lost, whatever it is made of`(language: String?) {
        let parts = [
            "a", "B", "Dr", "z", "1", "2024", "3.", ".", "..", "…", "!", "?", "。", "！", "।", "։", ":", ";", ",", " ",
            " ", "  ",
            "\u{A0}", "\t", "(", ")", "[", "]", "\"", "'", "''", "``", "“", "”", "„", "«", "»", "「", "」", "《", "》", "-",
            " – ", "•", "*", "_", "³", "[1]", "[p. 5]", "😀", "👩\u{200D}🚀", "\u{301}", "\u{200B}", "漢", "и", "Я", "ß",
            "…\"", "a.b",
            "https://a.b/c?d.E", "\u{0}",
        ]
        let segmenter = SentenceSegmenter(language: language)
        var random = SeededRandom(seed: 44)
        for _ in 0..<4000 {
            let text = (0...random.integer(1...40)).map { _ in random.choice(parts) }.joined()
            let sentences = segmenter.sentences(in: text[...])
            #expect(sentences.joined() == text)
            #expect(!sentences.contains(""))
        }
    }

    @Test func `every mark that Unicode says ends a sentence does`() {
        let segmenter = SentenceSegmenter(language: nil)
        for value in UInt32(0x21)...0x1FFFF {
            guard let mark = Unicode.Scalar(value), mark.properties.isSentenceTerminal else { continue }
            // Full stops that are no ASCII shorten words as well; the letter after the space is a capital.
            let text = "Aaa\(mark) Bbb"
            #expect(segmenter.sentences(in: text[...]).count == 2, "U+\(String(value, radix: 16))")
        }
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

    @Test(arguments: [
        "1. ", "Mr. ", "a", "? ", ". ) ", "J. ", "漢。", "a.b?", "    ", "\"a.\" ", "😀! ", ".", "\"", "(", "…", "'' ",
        ". [1] ",
        ". - ", "a.B", ".(", "。“", "1) 2) ", "• ", ".😀", "《。", "z. B. ", ". …\"", "„", "**.",
        "A b. [p. 5] ", "a.[1.2] B",
    ])
    func `a long line is cut in time that grows with its length`(pattern: String) {
        // Quadratic work on so many bytes would take minutes.
        let text = String(repeating: pattern, count: 200_000 / pattern.utf8.count)
        let sentences = SentenceSegmenter(language: "de").sentences(in: text[...])
        #expect(sentences.reduce(0) { $0 + $1.utf8.count } == text.utf8.count)
    }
}

/// Expects cuts where bars stand, and nowhere else.
func expectCuts(_ expected: String, in language: String?, sourceLocation: SourceLocation = #_sourceLocation) {
    let text = expected.replacing("|", with: "")
    let cut = SentenceSegmenter(language: language).sentences(in: text[...]).joined(separator: "|")
    #expect(cut == expected, "\(language ?? "no language")", sourceLocation: sourceLocation)
}
