import TestKit
import Testing
import Text

@Suite struct ParagraphsTests {
    @Test(arguments: [
        ("I like this\nhouse very much.", "I like this house very much."),
        ("One\ntwo\n\nThree\r\nfour\n", "One two\n\nThree four\n"),
        ("  First line\nand more.\n  Next one\nhere.", "  First line and more.\n  Next one here."),
        ("A list:\n- one\n  goes on\n- two\n1. three\n2) four", "A list:\n- one goes on\n- two\n1. three\n2) four"),
        ("Title\n=====\nText\ngoes on", "Title\n=====\nText goes on"),
        ("Text\n    code\n    more", "Text\n    code more"),
        ("これは\n文です。", "これは文です。"), ("a  \nb", "a b"), ("", ""), ("\n\n", "\n\n"), ("x\n", "x\n"),
        ("It was 3.\nThen 4 came.", "It was 3. Then 4 came."), ("# Title\nText goes\non", "# Title\nText goes on"),
        ("| a | b |\nText", "| a | b |\nText"), ("This is\n**very** important.", "This is **very** important."),
        ("Say\n--verbose or not", "Say --verbose or not"),
        ("Er kam\n– müde –\nund schlief.", "Er kam – müde – und schlief."),
        ("Er kam.\n– Müde?", "Er kam.\n– Müde?"), ("Liste:\n– eins\n– zwei", "Liste:\n– eins\n– zwei"),
    ])
    func `lines of a paragraph are joined`(text: String, expected: String) {
        #expect(Paragraphs.joined(text).text == expected)
    }

    @Test(arguments: [
        ("I like this house very much.", 11, "I like this\nhouse very\nmuch."),
        ("  I like this house.", 8, "  I like\n  this\n  house."),
        ("Unbreakable words", 5, "Unbreakable\nwords"), ("a\nb c\n", 1, "a\nb\nc\n"), ("", 5, ""), ("a  b", 9, "a  b"),
        ("10\u{A0}000 km", 3, "10\u{A0}000\nkm"), ("これは文です。", 6, "これは\n文で\nす。"),
        ("la gare ?", 7, "la\ngare ?"), ("Il dit « oui » .", 6, "Il dit\n« oui » ."),
        ("One.\u{C}Two. Six", 4, "One.\u{C}Two.\nSix"),
        ("한국어 글", 6, "한국어\n글"), ("ｶﾅ ｶﾅ", 5, "ｶﾅ ｶﾅ"), ("      a b", 8, "      a\nb"),
    ])
    func `long lines are broken between words`(text: String, columns: Int, expected: String) {
        #expect(Paragraphs.wrapped(text, columns: columns) == expected)
    }

    @Test(arguments: [
        ("One\r\ntwo\r\n\r\nsix", ["\r\n", "\r\n", ""]), ("One\rtwo\n\nsix\ntwo\r", ["\r", "\n", "\n", ""]), ("", [""]),
        ("One\ntwo", ["\n"]), ("One\r\n\r", ["\r\n", "\r", ""]),
    ])
    func `paragraphs are wrapped with the line ends that they had`(text: String, ends: [Substring]) {
        let joined = Paragraphs.joined(text)
        #expect(joined.lineEnds.map { Array($0.utf8) } == ends.map { Array($0.utf8) })
        let wrapped = Paragraphs.wrapped(joined.text, columns: 3, lineEnds: joined.lineEnds)
        #expect(Array(wrapped.utf8) == Array(text.utf8))
    }

    @Test func `what is joined and wrapped again has the same words, and no line that words would let be shorter`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let text = RandomText.make(length: 80, using: &random)
            let columns = Int.random(in: 1...30, using: &random)
            let wrapped = Paragraphs.wrapped(Paragraphs.joined(text).text, columns: columns)
            let words = { (text: String) in text.unicodeScalars.filter { !$0.properties.isWhitespace }.map(\.value) }
            #expect(words(wrapped) == words(text))
        }
        for _ in 0..<200 {
            let text = (0..<30).map { _ in String(repeating: "a", count: random.integer(1...9)) }.joined(separator: " ")
            let columns = random.integer(1...30)
            for line in Paragraphs.wrapped(text, columns: columns).split(separator: "\n") {
                #expect(line.count <= columns || !line.contains(" "))
            }
        }
    }

    @Test func `a deep indent is not repeated on every line`() {
        let text = String(repeating: " ", count: 100_000) + String(repeating: "1 ", count: 100_000)
        #expect(Paragraphs.wrapped(text, columns: 1).utf8.count < 2 * text.utf8.count)
    }

    @Test func `a megabyte of lines is joined and wrapped in time that grows with it`() {
        let text = String(repeating: "a b\n", count: 100_000)
        let joined = Paragraphs.joined(text).text
        #expect(joined.utf8.count == text.utf8.count)
        #expect(Paragraphs.wrapped(joined, columns: 3) == text)
    }
}

@Suite struct WordlessTests {
    @Test(arguments: ["😀", "---", "***", "…", "?!", "→ ▾ ✓", "「」", "• •", "§"])
    func `symbols are neither words nor numbers`(text: String) { #expect(Wordless(text[...]) == .symbols) }

    @Test(arguments: ["12:26", "283,82 €", "01/02/2003", "½", "٣", "1", "+49 (30) 123-45", "²", "Ⅳ"])
    func `digits and marks are numbers`(text: String) { #expect(Wordless(text[...]) == .numbers) }

    @Test(arguments: ["a", "5 km", "é!", "年", "Ω", "१ रु", "---x", "No. 5"])
    func `a letter makes words`(text: String) { #expect(Wordless(text[...]) == nil) }
}
