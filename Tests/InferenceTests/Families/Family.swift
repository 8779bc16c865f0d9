import Foundation
import Inference
import ModelFormats

/// A family of models that the layers must serve and that no reader reads yet: its golden model's description, made from
/// the model's settings, and the names of its tensors.
enum Family: String, CaseIterable, Sendable {
    case bart
    case mbart
    case m2m100
    case t5ReLU = "t5-relu"
    case t5Gated = "t5-gated"

    var golden: Golden { Golden("families/\(rawValue)") }

    func model() throws -> TestModel {
        let settings = try FamilySettings(golden.model)
        let file = try SafeTensorsFile(path: golden.model.appending(path: "model.safetensors").path)
        var configuration = try configuration(settings)
        let weights = try FamilyWeights(file, names: names, &configuration)
        let transformer = try Transformer(configuration: configuration, precision: .float32, from: weights)
        return TestModel(transformer, defaults: settings.defaults)
    }

    private var names: FamilyNames {
        switch self {
        case .bart, .mbart: .bart
        case .m2m100: .m2m100
        case .t5ReLU, .t5Gated: .t5(isGated: self == .t5Gated)
        }
    }

    private func configuration(_ settings: FamilySettings) throws -> ModelConfiguration {
        switch self {
        case .bart, .mbart, .m2m100: try bart(settings.read(FamilySettings.Bart.self), settings)
        case .t5ReLU, .t5Gated: try t5(settings.read(FamilySettings.T5.self), settings)
        }
    }

    private func bart(_ sizes: FamilySettings.Bart, _ settings: FamilySettings) -> ModelConfiguration {
        func stack(layers: Int, heads: Int, inside: Int) -> ModelConfiguration.Stack {
            ModelConfiguration.Stack(
                layers: layers, heads: heads, headWidth: sizes.dModel / heads, feedForwardWidth: inside,
                positions: .learned(offset: 2), maximumLength: sizes.maxPositionEmbeddings)
        }
        return ModelConfiguration(
            family: rawValue, sourceVocabularySize: settings.common.vocabSize,
            targetVocabularySize: settings.common.vocabSize, width: sizes.dModel,
            encoder: stack(
                layers: sizes.encoderLayers, heads: sizes.encoderAttentionHeads, inside: sizes.encoderFfnDim),
            decoder: stack(
                layers: sizes.decoderLayers, heads: sizes.decoderAttentionHeads, inside: sizes.decoderFfnDim),
            normalization: .init(
                kind: .layer, placement: self == .bart ? .after : .before, epsilon: 1e-5,
                embeddings: self != .m2m100, final: self != .bart),
            activation: self == .m2m100 ? .relu : .gelu, gatedFeedForward: false,
            embeddingScale: sizes.scaleEmbedding ? Float(sizes.dModel).squareRoot() : 1, outputScale: 1,
            sharesEmbeddings: true, tiesOutput: true,
            biases: .init(attention: true, feedForward: true, normalization: true, output: self != .m2m100),
            specials: settings.specials)
    }

    private func t5(_ sizes: FamilySettings.T5, _ settings: FamilySettings) -> ModelConfiguration {
        let isTied = settings.common.tieWordEmbeddings
        func stack(layers: Int) -> ModelConfiguration.Stack {
            ModelConfiguration.Stack(
                layers: layers, heads: sizes.numHeads, headWidth: sizes.dKv, feedForwardWidth: sizes.dFf,
                positions: .relative(
                    buckets: sizes.relativeAttentionNumBuckets, maximumDistance: sizes.relativeAttentionMaxDistance),
                // T5 has no limit of its own.
                maximumLength: 64)
        }
        return ModelConfiguration(
            family: rawValue, sourceVocabularySize: settings.common.vocabSize,
            targetVocabularySize: settings.common.vocabSize, width: sizes.dModel,
            encoder: stack(layers: sizes.numLayers), decoder: stack(layers: sizes.numDecoderLayers),
            normalization: .init(
                kind: .rms, placement: .before, epsilon: sizes.layerNormEpsilon, embeddings: false, final: true),
            activation: self == .t5Gated ? .geluTanh : .relu, gatedFeedForward: self == .t5Gated, embeddingScale: 1,
            outputScale: isTied ? 1 / Float(sizes.dModel).squareRoot() : 1, sharesEmbeddings: true,
            tiesOutput: isTied,
            biases: .init(attention: false, feedForward: false, normalization: false, output: false),
            specials: settings.specials, scalesAttention: false)
    }
}
