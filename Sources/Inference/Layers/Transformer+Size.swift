import Tensors

extension Transformer {
    /// The depth and the columns of every matrix that the rows of one half of the model are multiplied with.
    private static func shapes(_ side: TensorName.Side, _ configuration: ModelConfiguration) -> [(Int, Int)] {
        let stack = side == .encoder ? configuration.encoder : configuration.decoder
        let width = configuration.width, inner = stack.attentionWidth, inside = stack.feedForwardWidth
        let recurs = side == .decoder && configuration.decoderHistory == .simpleRecurrence
        var layer = recurs ? [(width, 2 * width)] : [(width, 3 * inner), (inner, width)]
        layer += [(width, inside), (inside, width)]
        if configuration.gatedFeedForward { layer.append((width, inside)) }
        if side == .decoder { layer += [(width, inner), (inner, width)] }
        let layers = (0..<stack.layers).flatMap { _ in layer }
        // Keys and values for cross-attention are computed once for every token of the source.
        let decoder = configuration.decoder
        return side == .encoder
            ? layers + [(width, decoder.layers * 2 * decoder.attentionWidth)]
            : layers + [(width, configuration.targetVocabularySize)]
    }

    /// The memory that the packed weights of a configuration take, in bytes; norms and biases, which are small beside
    /// them, and embeddings, which stay in the file, not counted.
    package static func packedBytes(_ configuration: ModelConfiguration, precision: Precision) -> Int {
        let screen = precision == .int8 && Screen.exists(depth: configuration.width)
        return [TensorName.Side.encoder, .decoder].reduce(screen ? screenBytes(configuration) : 0) {
            $0 + packedBytes(of: $1, configuration, precision: precision)
        }
    }

    /// The same for one half of the model: what is read for a group of segments (encoder) or a step (decoder).
    package static func packedBytes(
        of side: TensorName.Side, _ configuration: ModelConfiguration, precision: Precision
    ) -> Int {
        shapes(side, configuration).reduce(0) {
            $0 + Linear.packedBytes(depth: $1.0, columns: $1.1, precision: precision)
        }
    }

    private static func screenBytes(_ configuration: ModelConfiguration) -> Int {
        Screen.packedBytes(depth: configuration.width, columns: configuration.targetVocabularySize)
    }

    /// How much less of them a step reads when it bounds its products with the output layer: a `Screen`, and of the layer
    /// itself the columns' scales.
    package static func screenedBytes(_ configuration: ModelConfiguration) -> Int {
        let columns = configuration.targetVocabularySize
        return Linear.packedBytes(depth: configuration.width, columns: columns, precision: .int8)
            - screenBytes(configuration) - columns * MemoryLayout<Float>.stride
    }

    /// The groups of columns that the output layer has.
    package static func outputGroups(_ configuration: ModelConfiguration) -> Int {
        Crew.groups(columns: configuration.targetVocabularySize)
    }

    /// What it reads for each group of columns that it computes after all.
    package static func groupBytes(_ configuration: ModelConfiguration) -> Int {
        Linear.packedBytes(depth: configuration.width, columns: Crew.columnGroup, precision: .int8)
    }

    /// The multiply-adds with weights for one row: a token of a source (encoder) or of a hypothesis (decoder).
    package static func multiplyAdds(of side: TensorName.Side, _ configuration: ModelConfiguration) -> Int {
        shapes(side, configuration).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
