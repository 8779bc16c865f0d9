import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// Folders of CTranslate2: what is read of them, and what is said of wrong ones. What the models compute is compared with
/// CTranslate2 in `InferenceTests`.
@Suite struct CTranslate2Tests {
    static func golden(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/ctranslate2/\(name)")
    }

    private static let names: [(TensorName, [Int])] = [
        (.embedding(.encoder), [71, 20]), (.embedding(.decoder), [71, 20]), (.output(.weight), [71, 20]),
        (.attention(.encoder, layer: 1, .selfAttention, .value, .weight), [20, 20]),
        (.attention(.decoder, layer: 0, .crossAttention, .key, .bias), [20]),
        (.feedForward(.decoder, layer: 1, .up, .weight), [36, 20]),
        (.norm(.decoder, layer: 1, .crossAttention, .bias), [20]),
        (.positions(.encoder), [0, 20]),
    ]

    private func bits(_ folder: URL) throws -> [[UInt32]] {
        let bundle = try ModelBundle.load(folder)
        let configuration = bundle.configuration
        return try Self.names.map { name, shape in
            var shape = shape
            if shape[0] == 71 { shape[0] = configuration.sourceVocabularySize }
            if shape[0] == 0 { shape[0] = configuration.encoder.maximumLength }
            return try bundle.weights.tensor(name, shape: shape).float32Bits
        }
    }

    private func folder(
        _ name: String = "marian-shared/int8", _ change: (inout CTranslate2Builder) -> Void
    ) throws -> TemporaryFolder {
        let folder = try TemporaryFolder(copying: Self.golden(name))
        var builder = CTranslate2Builder(try folder.read("model.bin"))
        change(&builder)
        try folder.write("model.bin", builder.bytes)
        return folder
    }

    private func error(
        _ name: String = "marian-shared/int8", _ change: (inout CTranslate2Builder) -> Void
    ) throws -> ModelError? {
        let folder = try folder(name, change)
        return #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
    }

    @Test func `a folder says what it is`() throws {
        let bundle = try ModelBundle.load(Self.golden("marian-shared/int8_float16"))
        #expect(bundle.configuration.family == "ctranslate2")
        #expect(bundle.configuration.startsFromZero)
        #expect(bundle.configuration.sharesEmbeddings && bundle.configuration.tiesOutput)
        #expect(bundle.storedPrecision == "int8, float16")
        #expect(!bundle.tokenizer.hasPieces)
        #expect(bundle.defaults.beamSize == 2)
        let opennmt = try ModelBundle.load(Self.golden("opennmt/float32")).configuration
        #expect(opennmt.specials.unknown == 43)
        #expect(opennmt.specials.targetUnknown == 37)
        #expect(!opennmt.sharesEmbeddings && !opennmt.tiesOutput && !opennmt.startsFromZero)
    }

    @Test(arguments: 2...5, ["float32", "int16", "int8_float32"])
    func `files of earlier versions are the same model`(_ version: Int, _ format: String) throws {
        let name = "marian-shared/\(format)"
        let old = try folder(name) { builder in
            builder.version = UInt32(version)
            // What version 6 has in config.json.
            builder.add("unk_token", text: "<unk>")
            builder.add("bos_token", text: "<s>")
            builder.add("eos_token", text: "</s>")
            builder.add("with_source_eos", flag: 1)
            builder.add("with_target_bos", flag: 0)
            if version <= 4 {
                // Revision 4 had options for both sides in one.
                builder.revision = 4
                for option in ["num_heads", "pre_norm", "activation"] {
                    guard var variable = builder["decoder/\(option)"] else { continue }
                    variable.name = option
                    for side in ["encoder", "decoder"] { builder["\(side)/\(option)"] = nil }
                    builder[option] = variable
                }
            }
        }
        try old.remove("config.json")
        #expect(try bits(old.url) == bits(Self.golden(name)))
        let configuration = try ModelBundle.load(old.url).configuration
        let end = Framing.Slot.token(configuration.specials.endOfSentence)
        #expect(configuration.framing == Framing(sourceSuffix: [end], decoderStart: end))
    }

