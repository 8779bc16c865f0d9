import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

@Suite struct HuggingFaceMarianTests {
    private struct Golden: Decodable {
        var encoder: [UInt32]
        var decoder: [UInt32]
        var output: [UInt32]
        var bias: [UInt32]
        var cross: [UInt32]
        var down: [UInt32]
        var parameters: Int
    }

    static let folders: [(name: String, shares: Bool, ties: Bool, target: Int, precision: String)] = [
        ("shared-tied", true, true, 11, "float32"),
        // Apart in the file and different: the configuration's word is not the last.
        ("shared-untied", false, false, 11, "float16"),
        ("separate-tied", false, true, 13, "bfloat16"),
        ("separate-untied", false, false, 13, "bfloat16"),
    ]

    @Test(arguments: folders)
    func `a folder has the weights that transformers loads from it`(
        _ folder: (name: String, shares: Bool, ties: Bool, target: Int, precision: String)
    ) throws {
        let url = Fixtures.file(folder.name)
        let bundle = try ModelBundle.load(url)
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: url.appendingPathComponent("golden.json")))

        let weights = bundle.weights
        #expect(try weights.tensor(.embedding(.encoder), shape: [11, 12]).float32Bits == golden.encoder)
        let target = [folder.target, 12]
        #expect(try weights.tensor(.embedding(.decoder), shape: target).float32Bits == golden.decoder)
        #expect(try weights.tensor(.output(.weight), shape: target).float32Bits == golden.output)
        #expect(try weights.tensor(.output(.bias), shape: [folder.target]).float32Bits == golden.bias)
        let cross = TensorName.attention(.decoder, layer: 1, .crossAttention, .key, .weight)
        #expect(try weights.tensor(cross, shape: [12, 12]).float32Bits == golden.cross)
        let down = TensorName.feedForward(.encoder, layer: 0, .down, .weight)
        #expect(try weights.tensor(down, shape: [12, 10]).float32Bits == golden.down)

        #expect(bundle.parameterCount == golden.parameters)
        #expect(bundle.storedPrecision == folder.precision)
        let configuration = bundle.configuration
        #expect(configuration.sharesEmbeddings == folder.shares)
        #expect(configuration.tiesOutput == folder.ties)
        #expect(configuration.biases.output)
        #expect(configuration.targetVocabularySize == folder.target)
    }

    @Test func `the configuration is the folder's`() throws {
        let configuration = try ModelBundle.load(Fixtures.file("separate-untied")).configuration
        let expected = ModelConfiguration(
            family: "marian", sourceVocabularySize: 11, targetVocabularySize: 13, width: 12,
            encoder: .init(
                layers: 1, heads: 3, headWidth: 4, feedForwardWidth: 10, positions: .sinusoidal, maximumLength: 16),
            decoder: .init(
                layers: 2, heads: 2, headWidth: 6, feedForwardWidth: 14, positions: .sinusoidal, maximumLength: 16),
            normalization: .init(kind: .layer, placement: .after, epsilon: 1e-5, embeddings: false, final: false),
            activation: .swish, gatedFeedForward: false, embeddingScale: Float(12).squareRoot(), outputScale: 1,
            sharesEmbeddings: false, tiesOutput: false,
            biases: .init(attention: true, feedForward: true, normalization: true, output: true),
            specials: .init(endOfSentence: 0, unknown: 1, padding: 10),
            framing: Framing(sourcePrefix: [.targetLanguage], sourceSuffix: [.token(0)], decoderStart: .token(10)))
        #expect(configuration == expected)
    }

    @Test func `vocabularies keep pieces apart that String takes for one`() throws {
        let tokenizer = try #require(ModelBundle.load(Fixtures.file("separate-tied")).tokenizer.files)
        #expect(tokenizer.sourceVocabulary.map(\.id) == Array(0..<11))
        #expect(Array(tokenizer.sourceVocabulary[3].piece.utf8) == [0xC3, 0xA9])
        #expect(Array(tokenizer.sourceVocabulary[4].piece.utf8) == [0x65, 0xCC, 0x81])
        #expect(tokenizer.sourceVocabulary[7].piece == "\"\\\n")
        #expect(tokenizer.sourceVocabulary[8].piece == "🐸")
        #expect(tokenizer.sourceVocabulary.last?.piece == "<pad>")
        #expect(tokenizer.targetVocabulary.last == .init(piece: "z", id: 12))
        #expect(tokenizer.sourcePieces == nil)
    }

    @Test func `the demo model is read whole`() throws {
        let bundle = try ModelBundle.load(Fixtures.demoModel)
        #expect(bundle.languages == ModelLanguages(source: "eng", target: "fra"))
        #expect(bundle.storedPrecision == "float16")
        #expect(bundle.storedBytes == 14_657_482)
        let tokenizer = try #require(bundle.tokenizer.files)
        #expect(tokenizer.sourcePieces?.lastPathComponent == "source.spm")
        #expect(tokenizer.targetPieces?.lastPathComponent == "target.spm")
        #expect(tokenizer.sourceVocabulary.count == 8001)
        #expect(tokenizer.sourceVocabulary == tokenizer.targetVocabulary)
        #expect(bundle.configuration.sharesEmbeddings)
        #expect(bundle.configuration.framing.decoderStart == .token(8000))
        #expect(bundle.configuration.encoder.layers == 4)
        #expect(bundle.defaults.beamSize == 4)
        #expect(bundle.defaults.maximumLength == 254)
        #expect(bundle.defaults.suppressed == [[8000]])
        #expect(bundle.defaults.forcedLastToken == 0)
        _ = try bundle.weights.tensor(.embedding(.encoder), shape: [8001, 256])
        #expect((7_300_000..<7_500_000).contains(bundle.parameterCount))
    }

    @Test func `a checkpoint of version 4, which only has the shared table, is read`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-untied"))
        try folder.rewriteWeights { builder in
            builder.remove("model.encoder.embed_tokens.weight")
            builder.remove("model.decoder.embed_tokens.weight")
        }
        let bundle = try ModelBundle.load(folder.url)
        #expect(bundle.configuration.sharesEmbeddings)
        #expect(!bundle.configuration.tiesOutput)
    }

    @Test(arguments: ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"])
    func `a tied table is found under any of its names, and any number of times`(_ name: String) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let shared = "model.shared.weight"
        let before = try ModelBundle.load(folder.url).weights.tensor(.output(.weight), shape: [11, 12]).float32Bits
        try folder.rewriteWeights { builder in
            for tensor in builder.tensors where tensor.name == shared {
                builder.add(name, tensor.dtype, tensor.shape, tensor.data)
            }
        }
        let twice = try ModelBundle.load(folder.url)
        try folder.rewriteWeights { $0.remove(shared) }
        let renamed = try ModelBundle.load(folder.url)
        for bundle in [twice, renamed] {
            #expect(try bundle.weights.tensor(.output(.weight), shape: [11, 12]).float32Bits == before)
            #expect(bundle.configuration.sharesEmbeddings)
        }
        #expect(twice.parameterCount == renamed.parameterCount)
    }

    @Test func `a model without an output bias has none`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("separate-tied"))
        try folder.rewriteWeights { $0.remove("final_logits_bias") }
        let bundle = try ModelBundle.load(folder.url)
        #expect(!bundle.configuration.biases.output)
        #expect(throws: ModelError.self) { try bundle.weights.tensor(.output(.bias), shape: [13]) }
    }

    @Test func `stored position tables are accepted when they are the sines, and not otherwise`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        var table: [Float] = []
        for position in 0..<16 {
            let angles = (0..<6).map { Double(position) / pow(10_000, Double(2 * $0) / 12) }
            table += angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) }
        }
        let name = "model.decoder.embed_positions.weight"
        try folder.rewriteWeights { $0.add(name, [16, 12], table) }
        _ = try ModelBundle.load(folder.url)

        table[100] = .nan
        try folder.rewriteWeights { builder in
            builder.remove(name)
            builder.add(name, [16, 12], table)
        }
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        #expect(error?.code == .unsupported)
        #expect(error?.tensor == name)
        #expect(error?.problem.contains("position 8, column 4") == true)
    }

    @Test(arguments: [
        ("relu", ModelConfiguration.Activation.relu), ("silu", .swish), ("swish", .swish), ("gelu", .gelu),
        ("gelu_new", .geluTanh), ("gelu_pytorch_tanh", .geluTanh),
    ])
    func `an activation is known by transformers' names`(
        _ name: String, _ activation: ModelConfiguration.Activation
    ) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        try folder.set("config.json", "activation_function", "\"\(name)\"")
        #expect(try ModelBundle.load(folder.url).configuration.activation == activation)
    }

    @Test func `absent settings mean what they mean to transformers`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        for key in [
            "activation_function", "scale_embedding", "share_encoder_decoder_embeddings", "tie_word_embeddings",
            "decoder_vocab_size", "is_encoder_decoder",
        ] { try folder.set("config.json", key, nil) }
        try folder.set("config.json", "normalize_embedding", "true")
        let configuration = try ModelBundle.load(folder.url).configuration
        #expect(configuration.activation == .gelu)
        #expect(configuration.embeddingScale == 1)
        #expect(configuration.sharesEmbeddings && configuration.tiesOutput)
        #expect(!configuration.normalization.embeddings)
    }
}
