import Testing
import Text

@Suite struct VocabularyTests {
    @Test func `tokens and ids find each other`() throws {
        let vocabulary = try Vocabulary(["</s>": 0, "<unk>": 1, "▁a": 7])
        #expect(vocabulary.id(of: "▁a") == 7)
        #expect(vocabulary.token(of: 7) == "▁a")
        #expect(vocabulary.id(of: "a") == nil)
        #expect(vocabulary.token(of: 2) == nil)
        #expect(vocabulary.count == 3)
    }

    @Test func `canonically equal tokens are different tokens`() throws {
        let vocabulary = try Vocabulary([(key: "\u{E9}", value: 0), (key: "e\u{301}", value: 1)])
        #expect(vocabulary.id(of: "\u{E9}") == 0)
        #expect(vocabulary.id(of: "e\u{301}") == 1)
    }

    @Test(arguments: [
        ([(key: "a", value: -1)], "token \"a\" has the negative id -1"),
        ([(key: "a", value: 0), (key: "b", value: 0)], "id 0 belongs to two tokens, \"a\" and \"b\""),
        ([(key: "a", value: 0), (key: "a", value: 1)], "token \"a\" has two ids, 0 and 1"),
    ])
    func `a vocabulary that contradicts itself is refused with its reason`(
        entries: [(key: String, value: Int)], reason: String
    ) throws {
        let error = try #require(throws: TextError.self) { try Vocabulary(entries, name: "v.json") }
        #expect(error.code == .inconsistentVocabulary)
        #expect(error.message.contains("v.json: \(reason)"))
    }
}