    @Test func `int16 without a scale has a thousand levels to 1, as it had before there were scales`() throws {
        let name = "decoder/layer_0/ffn/linear_0/weight"
        let folder = try folder("marian-shared/int16") { $0["\(name)_scale"] = nil }
        let levels = try #require(CTranslate2Builder(try folder.read("model.bin"))[name]).data
        let tensor = try ModelBundle.load(folder.url).weights.tensor(
            .feedForward(.decoder, layer: 0, .up, .weight), shape: [36, 20])
        for index in 0..<tensor.elementCount {
            let level = Int16(bitPattern: UInt16(levels[2 * index]) | UInt16(levels[2 * index + 1]) << 8)
            #expect(tensor.value(at: index) == Float(level) * (1 / Float(1000)))
        }
    }

    @Test func `levels of int8 stay what they are`() throws {
        let folder = Self.golden("marian-shared/int8")
        let builder = CTranslate2Builder([UInt8](try Data(contentsOf: folder.appendingPathComponent("model.bin"))))
        let levels = try #require(builder["encoder/layer_0/self_attention/linear_0/weight"]).data
        let tensor = try ModelBundle.load(folder).weights.tensor(
            .attention(.encoder, layer: 0, .selfAttention, .key, .weight), shape: [20, 20])
        #expect(tensor.elementType == .int8)
        #expect(Array(tensor.bytes) == Array(levels[400..<800]))
    }

