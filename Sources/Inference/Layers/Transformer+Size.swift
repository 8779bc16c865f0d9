extension Transformer {
    /// The memory that the packed weights of a configuration take, in bytes; norms and biases, which are small beside
    /// them, and embeddings, which stay in the file, not counted.
    package static func packedBytes(_ configuration: ModelConfiguration, precision: Precision) -> Int {
        func bytes(_ depth: Int, _ columns: Int) -> Int {
            Linear.packedBytes(depth: depth, columns: columns, precision: precision)
        }
        func layerBytes(_ stack: ModelConfiguration.Stack) -> Int {
            let width = configuration.width, inner = stack.attentionWidth, inside = stack.feedForwardWidth
            return bytes(width, 3 * inner) + bytes(inner, width)
                + bytes(width, inside) * (configuration.gatedFeedForward ? 2 : 1) + bytes(inside, width)
        }
        let decoder = configuration.decoder, width = configuration.width
        let cross = bytes(width, decoder.attentionWidth) + bytes(decoder.attentionWidth, width)
        return configuration.encoder.layers * layerBytes(configuration.encoder)
            + decoder.layers * (layerBytes(decoder) + cross)
            + bytes(width, decoder.layers * 2 * decoder.attentionWidth)
            + bytes(width, configuration.targetVocabularySize)
    }
}
