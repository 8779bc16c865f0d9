import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

/// Whatever a file of Marian's holds, the answer is a model or a `ModelError`.
@Suite struct MarianDamageTests {
    static let files = [
        ("attention", "model.npz"), ("ssru-tied", "model.enfr.bin"), ("ssru-int8", "model.enfr.intgemm.alphas.bin"),
    ]

    private func folder(_ name: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder(copying: Fixtures.marian(name))
        try folder.remove("cases.json")
        return folder
    }

    @Test(arguments: files)
    func `a file cut anywhere is refused`(model: String, name: String) throws {
        let folder = try folder(model)
        let original = try folder.read(name)
        // Everywhere where the file is described, then here and there: the directory of an archive is at its end.
        let described = min(original.count, 3000)
        let counts =
            Array(0..<described) + Array(stride(from: described, to: original.count, by: 499)) + [original.count - 1]
        for count in counts {
            try folder.write(name, original.prefix(count))
            let error = #expect(throws: ModelError.self, "\(count)") { try ModelBundle.load(folder.url) }
            if error?.code == .unsupported { Issue.record("\(count): \(error?.message ?? "")") }
        }
    }

    @Test(arguments: files + [("ssru", "vocab.spm")])
    func `random damage gives a model or an error`(model: String, name: String) throws {
        let folder = try folder(model)
        let original = try folder.read(name)
        var damage = Damage(generator: SeededRandom(seed: UInt64(name.utf8.count) << 8 | 3))
        var (models, errors) = (0, 0)
        for _ in 0..<Fixtures.mutations / 2 {
            let bytes = damage.applied(to: original, before: name.hasSuffix(".npz") ? original.count : 3000)
            try folder.write(name, bytes)
            do {
                let bundle = try ModelBundle.load(folder.url)
                let configuration = bundle.configuration
                let table = [configuration.targetVocabularySize, configuration.width]
                _ = try? bundle.weights.tensor(.embedding(.decoder), shape: table)
                let matrix = [configuration.width, configuration.width]
                _ = try? bundle.weights.tensor(
                    .attention(.encoder, layer: 0, .selfAttention, .query, .weight), shape: matrix)
                models += 1
            } catch {
                #expect(!error.message.isEmpty)
                errors += 1
            }
        }
        #expect(models > 0, "some damage must be harmless, or the test does not damage what it should")
        #expect(errors > 0)
    }

    @Test func `a damaged shortlist gives a model or an error`() throws {
        let folder = try folder("ssru-int8")
        try folder.write(
            "config.yml",
            "models: [model.enfr.intgemm.alphas.bin]\nvocabs: [vocab.enfr.spm]\nshortlist: [lex.enfr.s2t.bin]\n")
        let original = try folder.read("lex.enfr.s2t.bin")
        #expect(try ModelBundle.load(folder.url).shortlist != nil)
        for count in 0..<original.count {
            try folder.write("lex.enfr.s2t.bin", original.prefix(count))
            #expect(throws: ModelError.self, "\(count)") { try ModelBundle.load(folder.url) }
        }
        var damage = Damage(generator: SeededRandom(seed: 29))
        for _ in 0..<Fixtures.mutations / 2 {
            try folder.write("lex.enfr.s2t.bin", damage.applied(to: original, before: original.count))
            let shortlist = try? ModelBundle.load(folder.url).shortlist
            guard let tokens = shortlist?.tokens(for: [0, 5, 119], and: []) else { continue }
            #expect(zip(tokens, tokens.dropFirst()).allSatisfy(<) && tokens.allSatisfy { (0..<120).contains($0) })
        }
    }

    @Test func `options and lists of tokens may hold anything`() throws {
        let folder = try folder("ssru")
        let options = Array("models:\n  - model.npz\nvocabs: [vocab.spm, 'vocab.spm']\nnormalize: 1 # a\n".utf8)
        let list = Array("</s>: 0\n\"<unk>\": 1\n'it''s': 2\n\"\\u2581a\\x41\": 3\na:b: 4\n".utf8)
        var damage = Damage(generator: SeededRandom(seed: 11))
        var errors = 0
        for round in 0..<Fixtures.mutations {
            let isList = round.isMultiple(of: 2)
            try folder.write(
                "decoder.yml", isList ? Array("vocabs: list.yml\n".utf8) : damage.applied(to: options, before: 80))
            try folder.write("list.yml", isList ? damage.applied(to: list, before: 80) : list)
            do { _ = try ModelBundle.load(folder.url) } catch { errors += 1 }
        }
        #expect(errors > 0)
    }
}
