import Foundation
import Inference

/// What `Family` needs of a golden model's `config.json` and `generation_config.json`, in their words.
struct FamilySettings {
    struct Common: Decodable {
        var vocabSize: Int
        var padTokenId: Int
        var eosTokenId: Int
        var decoderStartTokenId: Int
        var tieWordEmbeddings: Bool
    }

    /// BART, mBART and M2M100.
    struct Bart: Decodable {
        var dModel: Int
        var encoderLayers: Int
        var decoderLayers: Int
        var encoderAttentionHeads: Int
        var decoderAttentionHeads: Int
        var encoderFfnDim: Int
        var decoderFfnDim: Int
        var maxPositionEmbeddings: Int
        var scaleEmbedding: Bool
    }

    struct T5: Decodable {
        var dModel: Int
        var dKv: Int
        var dFf: Int
        var numHeads: Int
        var numLayers: Int
        var numDecoderLayers: Int
        var relativeAttentionNumBuckets: Int
        var relativeAttentionMaxDistance: Int
        var layerNormEpsilon: Float
    }

    private struct Generation: Decodable {
        var maxLength: Int
        var numBeams: Int?
        var noRepeatNgramSize: Int?
        var forcedBosTokenId: Int?
        var forcedEosTokenId: Int?
    }

    let common: Common
    let defaults: GenerationDefaults
    private let directory: URL

    init(_ directory: URL) throws {
        self.directory = directory
        common = try Self.read(Common.self, directory.appending(path: "config.json"))
        let generation = try Self.read(Generation.self, directory.appending(path: "generation_config.json"))
        var defaults = GenerationDefaults()
        defaults.beamSize = generation.numBeams ?? 1
        // `generate` counts the start token, and `</s>` when it forces it.
        defaults.maximumLength = generation.maxLength - (generation.forcedEosTokenId == nil ? 1 : 2)
        defaults.noRepeatNgramSize = generation.noRepeatNgramSize ?? 0
        defaults.forcedFirstToken = generation.forcedBosTokenId
        defaults.forcedLastToken = generation.forcedEosTokenId
        self.defaults = defaults
    }

    var specials: ModelConfiguration.SpecialTokens {
        ModelConfiguration.SpecialTokens(
            endOfSentence: common.eosTokenId, unknown: 3, padding: common.padTokenId,
            decoderStart: common.decoderStartTokenId, endsSource: true)
    }

    /// The model's own settings.
    func read<Settings: Decodable>(_ type: Settings.Type) throws -> Settings {
        try Self.read(type, directory.appending(path: "config.json"))
    }

    private static func read<Settings: Decodable>(_ type: Settings.Type, _ file: URL) throws -> Settings {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: file))
    }
}
