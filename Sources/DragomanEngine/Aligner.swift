import Inference

/// What says from which words of the source the words of an output come: a head of the decoder's cross-attention.
///
/// In most models one head looks at the word that is translated, and the mean over heads says far less. Many such heads look
/// at it not when the word is chosen, but in the next step, when it is what the decoder reads (Chen et al. 2020,
/// arXiv:2004.14837).
struct Aligner: Sendable, Equatable {
    var head: AttentionHead
    /// Whether the step after a token's says where it comes from.
    var isShifted: Bool

    /// For each token of a hypothesis that has the head's weights, how much it comes from each source token.
    func rows(of hypothesis: TokenHypothesis) -> [[Float]] {
        let rows = hypothesis.headWeights
        return hypothesis.tokens.indices.map { rows[min($0 + (isShifted ? 1 : 0), rows.count - 1)] }
    }
}
