import Foundation
import Testing
import Text

@Suite struct TokenizerTests {
    @Test func `a prefix that the vocabulary has is one token`() throws {
        let tokenizer = try SeparateModel.tokenizer()
        let prefix = try #require(tokenizer.sourceID(of: ">>fra<<"))
        let ids = try tokenizer.encode(">>fra<< Hello")
        #expect(ids.first == prefix)
        #expect(ids.dropFirst() == (try tokenizer.encode(" Hello"))[...])
        #expect(tokenizer.sourceToken(prefix) == ">>fra<<")
        #expect(tokenizer.targetID(of: ">>fra<<") == nil)
    }

    @Test(arguments: [
        (">>fra<< Hello", ">>fra<<"), (">><<x", ">><<"), (">>a<b<<c<<", ">>a<b<<"), (">>a<<<", ">>a<<"),
        (">>fra", nil), (">>fra<", nil), (" >>fra<<", nil), ("x>>fra<<", nil), (">>", nil), (">", nil), ("", nil),
    ])
    func `a prefix ends with the first two signs that close it`(text: String, prefix: String?) {
        let split = LanguagePrefix.split(text[...])
        #expect(split.map { String($0.token) } == prefix)
        if let split { #expect(split.token + split.rest == text) }
    }

    @Test func `a text cannot spell the end of its sentence`() throws {
        let ids = try Fixtures.demoTokenizer().encode("a </s> b")
        #expect(!ids.contains(0))
    }

    @Test func `special tokens and ids without a token are not shown`() throws {
        let tokenizer = try Fixtures.demoTokenizer()
        let ids = try tokenizer.encodeTarget("Bonjour à tous.")
        #expect(try tokenizer.decode([8000, 1] + ids + [0, 8000, 123_456]) == "Bonjour à tous.")
        #expect(try tokenizer.decode([]).isEmpty)
        #expect(try tokenizer.decode([0]).isEmpty)
    }

    @Test func `a text of two megabytes without a space is encoded`() throws {
        let tokenizer = try Fixtures.demoTokenizer()
        #expect(try tokenizer.count(String(repeating: "ab", count: 1_000_000)) > 200_000)
    }

    @Test func `many threads may use one tokenizer`() async throws {
        let tokenizer = try Fixtures.demoTokenizer()
        let lines = try Fixtures.lines(Fixtures.folder.appending(path: "samples.en"))
        let expected = try lines.map { try tokenizer.encode($0) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { try lines.map { try tokenizer.encode($0) } == expected }
            }
            for try await same in group { #expect(same) }
        }
    }

    @Test func `a vocabulary without the tokens that the configuration names is refused`() throws {
        let pieces = try Data(contentsOf: Fixtures.demo.appending(path: "source.spm"))
        let vocabulary = try Vocabulary(["</s>": 0, "<unk>": 1])
        for (specials, id) in [
            (Tokenizer.SpecialTokens(endOfSentence: 9, unknown: 1, padding: 0), 9),
            (.init(endOfSentence: 0, unknown: 8, padding: 0), 8),
        ] {
            let error = try #require(throws: TextError.self) {
                try Tokenizer(
                    sourcePieces: pieces, targetPieces: pieces, sourceVocabulary: vocabulary,
                    targetVocabulary: vocabulary, specials: specials)
            }
            #expect(error.code == .inconsistentVocabulary)
            #expect(error.message.contains("vocab.json: no token has the id \(id)"))
        }
    }
}
