import Foundation
import ModelFormats
import TestKit
import Testing
import Text

/// What transformers and tokenizers say is in Tests/Goldens/tokenizers, made by make_tokenizers.py; with `--compare` it
/// runs these tests on more lines.
@Suite struct HubTokenizerTests {
    private static let size = 100_000

    @Test(arguments: HubFixtures.kinds)
    func `ids and texts are the reference's`(kind: String) throws {
        let tokenizer = try Self.tokenizer(HubFixtures.recipe(kind))
        let expected = try HubFixtures.expected(kind)
        let lines = try HubFixtures.lines()
        try #require(lines.count == expected.count)
        var differences: [String] = []
        for (index, line) in lines.enumerated() where expected[index] != "tie" {
            let found = try Self.described(tokenizer, line)
            if HubFixtures.digest(found) == expected[index] { continue }
            let wanted = try HubFixtures.details(kind)?[index] ?? ""
            differences.append("line \(index) \(line.debugDescription): \(found.debugDescription); \(wanted)")
        }
        #expect(differences.isEmpty, "\(differences.count) of \(lines.count): \(differences.prefix(5))")
    }

    @Test(arguments: HubFixtures.kinds)
    func `a packed tokenizer is the same`(kind: String) throws {
        let recipe = try HubFixtures.recipe(kind)
        let folder = try TemporaryFolder()
        var writer = SafeTensorsWriter()
        writer.tensors = try PackedTokenizer(recipe).tensors
        let path = folder.file("packed").path
        let packed = try withExtendedLifetime(folder) {
            try writer.write(to: path)
            return try PackedTokenizer(SafeTensorsFile(path: path))
        }
        func table(_ tokens: PackedTokenizer.Tokens) throws -> TokenTable {
            try #require(
                TokenTable(
                    bytes: tokens.bytes, ends: tokens.ends, ids: tokens.ids, slots: tokens.slots, size: Self.size))
        }
        let read = try #require(
            try packed.recipe(source: table(packed.source), target: packed.target.map(table), file: "packed"))
        #expect(read.plan == recipe.plan)
        let (one, other) = (try Self.tokenizer(recipe), try Self.tokenizer(read))
        for line in try HubFixtures.lines().prefix(100) {
            #expect(try Self.described(one, line) == Self.described(other, line))
        }
    }

    /// What takes quadratic time takes hours here.
    @Test(.timeLimit(.minutes(30)), arguments: HubFixtures.kinds)
    func `a long text without spaces takes no more than its length`(kind: String) throws {
        let tokenizer = try Self.tokenizer(HubFixtures.recipe(kind))
        for unit in ["a", "the", "e\u{301}", "日本", "\u{301}"] {
            let text = String(repeating: unit, count: 20_000 / unit.utf8.count)
            #expect(try tokenizer.count(text) == tokenizer.encode(text).count)
        }
    }

    @Test(arguments: HubFixtures.kinds)
    func `no text becomes a special token`(kind: String) throws {
        let recipe = try HubFixtures.recipe(kind)
        let tokenizer = try Self.tokenizer(recipe)
        let unknowns = Set(["<unk>", "[UNK]", "__unk__"].compactMap(tokenizer.sourceID))
        let specials = Set(recipe.plan.specials).subtracting(unknowns)
        #expect(!specials.isEmpty || kind == "file-steps")
        for id in specials {
            let name = try #require(tokenizer.sourceToken(id))
            for text in [name, "a \(name)b", "\(name)\(name)"] {
                #expect(try specials.isDisjoint(with: tokenizer.encode(text)), "\(text)")
            }
        }
    }

    @Test(arguments: HubFixtures.kinds)
    func `damaged files give a tokenizer or an error`(kind: String) throws {
        let folder = try HubFixtures.folder(kind)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        let lines = ["The cat's ▁ 12 é <tag>", "日本語"]
        var damage = Damage(generator: SeededRandom(seed: UInt64(kind.utf8.count)))
        for name in files {
            let original = try folder.read(name)
            for _ in 0..<HubFixtures.mutations {
                try folder.write(name, damage.applied(to: original, before: original.count))
                do throws(ModelError) {
                    guard let recipe = try HubTokenizer.read(folder.url, size: Self.size),
                        let tokenizer = try? Self.tokenizer(recipe)
                    else { continue }
                    for line in lines {
                        guard let ids = try? tokenizer.encode(line) else { continue }
                        _ = try? tokenizer.decode(ids)
                    }
                } catch {
                    #expect(!error.message.isEmpty)
                }
            }
            try folder.write(name, original)
        }
    }

    private static func tokenizer(_ recipe: TokenizerRecipe) throws -> Tokenizer {
        try Tokenizer(
            recipe, specials: .init(endOfSentence: 0, unknown: 0, padding: 0), size: size, name: "the test's folder")
    }

    private static func described(_ tokenizer: Tokenizer, _ line: String) throws -> String {
        let ids = try tokenizer.encode(line)
        let end = tokenizer.targetID(of: "</s>") ?? 0
        return ids.map(String.init).joined(separator: " ") + "\n" + (try tokenizer.decode(ids + [end])) + "\n"
            + (try tokenizer.decode(ids.reversed()))
    }
}
