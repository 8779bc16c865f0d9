import Foundation
import Testing
import Text

/// What Hugging Face's tokenizer gives is in Fixtures, made by make_tokenizer_golden.py with the versions it names.
@Suite struct TokenizerGoldenTests {
    struct Entry: Decodable {
        var name: String?
        var text: String
        var pieces: [String]
        var ids: [Int]
        var targetIDs: [Int]?
        var decoded: String

        enum CodingKeys: String, CodingKey {
            case name, text, pieces, ids, decoded
            case targetIDs = "target_ids"
        }
    }

    struct Digests: Decodable {
        var files: [String: Int]
        /// Lines whose best cut is a tie that rounding decides; the script says which and why.
        var ties: [String: [Int]]
        var blocks: [String]
    }

    @Test(arguments: ["awkward.jsonl", "samples.jsonl"])
    func `the demo model's tokens are those of Hugging Face's tokenizer`(file: String) throws {
        let tokenizer = try Fixtures.demoTokenizer()
        let entries = try Fixtures.json(Entry.self, lines: file)
        #expect(entries.count > 50)
        for entry in entries where !Self.hasUnknownPrefix(entry.text, tokenizer.sourceID) {
            let comment = Comment(rawValue: entry.name ?? entry.text)
            #expect(try tokenizer.pieces(of: entry.text).map(\.bytes) == entry.pieces.map(\.bytes), comment)
            #expect(try tokenizer.encode(entry.text) == entry.ids, comment)
            #expect(try tokenizer.count(entry.text) == entry.ids.count, comment)
            #expect(try tokenizer.decode(entry.ids).bytes == entry.decoded.bytes, comment)
        }
    }

    @Test(arguments: [">>> see << 2", ">>fra<< Hello", ">><<"])
    func `a prefix that the vocabulary does not have is text, none of which is lost`(text: String) throws {
        let tokenizer = try Fixtures.demoTokenizer()
        #expect(Self.hasUnknownPrefix(text, tokenizer.sourceID))
        let pieces = try tokenizer.pieces(of: text).joined()
        #expect(pieces.replacing("▁", with: " ") == " " + text)
        #expect(try tokenizer.count(text) == tokenizer.encode(text).count)
    }

    /// Here Dragoman goes its own way: see `Tokenizer`.
    private static func hasUnknownPrefix(_ text: String, _ id: (String) -> Int?) -> Bool {
        guard let (token, _) = LanguagePrefix.split(text[...]) else { return false }
        return id(String(token)) == nil
    }

    @Test func `two sides with vocabularies of their own agree with Hugging Face's tokenizer`() throws {
        let tokenizer = try SeparateModel.tokenizer()
        for entry in try Fixtures.json(Entry.self, lines: "separate.jsonl") {
            let comment = Comment(rawValue: entry.name ?? entry.text)
            if !Self.hasUnknownPrefix(entry.text, tokenizer.sourceID) {
                #expect(try tokenizer.pieces(of: entry.text).map(\.bytes) == entry.pieces.map(\.bytes), comment)
                #expect(try tokenizer.encode(entry.text) == entry.ids, comment)
            }
            if Self.hasUnknownPrefix(entry.text, tokenizer.targetID) { continue }
            let target = try #require(entry.targetIDs)
            #expect(try tokenizer.encodeTarget(entry.text) == target, comment)
            #expect(try tokenizer.decode(target).bytes == entry.decoded.bytes, comment)
        }
    }

    @Test(.enabled(if: Fixtures.hasTestsets, "the test sets do not lie in ../shared/testsets"))
    func `ten thousand pairs of lines have the ids of Hugging Face's tokenizer`() throws {
        let file = Fixtures.folder.appending(path: "testsets-digest.json")
        let digests = try JSONDecoder().decode(Digests.self, from: Data(contentsOf: file))
        var pairs: [(String, String)] = []
        for name in ["tatoeba-v2021-08-07", "ntrex", "tico19"] {
            let english = try Fixtures.lines(Fixtures.testsets.appending(path: "\(name).en"))
            let french = try Fixtures.lines(Fixtures.testsets.appending(path: "\(name).fr"))
            let ties = digests.ties[name] ?? []
            let both = try zip(english, french).prefix(#require(digests.files[name])).enumerated()
            pairs += both.filter { !ties.contains($0.offset) }.map(\.element)
        }
        #expect(pairs.count == 10_000)
        let tokenizer = try Fixtures.demoTokenizer()
        for (index, expected) in digests.blocks.enumerated() {
            var text = ""
            for (english, french) in pairs[(index * 100)..<(index * 100 + 100)] {
                let target = try tokenizer.encodeTarget(french)
                let source = try tokenizer.encode(english).map(String.init).joined(separator: " ")
                text += source + "\t" + target.map(String.init).joined(separator: " ")
                text += "\t" + (try tokenizer.decode(target)) + "\n"
            }
            #expect(Self.digest(text) == expected, "lines \(index * 100) ..< \(index * 100 + 100)")
        }
    }

    /// FNV-1a, 64 bits, over UTF-8.
    private static func digest(_ text: String) -> String {
        let value = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
