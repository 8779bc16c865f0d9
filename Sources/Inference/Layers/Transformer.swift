import Tensors

/// An encoder-decoder transformer (arXiv:1706.03762): weights, packed and never changed again, shared by all replicas.
///
/// What it computes is in `Transformer+Encoding.swift` and `Transformer+Decoding.swift`.
package final class Transformer: Sendable {
    package struct EncoderLayer: Sendable {
        package let attention: SelfAttention
        package let feedForward: FeedForward
    }

    /// How a decoder's layer takes up what came before.
    package enum History: Sendable {
        case attention(SelfAttention)
        case recurrence(Recurrence)

        init(
            layer: Int, configuration: ModelConfiguration, precision: Precision, from source: any TensorSource
        ) throws {
            switch configuration.decoderHistory {
            case .attention:
                self = .attention(
                    try SelfAttention(
                        .decoder, layer: layer, configuration: configuration, precision: precision, from: source))
            case .simpleRecurrence:
                self = .recurrence(
                    try Recurrence(layer: layer, configuration: configuration, precision: precision, from: source))
            }
        }
    }

    package struct DecoderLayer: Sendable {
        package let history: History
        package let crossAttention: CrossAttention
        package let feedForward: FeedForward
    }

    /// What both halves have besides their layers.
    package struct Ends: Sendable {
        package let embedding: Embedding
        package let embeddingNorm: Norm?
        private let relativeBiases: [RelativeBias]
        package let finalNorm: Norm?

        init(_ side: TensorName.Side, configuration: ModelConfiguration, from source: any TensorSource) throws {
            let stack = side == .encoder ? configuration.encoder : configuration.decoder
            let positions = try PositionTable(side, stack: stack, width: configuration.width, from: source)
            embedding = try Embedding(
                side,
                vocabularySize: side == .encoder
                    ? configuration.sourceVocabularySize : configuration.targetVocabularySize,
                positions: positions, configuration: configuration, from: source)
            embeddingNorm =
                configuration.normalization.embeddings
                ? try Norm(
                    "\(side.rawValue).embedding_norm", { .embeddingNorm(side, $0) }, configuration: configuration,
                    from: source) : nil
            relativeBiases = try RelativeBias.all(side, stack: stack, from: source)
            finalNorm =
                configuration.normalization.final
                ? try Norm(
                    "\(side.rawValue).final_norm", { .finalNorm(side, $0) }, configuration: configuration,
                    from: source) : nil
        }

        /// The bias on the scores of a layer's self-attention, if it has one.
        package func relativeBias(_ layer: Int) -> RelativeBias? {
            relativeBiases.count > 1 ? relativeBiases[layer] : relativeBiases.first
        }
    }

    package let configuration: ModelConfiguration
    package let precision: Precision
    package let encoder: Ends
    package let encoderLayers: [EncoderLayer]
    package let decoder: Ends
    package let decoderLayers: [DecoderLayer]
    /// Keys and values of every decoder layer for the encoder's states: columns `[layer][key, value][attentionWidth]`,
    /// just as a row of `KeyValueRows` has them.
    package let crossKeyValue: Linear
    package let output: Linear

    package init(configuration: ModelConfiguration, precision: Precision, from source: any TensorSource) throws {
        self.configuration = configuration
        self.precision = precision
        encoder = try Ends(.encoder, configuration: configuration, from: source)
        decoder = try Ends(.decoder, configuration: configuration, from: source)
        encoderLayers = try (0..<configuration.encoder.layers).map { layer in
            EncoderLayer(
                attention: try SelfAttention(
                    .encoder, layer: layer, configuration: configuration, precision: precision, from: source),
                feedForward: try FeedForward(
                    .encoder, layer: layer, configuration: configuration, precision: precision, from: source))
        }
        decoderLayers = try (0..<configuration.decoder.layers).map { layer in
            DecoderLayer(
                history: try History(
                    layer: layer, configuration: configuration, precision: precision, from: source),
                crossAttention: try CrossAttention(
                    layer: layer, configuration: configuration, precision: precision, from: source),
                feedForward: try FeedForward(
                    .decoder, layer: layer, configuration: configuration, precision: precision, from: source))
        }
        crossKeyValue = try Linear(
            "decoder.cross_key_value",
            (0..<configuration.decoder.layers).flatMap { layer in
                [TensorName.Projection.key, .value].map {
                    TensorPair.attention(.decoder, layer, .crossAttention, $0, configuration)
                }
            },
            depth: configuration.width, partColumns: configuration.decoder.attentionWidth, precision: precision,
            from: source)
        let projection = TensorPair(
            weight: configuration.tiesOutput ? .embedding(.decoder) : .output(.weight),
            bias: configuration.biases.output ? .output(.bias) : nil)
        output = try Linear(
            "output", [projection], depth: configuration.width, partColumns: configuration.targetVocabularySize,
            precision: precision, isScreened: true, from: source)
    }
}