    @Test func `vocabularies may be text, with or without carriage returns`() throws {
        let json = Self.golden("opennmt/int8")
        let expected = try #require(try ModelBundle.load(json).tokenizer.files)
        for (end, extra) in [("\n", ""), ("\r\n", ""), ("\n", "\r")] {
            let folder = try TemporaryFolder(copying: json)
            for side in ["source", "target"] {
                let file = "\(side)_vocabulary.json"
                let tokens = try JSONDecoder().decode([String].self, from: Data(try folder.read(file)))
                try folder.remove(file)
                let lines = tokens.enumerated().map { $0.offset == 7 ? $0.element + extra : $0.element }
                try folder.write("\(side)_vocabulary.txt", lines.map { $0 + end }.joined())
            }
            let files = try #require(try ModelBundle.load(folder.url).tokenizer.files)
            #expect(files.sourceVocabulary.count == expected.sourceVocabulary.count)
            for (found, expected) in zip(files.targetVocabulary, expected.targetVocabulary) {
                #expect(
                    found.piece.utf8.elementsEqual((expected.id == 7 ? expected.piece + extra : expected.piece).utf8))
                #expect(found.id == expected.id)
            }
        }
    }

    @Test(arguments: [
        "__en__ __fr__ __de__ __es__ __it__ __pt__ __nl__ __pl__ __ru__ __zh__ __ceb__",
        "en_XX fr_XX de_DE es_XX it_IT pt_XX nl_XX pl_PL ru_RU zh_CN ja_XX",
        "eng_Latn fra_Latn deu_Latn spa_Latn ita_Latn por_Latn nld_Latn pol_Latn rus_Cyrl zho_Hans jpn_Jpan",
    ])
    func `a model that names languages frames texts, and takes tokens with all that surrounds them`(
        _ list: String
    ) throws {
        let folder = try TemporaryFolder(copying: Self.golden("marian-shared/int8"))
        var tokens = try JSONDecoder().decode([String].self, from: Data(try folder.read("shared_vocabulary.json")))
        let codes = list.split(separator: " ").map(String.init)
        tokens.replaceSubrange(20..<20 + codes.count, with: codes)
        try folder.write("shared_vocabulary.json", JSONEncoder().encode(tokens))
        let given = try ModelBundle.load(folder.url)
        #expect(given.configuration.framing.slots == [given.configuration.framing.decoderStart])
        #expect(given.languages == ModelLanguages())
        #expect(!given.tokenizer.hasPieces)

        for name in ["source.spm", "target.spm"] { try folder.write(name, "") }
        let cut = try ModelBundle.load(folder.url)
        #expect(cut.configuration.framing.sourcePrefix == [.sourceLanguage])
        #expect(cut.configuration.framing.sourceSuffix == [.token(cut.configuration.specials.endOfSentence)])
        #expect(cut.configuration.framing.forcedFirst == .targetLanguage)
        #expect(cut.languages.target.map(\.token) == Array(20..<20 + codes.count))
        #expect(cut.tokenizer.hasPieces)
    }

    @Test func `a decoder that starts with a language needs one where only tokens are taken, too`() throws {
        let folder = try TemporaryFolder(copying: Self.golden("marian-shared/int8"))
        let settings = String(decoding: try folder.read("config.json"), as: UTF8.self)
        let other = settings.replacingOccurrences(
            of: #""decoder_start_token": "</s>""#, with: #""decoder_start_token": null"#)
        try #require(other != settings)
        try folder.write("config.json", other)
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        #expect(error?.message.contains("no tokens name languages") == true)

        var tokens = try JSONDecoder().decode([String].self, from: Data(try folder.read("shared_vocabulary.json")))
        let codes = ["en_XX", "fr_XX", "de_DE", "es_XX", "it_IT", "nl_XX", "ru_RU", "zh_CN", "ja_XX", "ro_RO"]
        tokens.replaceSubrange(20..<30, with: codes)
        try folder.write("shared_vocabulary.json", JSONEncoder().encode(tokens))
        let bundle = try ModelBundle.load(folder.url)
        #expect(bundle.configuration.framing.slots == [.targetLanguage])
        #expect(bundle.languages.target.map(\.tag) == ["en", "fr", "de", "es", "it", "nl", "ru", "zh", "ja", "ro"])
    }

    // MARK: What is refused

    private static let integers = CTranslate2Builder.Variable(
        name: "decoder/layer_0/ffn/linear_1/bias", shape: [20], format: 3, data: Array(repeating: 0, count: 80))

    static let refused: [(change: @Sendable (inout CTranslate2Builder) -> Void, code: ModelError.Code, words: String)] =
        [
            ({ $0.version = 7 }, .unsupported, "later"),
            ({ $0.version = 0 }, .unsupported, "convert"),
            ({ $0.revision = 8 }, .unsupported, "later"),
            ({ $0.specification = "TransformerDecoderSpec" }, .unsupported, "only a decoder"),
            ({ $0.specification = "TransformerEncoderSpec" }, .unsupported, "only an encoder"),
            ({ $0.specification = "WhisperSpec" }, .unsupported, "Whisper"),
            ({ $0.specification = "Wav2Vec2Spec" }, .unsupported, "Wav2Vec2"),
            ({ $0.specification = "OtherSpec" }, .unsupported, "OtherSpec"),
            (
                {
                    $0.variables = []; $0.aliases = []
                }, .unsupported, "no variables"
            ),
            (
                {
                    $0.add("encoder/activation", flag: 5); $0.add("decoder/activation", flag: 5)
                }, .unsupported, "activation"
            ),
            ({ $0.add("encoder/activation", flag: 0) }, .unsupported, "activation"),
            ({ $0.add("decoder/pre_norm", flag: 1) }, .unsupported, "pre_norm"),
            ({ $0.add("decoder/alibi", flag: 1) }, .unsupported, "ALiBi"),
            ({ $0.add("encoder/num_heads", flag: 0) }, .invalidValue, "1 to"),
            ({ $0.add("encoder/num_heads", flag: 7) }, .wrongShape, "7 heads"),
            ({ $0.add("encoder/layer_0/self_attention/num_heads_kv", flag: 3) }, .invalidValue, "num_heads_kv"),
            ({ $0.add("encoder/layer_1/self_attention/rotary_dim", flag: 0) }, .unsupported, "RoPE"),
            (
                { $0.add("decoder/layer_0/self_attention/relative_position_keys", [2], [1, 2]) }, .unsupported,
                "1803.02155"
            ),
            (
                { $0.add("decoder/layer_0/attention/q_norm/gamma", [2], [1, 2]) }, .unsupported,
                "queries are normalised"
            ),
            ({ $0.add("decoder/layer_0/shared_layer_norm/gamma", [2], [1, 2]) }, .unsupported, "side by side"),
            ({ $0.add("encoder/embeddings_1/weight", [2, 1], [1, 2]) }, .unsupported, "features"),
            ({ $0.add("decoder/project_in/weight", [2, 1], [1, 2]) }, .unsupported, "width"),
            ({ $0.add("encoder/layer_0/self_attention/queries_scale", [], [0.3]) }, .unsupported, "0.3"),
            ({ $0.add("decoder/layer_0/ffn/other", [1], [1]) }, .unknownTensor, "no place"),
            ({ $0["decoder/layer_0/ffn/linear_1/weight"] = nil }, .missingTensor, "[20, 36]"),
            ({ $0["decoder/layer_0/ffn/linear_1/weight_scale"] = nil }, .missingTensor, "[20]"),
            ({ $0["decoder/layer_0/ffn/linear_1/weight_scale"]?.shape = [4, 5] }, .wrongShape, "[4, 5]"),
            ({ $0["decoder/layer_0/ffn/linear_1/weight"]?.shape = [36, 20] }, .wrongShape, "[36, 20]"),
            ({ $0["decoder/layer_0/attention/linear_1/weight"]?.shape = [20, 40] }, .wrongShape, "[20, 40]"),
            ({ $0["decoder/layer_0/ffn/linear_1/bias"] = integers }, .unsupported, "int32"),
            ({ $0.add("encoder/scale_embeddings", [2], [1, 1]) }, .wrongShape, "one number"),
            ({ $0.aliases.append(("decoder/x", "decoder/nothing")) }, .malformedFile, "nothing"),
            ({ $0.variables.append($0.variables[3]) }, .malformedFile, "twice"),
            ({ $0.variables[3].data.removeLast() }, .malformedFile, "size"),
        ]

    @Test(arguments: refused.indices)
    func `a file that cannot be used is refused, with what, where and why`(_ index: Int) throws {
        let (change, code, words) = Self.refused[index]
        let folder = try folder(change: change)
        let error = #expect(throws: ModelError.self) { () throws in
            let bundle = try ModelBundle.load(folder.url)
            // Scales are looked at with their levels.
            _ = try bundle.weights.tensor(.feedForward(.decoder, layer: 0, .down, .weight), shape: [20, 36])
        }
        #expect(error?.code == code, "\(error?.message ?? "")")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.file.hasSuffix("model.bin") == true)
    }

    private func folder(change: (inout CTranslate2Builder) -> Void) throws -> TemporaryFolder {
        try folder("marian-shared/int8", change)
    }

    @Test func `numbers that there cannot be are found`() throws {
        let name = TensorName.feedForward(.decoder, layer: 0, .down, .weight)
        func error(_ change: (inout CTranslate2Builder) -> Void) throws -> ModelError? {
            let folder = try folder(change: change)
            let bundle = try ModelBundle.load(folder.url)
            return #expect(throws: ModelError.self) { try bundle.weights.tensor(name, shape: [20, 36]) }
        }
        let scale = "decoder/layer_0/ffn/linear_1/weight_scale"
        for value: Float in [0, -1, .nan, .infinity, .leastNonzeroMagnitude] {
            #expect(try error { $0.add(scale, [20], [value] + Array(repeating: 100, count: 19)) }?.tensor == scale)
        }
        let level = try error { $0["decoder/layer_0/ffn/linear_1/weight"]?.data[5] = 0x80 }
        #expect(level?.code == .malformedFile)
        let values = try folder("marian-shared/float32") {
            $0.add("decoder/layer_0/ffn/linear_1/weight", [20, 36], Array(repeating: .nan, count: 720))
        }
        let bundle = try ModelBundle.load(values.url)
        let found = #expect(throws: ModelError.self) { try bundle.weights.tensor(name, shape: [20, 36]) }
        #expect(found?.code == .nonFiniteTensor)
    }

    @Test func `a folder that lacks a file, or has the wrong one, is told which`() throws {
        func error(_ name: String, _ change: (TemporaryFolder) throws -> Void) throws -> ModelError? {
            let folder = try TemporaryFolder(copying: Self.golden(name))
            try change(folder)
            return #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        }
        let shared = "marian-shared/int8", apart = "opennmt/int8"
        for (name, file) in [
            (shared, "config.json"), (apart, "source_vocabulary.json"), (apart, "target_vocabulary.json"),
        ] {
            let missing = try error(name) { try $0.remove(file) }
            #expect(missing?.code == .missingFile)
            #expect(missing?.file.hasSuffix(file) == true)
        }
        #expect(try error(shared) { try $0.remove("shared_vocabulary.json") }?.code == .missingFile)
        let tokens = try error(shared) { try $0.write("shared_vocabulary.json", "[\"<unk>\", \"a\"]") }
        #expect(tokens?.code == .contradiction)
        #expect(tokens?.message.contains("</s>") == true)
        let long = try error(shared) {
            let tokens = (0..<80).map { "\"t\($0)\"" }.joined(separator: ",")
            try $0.write("shared_vocabulary.json", "[\(tokens)]")
        }
        #expect(long?.code == .contradiction)
        #expect(try error(shared) { try $0.write("shared_vocabulary.json", "[1]") }?.code == .malformedFile)
        let bytes = try error(apart) {
            try $0.remove("source_vocabulary.json")
            try $0.write("source_vocabulary.txt", [0x61, 0x0A, 0xFF, 0x0A])
        }
        #expect(bytes?.message.contains("line 2") == true)
        let awq = try error(shared) {
            let text = String(decoding: try $0.read("config.json"), as: UTF8.self)
            try $0.write("config.json", "{\"quantization_type\": 1," + text.dropFirst())
        }
        #expect(awq?.message.contains("AWQ") == true)
        let start = try error(shared) {
            let text = String(decoding: try $0.read("config.json"), as: UTF8.self)
            try $0.write(
                "config.json",
                text.replacing("\"decoder_start_token\": \"</s>\"", with: "\"decoder_start_token\": \"<x>\""))
        }
        #expect(start?.message.contains("<x>") == true)
        let half = try error(shared) { try $0.write("source.spm", "") }
        #expect(half?.code == .missingFile)
        #expect(half?.file.hasSuffix("target.spm") == true)
    }

    // MARK: Damage

    @Test func `a file cut anywhere is refused`() throws {
        let folder = try TemporaryFolder(copying: Self.golden("marian-shared/int8"))
        let original = try folder.read("model.bin")
        var counts = Array(0..<2500)
        counts += stride(from: 2500, to: original.count, by: 61)
        counts += original.count - 200..<original.count
        for count in counts {
            try folder.write("model.bin", original.prefix(count))
            let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
            #expect(error?.code == .malformedFile, "\(count) bytes: \(error?.message ?? "")")
        }
        try folder.write("model.bin", original + [0])
        #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
    }

    @Test(arguments: ["model.bin", "config.json", "shared_vocabulary.json"])
    func `random damage gives a model or an error`(_ name: String) throws {
        let folder = try TemporaryFolder(copying: Self.golden("marian-shared/int8"))
        let original = try folder.read(name)
        var damage = Damage(generator: SeededRandom(seed: UInt64(name.utf8.count) << 32 | 11))
        var (models, errors) = (0, 0)
        for _ in 0..<Fixtures.mutations / 3 {
            try folder.write(name, damage.applied(to: original, before: original.count))
            do {
                let bundle = try ModelBundle.load(folder.url)
                let size = bundle.configuration.targetVocabularySize
                _ = try? bundle.weights.tensor(.embedding(.decoder), shape: [size, bundle.configuration.width])
                models += 1
            } catch {
                #expect(!error.message.isEmpty)
                errors += 1
            }
        }
        #expect(models > 0, "some damage must be harmless, or the test does not damage what it should")
        #expect(errors > 0)
    }
}
