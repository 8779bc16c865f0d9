import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

@Suite struct MarianReaderTests {
    private func error(_ change: (TemporaryFolder) throws -> Void, of name: String = "attention") throws -> ModelError?
    {
        let folder = try TemporaryFolder(copying: Fixtures.marian(name))
        try folder.remove("cases.json")
        try change(folder)
        return #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
    }

    private func error(changing old: String, to new: String) throws -> ModelError? {
        try error { folder in
            var archive = MarianArchive(try folder.read("model.npz"))
            archive.replace(old, new)
            try folder.write("model.npz", archive.bytes)
        }
    }

    @Test func `a folder's options, weights and vocabulary make a model`() throws {
        let bundle = try ModelBundle.load(Fixtures.marian("attention"))
        let configuration = bundle.configuration
        #expect(configuration.family == "marian-nmt")
        #expect(configuration.width == 24)
        #expect(configuration.encoder.heads == 3)
        #expect(configuration.decoder.feedForwardWidth == 40)
        #expect(configuration.normalization.placement == .after)
        #expect(!configuration.normalization.final)
        #expect(!configuration.normalization.embeddings)
        #expect(configuration.activation == .relu)
        #expect(configuration.embeddingScale == Float(24).squareRoot())
        #expect(configuration.sharesEmbeddings && configuration.tiesOutput)
        #expect(configuration.specials.endOfSentence == 0 && configuration.specials.unknown == 1)
        #expect(configuration.startsFromZero)
        #expect(bundle.defaults.finishedKeepPlaces)
        #expect(bundle.defaults.beamSize == 1)
        #expect(bundle.storedPrecision == "float32")
        let files = try #require(bundle.tokenizer.files)
        #expect(files.sourceVocabulary.count == 120)
        #expect(files.sourceVocabulary[0].piece == "</s>")
    }

