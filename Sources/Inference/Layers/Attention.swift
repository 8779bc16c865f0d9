package import CKernels
import Tensors

/// The projections of self-attention: queries, keys and values in one product.
package struct SelfAttention: Sendable {
    package let queryKeyValue: Linear
    package let output: Linear
    package let norm: Norm

    package init(
        _ side: TensorName.Side, layer: Int, configuration: ModelConfiguration, precision: Precision,
        from source: any TensorSource
    ) throws {
        let stack = side == .encoder ? configuration.encoder : configuration.decoder
        let inner = stack.heads * stack.headWidth
        let parts = [TensorName.Projection.query, .key, .value].map {
            TensorPair.attention(side, layer, .selfAttention, $0, configuration)
        }
        let name = "\(side.rawValue).\(layer).self_attention"
        queryKeyValue = try Linear(
            "\(name).query_key_value", parts, depth: configuration.width, partColumns: inner, precision: precision,
            from: source)
        output = try Linear(
            "\(name).output", [.attention(side, layer, .selfAttention, .output, configuration)], depth: inner,
            partColumns: configuration.width, precision: precision, from: source)
        norm = try Norm(
            "\(name).norm", { .norm(side, layer: layer, .selfAttention, $0) }, configuration: configuration,
            from: source)
    }
}

/// The decoder's projections of cross-attention; keys and values of all layers are one product of the `Transformer`.
package struct CrossAttention: Sendable {
    package let query: Linear
    package let output: Linear
    package let norm: Norm

    package init(
        layer: Int, configuration: ModelConfiguration, precision: Precision, from source: any TensorSource
    ) throws {
        let inner = configuration.decoder.heads * configuration.decoder.headWidth
        let name = "decoder.\(layer).cross_attention"
        query = try Linear(
            "\(name).query", [.attention(.decoder, layer, .crossAttention, .query, configuration)],
            depth: configuration.width,
            partColumns: inner, precision: precision, from: source)
        output = try Linear(
            "\(name).output", [.attention(.decoder, layer, .crossAttention, .output, configuration)], depth: inner,
            partColumns: configuration.width, precision: precision, from: source)
        norm = try Norm(
            "\(name).norm", { .norm(.decoder, layer: layer, .crossAttention, $0) }, configuration: configuration,
            from: source)
    }
}

extension ModelConfiguration.Stack {
    /// The width of queries, keys and values of all heads together.
    package var attentionWidth: Int { heads * headWidth }

    /// A call of the attention kernel with what is the same for every row of the stack.
    package func attention(scaled: Bool, scratch: UnsafeMutablePointer<Float>) -> dragoman_attention {
        var attention = dragoman_attention()
        attention.heads = heads
        attention.head_width = headWidth
        attention.scale = scaled ? 1 / Float(headWidth).squareRoot() : 1
        attention.scratch = scratch
        return attention
    }
}
