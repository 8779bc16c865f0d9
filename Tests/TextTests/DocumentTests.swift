import TestKit
import Testing
import Text

@Suite struct DocumentTests {
    private let segmenter = SentenceSegmenter(language: "en")

    @Test func `translations stand where the sentences stood`() {
        let document = Document("  One. Two!  \r\n\r\n\tThree? \n", segmenter: segmenter)
        #expect(document.segments.map(\.text) == ["One.", "Two!", "Three?"])
        #expect(document.segments.map(\.line) == [0, 0, 2])
        #expect(document.segments.map(\.sentence) == [0, 1, 2])
        #expect(document.reassemble(["Un.", "Deux !", "Trois ?"]) == "  Un. Deux !  \r\n\r\n\tTrois ? \n")
    }

    @Test(arguments: [
        "", " ", "\n", "\r\n\r\n", "\t\u{A0}\u{3000}", "\u{FEFF}", "\u{200B}\n\u{200E}", "\u{0}", "\u{2028}",
    ])
    func `blank text has no segments and comes back`(text: String) {
        let document = Document(text, segmenter: segmenter)
        #expect(document.segments.isEmpty)
        #expect(document.reassemble([]).bytes == text.bytes)
    }

    @Test func `every kind of line end is kept`() {
        let document = Document("a\nb\r\nc\rd\n\re", segmenter: segmenter)
        #expect(document.segments.map(\.line) == [0, 1, 2, 3, 5])
        #expect(document.reassemble(["1", "2", "3", "4", "5"]).bytes == "1\n2\r\n3\r4\n\r5".bytes)
    }

    @Test func `sentences without a space between them can be held apart`() {
        let document = Document("你好。再见。 好。\n好。", segmenter: SentenceSegmenter(language: "zh"))
        #expect(document.reassemble(["A.", "B.", "C.", "D."]) == "A.B. C.\nD.")
        #expect(document.reassemble(["A.", "B.", "C.", "D."], joint: " ") == "A. B. C.\nD.")
    }

    @Test func `a sentence that is too long becomes parts that say so`() {
        let document = Document("One, two, three, four. Five.", at: .sentences(segmenter), splitter: .init(limit: 12)) {
            $0.unicodeScalars.count
        }
        #expect(document.segments.map(\.text) == ["One, two,", "three, four.", "Five."])
        #expect(document.segments.map(\.sentence) == [0, 0, 1])
        #expect(document.segments.map(\.boundary) == [.clause, nil, nil])
        #expect(document.reassemble(["1", "2", "3"]) == "1 2 3")
    }

    @Test func `the parts of a word are not held apart`() {
        let document = Document("abcdef", at: .sentences(segmenter), splitter: .init(limit: 3)) { $0.count }
        #expect(document.segments.map(\.boundary) == [.character, nil])
        #expect(document.reassemble(["abc", "def"], joint: " ") == "abcdef")
    }

    @Test func `what is kept is cut no further, and nothing is put between`() {
        func document(_ text: String) -> Document {
            Document(
                text, at: .sentences(segmenter), keeps: { text, _ in !text.contains { $0.isLetter } },
                splitter: .init(limit: 4)
            ) { $0.unicodeScalars.count }
        }
        let dashes = document(String(repeating: "-", count: 100))
        #expect(dashes.segments.map(\.isKept) == [true])
        let mixed = document("1234567\nab 2 345 67")
        #expect(mixed.segments.map(\.text) == ["1234567", "ab", "2", "345", "67"])
        #expect(mixed.segments.map(\.isKept) == [true, false, true, true, true])
        let unspaced = Document(
            "你好。再见。好。", at: .sentences(SentenceSegmenter(language: "zh")), keeps: { _, number in number < 2 },
            splitter: .init(limit: 9)
        ) { $0.count }
        #expect(unspaced.reassemble(["你好。", "再见。", "Good."], joint: " ") == "你好。再见。 Good.")
    }

    @Test func `what a counter throws comes through`() {
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try Document("abc", at: .sentences(segmenter), splitter: .init(limit: 3)) { _ throws(Refused) in
                throw Refused()
            }
        }
    }

    @Test func `untranslated segments give the text back byte for byte`() {
        var random = SeededRandom(seed: 42)
        for language in ["en", "fr", "de", "zh", nil] {
            let segmenter = SentenceSegmenter(language: language)
            for _ in 0..<1500 {
                let text = RandomText.make(length: 60, using: &random)
                let whole = Document(text, segmenter: segmenter)
                #expect(whole.reassemble(whole.segments.map { String($0.text) }).bytes == text.bytes)
                let limit = Int.random(in: 1...12, using: &random)
                let cut = Document(text, at: .sentences(segmenter), splitter: .init(limit: limit)) {
                    $0.unicodeScalars.count
                }
                #expect(cut.reassemble(cut.segments.map { String($0.text) }).bytes == text.bytes)
                #expect(cut.segments.allSatisfy { $0.text.unicodeScalars.count <= limit && !$0.text.isEmpty })
            }
        }
    }

    @Test func `a document of many lines is read whole`() {
        let text = String(repeating: "One. Two.\n\n", count: 50_000)
        let document = Document(text, segmenter: segmenter)
        #expect(document.segments.count == 100_000)
        #expect(document.reassemble(document.segments.map { String($0.text) }) == text)
    }
}
