/// The place of a tensor in the model, in Dragoman's own words; a reader maps it to its format's name.
package enum TensorName: Sendable, Hashable {
    package enum Side: String, Sendable, Hashable { case encoder, decoder }
    package enum AttentionKind: String, Sendable, Hashable { case selfAttention, crossAttention }
    package enum Projection: String, Sendable, Hashable { case query, key, value, output }
    package enum RecurrencePart: String, Sendable, Hashable { case candidate, gate }
    package enum FeedForwardPart: String, Sendable, Hashable { case up, gate, down }
    package enum Block: String, Sendable, Hashable { case selfAttention, crossAttention, feedForward }
    package enum Parameter: String, Sendable, Hashable { case weight, bias }

    /// `[vocabulary, width]`.
    case embedding(Side)
    /// `[positions, width]`; learned positions only.
    case positions(Side)
    /// `[buckets, heads]`; relative positions only. Where all layers share one, it is that of layer 0.
    case relativeBias(Side, layer: Int)
    /// `[width]`; the norm on embeddings.
    case embeddingNorm(Side, Parameter)
    /// Weight `[heads * headWidth, width]` (`output`: transposed), bias `[rows]`.
    case attention(Side, layer: Int, AttentionKind, Projection, Parameter)
    /// Weight `[width, width]`, bias `[width]` of the gate only; decoders whose history is a state.
    case recurrence(layer: Int, RecurrencePart, Parameter)
    /// Weight `[feedForwardWidth, width]` (`down`: transposed), bias `[rows]`.
    case feedForward(Side, layer: Int, FeedForwardPart, Parameter)
    /// `[width]`; the norm that belongs to a block.
    case norm(Side, layer: Int, Block, Parameter)
    /// `[width]`; the norm that follows a stack.
    case finalNorm(Side, Parameter)
    /// Weight `[targetVocabulary, width]` (untied only); bias `[targetVocabulary]`.
    case output(Parameter)
}
