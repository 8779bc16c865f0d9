import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

@Suite struct ModelErrorTests {
    typealias Edit = @Sendable (TemporaryFolder) throws -> Void

    /// What is done to a good folder, and what has to be said about it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: ModelError.Code
        var says: [String]
        var folder = "shared-tied"
        var edit: Edit

        init(
            _ name: String, _ code: ModelError.Code, says: String..., in folder: String = "shared-tied",
            edit: @escaping Edit
        ) {
            self.testDescription = name
            self.code = code
            self.says = says
            self.folder = folder
            self.edit = edit
        }

        static func setting(
            _ key: String, _ value: String?, _ code: ModelError.Code, says: String, in folder: String = "shared-tied"
        ) -> Fault {
            Fault("\(key) = \(value ?? "nothing")", code, says: "config.json", says, in: folder) {
                try $0.set("config.json", key, value)
            }
        }
    }

    @Test(arguments: settings + files + vocabularies + tensors)
    func `a faulty folder is refused with what was wrong and where`(_ fault: Fault) throws {
        let folder = try TemporaryFolder(copying: Fixtures.file(fault.folder))
        try fault.edit(folder)
        let error = #expect(throws: ModelError.self) { try ModelBundle.load(folder.url) }
        #expect(error?.code == fault.code, "\(error?.message ?? "")")
        for words in fault.says { #expect(error?.message.contains(words) == true, "\(error?.message ?? "")") }
    }

    static let settings: [Fault] = [
        .setting("model_type", "\"whisper\"", .unsupported, says: "marian"),
        .setting("model_type", nil, .invalidValue, says: "model_type is not given"),
        .setting("model_type", "7", .invalidValue, says: "a string"),
        .setting("d_model", nil, .invalidValue, says: "d_model is not given"),
        .setting("d_model", "0", .invalidValue, says: "from 1 to"),
        .setting("d_model", "12.5", .invalidValue, says: "found 12.5"),
        .setting("d_model", "1e18", .invalidValue, says: "from 1 to"),
        .setting("d_model", "100000000", .invalidValue, says: "from 1 to"),
        .setting("d_model", "24", .wrongShape, says: "\"").replacingWords("expected [11, 24], found [11, 12]"),
        .setting("encoder_attention_heads", "5", .invalidValue, says: "a divisor of d_model, 12"),
        .setting("decoder_layers", "0", .invalidValue, says: "decoder_layers"),
        .setting("max_position_embeddings", "1000000", .invalidValue, says: "max_position_embeddings"),
        .setting("activation_function", "\"quick_gelu\"", .unsupported, says: "quick_gelu"),
        .setting("scale_embedding", "1", .invalidValue, says: "true or false"),
        .setting("quantization_config", "{}", .unsupported, says: "quantization_config"),
        .setting("is_encoder_decoder", "false", .unsupported, says: "is_encoder_decoder"),
        .setting("per_layer_config", "[1]", .unsupported, says: "per_layer_config"),
        Fault("no special id", .invalidValue, says: "pad_token_id is not given") {
            try $0.set("config.json", "pad_token_id", nil)
            try $0.set("generation_config.json", "pad_token_id", nil)
        },
    ]

    static let files: [Fault] = [
        Fault("no config.json", .missingFile, says: "lacks config.json", "found", "tokenizer_config.json, vocab.json") {
            try $0.remove("config.json")
        },
        Fault("an empty folder", .missingFile, says: "lacks config.json", "found an empty folder") { folder in
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) { try folder.remove(name) }
        },
        Fault("config.json is a list", .malformedFile, says: "JSON object") { try $0.write("config.json", "[]") },
        Fault("config.json is empty", .malformedFile, says: "byte 0") { try $0.write("config.json", "") },
        Fault("config.json is a folder", .unreadableFile, says: "Is a directory") {
            try $0.remove("config.json")
            try FileManager.default.createDirectory(at: $0.file("config.json"), withIntermediateDirectories: false)
        },
        Fault("config.json is huge", .malformedFile, says: "too large") {
            try $0.write("config.json", repeatElement(UInt8(ascii: " "), count: 5 << 20))
        },
        Fault("no weights", .missingFile, says: "lacks model.safetensors", "found config.json") {
            try $0.remove("model.safetensors")
        },
        Fault("a pytorch_model.bin that is none", .malformedFile, says: "pytorch_model.bin", "not a file of torch.save")
        {
            try $0.remove("model.safetensors")
            try $0.write("pytorch_model.bin", "PK")
        },
        Fault("an index without its map", .invalidValue, says: "model.safetensors.index.json", "weight_map") {
            try $0.remove("model.safetensors")
            try $0.write("model.safetensors.index.json", "{}")
        },
        Fault("only one SentencePiece model", .missingFile, says: "target.spm", "source.spm") {
            try $0.write("source.spm", "x")
        },
        Fault("generation_config.json is cut", .malformedFile, says: "generation_config.json") {
            try $0.write("generation_config.json", "{\"num_beams\": ")
        },
    ]

    static let vocabularies: [Fault] = [
        Fault("no vocab.json", .missingFile, says: "lacks vocab.json", "found config.json") {
            try $0.remove("vocab.json")
        },
        Fault("no target_vocab.json", .missingFile, says: "lacks target_vocab.json", in: "separate-tied") {
            try $0.remove("target_vocab.json")
        },
        Fault("an id too large", .invalidValue, says: "0 to 10", "found 11") { try $0.set("vocab.json", "x", "11") },
        Fault("an id below zero", .invalidValue, says: "found -1") { try $0.set("vocab.json", "x", "-1") },
        Fault("an id twice", .invalidValue, says: "share the id 2") { try $0.set("vocab.json", "x", "2") },
        Fault("an id that is text", .malformedFile, says: "digit") { try $0.set("vocab.json", "x", "\"2\"") },
        Fault("a piece twice", .malformedFile, says: "appears twice") {
            try $0.write("vocab.json", #"{"</s>": 0, "<unk>": 1, "a": 2, "\u0061": 3}"#)
        },
        Fault("no unknown token", .contradiction, says: "<unk>") { try $0.set("vocab.json", "<unk>", nil) },
        Fault("no end token", .contradiction, says: "</s>") { try $0.set("vocab.json", "</s>", nil) },
        Fault("another end token", .contradiction, says: "expected 2, found 0") {
            try $0.set("generation_config.json", "eos_token_id", "2")
        },
        Fault("a token of a wrong kind", .invalidValue, says: "unk_token") {
            try $0.set("tokenizer_config.json", "unk_token", "[]")
        },
        Fault("a source id of the target's", .invalidValue, says: "vocab.json", "0 to 10", in: "separate-tied") {
            try $0.set("tokenizer_config.json", "separate_vocabs", "false")
            try $0.set("vocab.json", "x", "12")
        },
    ]

    static let tensors: [Fault] = [
        Fault("a tensor is missing", .missingTensor, says: "model.encoder.layers.0.fc1.bias", "[10]") {
            try $0.rewriteWeights { $0.remove("model.encoder.layers.0.fc1.bias") }
        },
        Fault("no embeddings", .missingTensor, says: "model.shared.weight", "lm_head.weight") {
            try $0.rewriteWeights { $0.remove("model.shared.weight") }
        },
        Fault("a tensor too many", .unknownTensor, says: "model.encoder.layers.1.fc1.bias") {
            try $0.rewriteWeights { $0.add("model.encoder.layers.1.fc1.bias", [1], [0]) }
        },
        Fault("a shared table in a model without", .unknownTensor, says: "model.shared.weight", in: "separate-tied") {
            try $0.rewriteWeights { $0.add("model.shared.weight", [11, 12], Array(repeating: 0, count: 132)) }
        },
        Fault("tied tables that differ", .contradiction, says: "lm_head.weight", "tie_word_embeddings") {
            try $0.rewriteWeights { $0.add("lm_head.weight", [11, 12], Array(repeating: 0, count: 132)) }
        },
        Fault("a bias without its leading 1", .wrongShape, says: "final_logits_bias", "[1, 11]", "[11]") {
            try $0.rewriteWeights { builder in
                builder.remove("final_logits_bias")
                builder.add("final_logits_bias", [11], Array(repeating: 0, count: 11))
            }
        },
        Fault("a quantised tensor", .unsupported, says: "fc1.bias", "found I8") {
            try $0.rewriteWeights { builder in
                builder.remove("model.encoder.layers.0.fc1.bias")
                builder.add("model.encoder.layers.0.fc1.bias", "I8", [10], Array(repeating: 0, count: 10))
            }
        },
        Fault("layers that the configuration does not know", .unknownTensor, says: "layers.1") {
            try $0.set("config.json", "decoder_layers", "1")
        },
    ]

    @Test func `a tensor that holds a NaN is named with the element's place`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let name = "model.encoder.layers.0.fc1.bias"
        try folder.rewriteWeights { builder in
            builder.remove(name)
            builder.add(name, [10], [0, 1, 2, 3, 4, 5, 6, .nan, 8, 9])
        }
        let bundle = try ModelBundle.load(folder.url)
        let error = #expect(throws: ModelError.self) {
            try bundle.weights.tensor(.feedForward(.encoder, layer: 0, .up, .bias), shape: [10])
        }
        #expect(error?.code == .nonFiniteTensor)
        #expect(error?.tensor == name)
        #expect(error?.problem == "element 7 is not a finite number")
    }

    @Test func `a tensor that is asked for in another shape is refused`() throws {
        let bundle = try ModelBundle.load(Fixtures.file("shared-tied"))
        let error = #expect(throws: ModelError.self) {
            try bundle.weights.tensor(.embedding(.encoder), shape: [12, 11])
        }
        #expect(error?.code == .wrongShape)
    }

    @Test func `a folder that is not there, and a file, are no models`() throws {
        let missing = #expect(throws: ModelError.self) { try ModelBundle.load(Fixtures.file("absent")) }
        #expect(missing?.code == .missingFile)
        let file = #expect(throws: ModelError.self) { try ModelBundle.load(Fixtures.file("values.json")) }
        #expect(file?.code == .unreadableFile)
    }

    @Test func `a message is one line whatever the file says`() throws {
        let folder = try TemporaryFolder(copying: Fixtures.file("shared-tied"))
        let hostile = #"\u001b[2J\n\u202e"# + String(repeating: "x", count: 100_000)
        try folder.set("config.json", "model_type", "\"\(hostile)\"")
        let error = try #require(#expect(throws: ModelError.self) { try ModelBundle.load(folder.url) })
        #expect(error.message.count < 600)
        #expect(!error.message.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect("\(error)" == error.message)
    }
}

extension ModelErrorTests.Fault {
    /// The same fault, of which other words are expected.
    fileprivate func replacingWords(_ words: String...) -> Self {
        var fault = self
        fault.says = words
        return fault
    }
}