    @Test func `the decoder's options are the defaults of the search`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.marian("ssru"))
        try folder.write(
            "decoder.yml",
            "relative-paths: true\nmodels:\n  - ./model.npz\nvocabs:\n  - vocab.spm\n  - vocab.spm\n"
                + "beam-size: 6\nnormalize: 0.6   # to the length\nallow-unk: true\nword-penalty: 0\nquiet: false\n")
        let defaults = try ModelBundle.load(folder.url).defaults
        #expect(defaults.beamSize == 6)
        #expect(defaults.lengthPenalty == 0.6)
        #expect(defaults.maximumLengthFactor == 3)
        try folder.write("decoder.yml", "models: [model.npz]\nvocabs: [vocab.spm]\nmax-length-factor: 1.5\n")
        #expect(try ModelBundle.load(folder.url).defaults.maximumLengthFactor == 1.5)
        try folder.write("decoder.yml", "models: [model.npz]\nvocabs: [vocab.spm]\nmax-length-factor: 0\n")
        #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        try folder.write("decoder.yml", "models: [model.npz]\nvocabs: ['vocab.spm', \"vocab.spm\"]\n")
        #expect(try ModelBundle.load(folder.url).defaults.beamSize == 12)
        try folder.write("decoder.yml", "models:\n- model.npz\n- other.npz\n")
        let several = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        #expect(several?.code == .unsupported)
        try folder.write("decoder.yml", "models:\n  - absent.npz\n")
        let absent = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        #expect(absent?.code == .missingFile)
        try folder.write("decoder.yml", "models:\n  a: b\n")
        #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
    }

    @Test func `a vocabulary may be a list of tokens, in YAML or JSON`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.marian("attention"))
        try folder.remove("vocab.spm")
        try folder.remove("cases.json")
        try folder.write(
            "joint.vocab.yml", "</s>: 0\n\"<unk>\": 1\n'it''s': 2\n\"\\u2581a\\\"\": 3\n::: 4\ne\u{301}: 6\né: 5\n")
        let bundle = try ModelBundle.load(folder.url)
        let files = try #require(bundle.tokenizer.files)
        let expected = ["</s>", "<unk>", "it's", "▁a\"", "::", "é", "e\u{301}"]
        #expect(files.sourceVocabulary == expected.enumerated().map { .init(piece: $1, id: $0) })
        #expect(!bundle.tokenizer.hasPieces)
        try folder.remove("joint.vocab.yml")
        try folder.write("vocab.json", "{\"</s>\": 0, \"<unk>\": 1, \"a\": 2}")
        #expect(try ModelBundle.load(folder.url).tokenizer.files?.targetVocabulary.count == 3)
        for wrong in ["</s>: 0\n<unk>: 1\na: 120\n", "</s>: 0\n<unk>: 0\n", "a: 0\n", "</s>: 0\nb\n", ""] {
            try folder.write("vocab.yml", wrong)
            try? folder.remove("vocab.json")
            #expect(throws: ModelError.self, "\(wrong)") { try ModelBundle.load(folder.url) }
        }
    }

    @Test func `what Marian can train and the engine cannot run is refused by its name`() throws {
        let changes = [
            ("type: transformer\n", "type: s2s\n", "\"s2s\""),
            ("transformer-ffn-activation: relu\n", "transformer-ffn-activation: gelu\n", "\"gelu\""),
            ("lemma-dim-emb: 0\n", "lemma-dim-emb: 8\n", "8"),
            ("right-left: false\n", "right-left: true\n", "true"),
            ("transformer-no-projection: false\n", "transformer-no-projection: true\n", "true"),
            ("transformer-decoder-autoreg: self-attention\n", "transformer-decoder-autoreg: rnn\n", "\"gru\""),
            ("transformer-decoder-autoreg: self-attention\n", "transformer-decoder-autoreg: average\n", "\"average\""),
            ("transformer-postprocess: dan\n", "transformer-postprocess: hn\n", "\"hn\""),
            ("transformer-ffn-depth: 2\n", "transformer-ffn-depth: 3\n", "3"),
        ]
        for (old, new, found) in changes {
            let error = try error(changing: old, to: new)
            #expect(error?.code == .unsupported, "\(new)")
            #expect(error?.found?.contains(found) == true, "\(new): \(error?.message ?? "")")
        }
    }

    @Test func `options that the weights do not fit name the tensor`() throws {
        let wrong = try error(changing: "transformer-dim-ffn: 40\n", to: "transformer-dim-ffn: 41\n")
        #expect(wrong?.code == .wrongShape)
        #expect(wrong?.tensor == "encoder_l1_ffn_W1")
        #expect(wrong?.expected == "[24, 41]")
        #expect(wrong?.found == "[24, 40]")
        let missing = try error(changing: "enc-depth: 1\n", to: "enc-depth: 2\n")
        #expect(missing?.code == .missingTensor)
        #expect(missing?.tensor == "encoder_l2_self_Wq")
        let unknown = try error(changing: "dec-depth: 2\n", to: "dec-depth: 1\n")
        #expect(unknown?.code == .unknownTensor)
        let heads = try error(changing: "transformer-heads: 3\n", to: "transformer-heads: 5\n")
        #expect(heads?.code == .invalidValue)
    }

    @Test func `what is beside a model, or missing, is named`() throws {
        let packed = try error { folder in
            try folder.write("model.npz.gz", try folder.read("model.npz"))
            try folder.remove("model.npz")
        }
        #expect(packed?.remedy?.contains("gunzip") == true)
        let vocabulary = try error { try $0.remove("vocab.spm") }
        #expect(vocabulary?.code == .missingFile)
        let two = try error { try $0.write("other.npz", try $0.read("model.npz")) }
        #expect(two?.code == .contradiction)
        let pieces = try error { try $0.write("vocab.spm", "not a model") }
        #expect(pieces?.code == .malformedFile)
    }

    @Test func `a shortlist may be text, compressed or not, and is taken only when it is asked for`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.marian("ssru"))
        let pieces = try #require(try ModelBundle.load(folder.url).tokenizer.files).sourceVocabulary.map(\.piece)
        let text = "\(pieces[7]) \(pieces[5]) 0.5\n\(pieces[9]) \(pieces[5]) 0.4\nNULL \(pieces[5]) 0.1\n# # 1\n"
        try folder.write("lex.s2t", text)
        #expect(try ModelBundle.load(folder.url).shortlist == nil)
        let listed = try #require(try ModelBundle.load(folder.url, usesShortlist: true).shortlist)
        let tokens = listed.tokens(for: [5], and: [0])
        #expect(tokens.count >= 100 && tokens.contains(7) && tokens.contains(9))
        try folder.remove("lex.s2t")
        // gzip -n of "a b 0.5\n": three words that the vocabulary does not have.
        try folder.write(
            "lex.s2t.gz",
            [
                0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0x54, 0x48, 0x52, 0x30, 0xD0, 0x33, 0xE5, 0x02, 0x00, 0x66,
                0x7F, 0x3F, 0xB2, 8, 0, 0, 0,
            ] as [UInt8])
        #expect(try ModelBundle.load(folder.url, usesShortlist: true).shortlist != nil)
        var damaged = try folder.read("lex.s2t.gz")
        damaged[12] ^= 1
        try folder.write("lex.s2t.gz", damaged)
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url, usesShortlist: true) }
        #expect(error?.code == .checksumMismatch)
        for wrong in ["a b\n", "a b c\n", ""] {
            try folder.write("lex.s2t.gz", wrong)
            #expect(throws: ModelError.self, "\(wrong)") { try ModelBundle.load(folder.url, usesShortlist: true) }
        }
        try folder.remove("lex.s2t.gz")
        let none = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url, usesShortlist: true) }
        #expect(none?.code == .missingFile)
    }

    @Test func `formats for one library are refused by their number`() throws {
        // The first entry's number format follows its name's length.
        for (code, isKnown) in [(UInt64(0x1801), true), (0x10002, true), (0x777, false)] {
            let error = try error(
                { folder in
                    var bytes = try folder.read("model.enfr.bin")
                    bytes.replaceSubrange(24..<32, with: withUnsafeBytes(of: code.littleEndian, Array.init))
                    try folder.write("model.enfr.bin", bytes)
                }, of: "ssru-tied")
            #expect(error?.code == .unsupported)
            #expect(error?.found == "0x\(String(code, radix: 16))")
            #expect((error?.remedy != nil) == isKnown)
        }
    }
}
