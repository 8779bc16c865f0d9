import CKernels

/// One translation of one segment, as token ids.
package struct TokenHypothesis: Sendable, Equatable {
    /// Target ids, without the start and the end of the sentence.
    package var tokens: [Int]
    /// The log-probability of each token; when the search reached `</s>`, one more, for it.
    package var tokenScores: [Float]
    /// The sum of `tokenScores` over length to the power of the length penalty.
    package var score: Float
    /// For each token, the attention that the last layer pays to each source token, averaged over heads.
    package var alignment: [[Float]]?
    /// For each token, and for the end if there is one, the attention that the asked-for heads pay to each source token:
    /// `[heads, source]`; empty unless heads are asked for.
    package var headWeights: [[Float]] = []
    /// Whether the hypothesis ended because it reached the maximum length.
    package var isTruncated: Bool

    package init(tokens: [Int], tokenScores: [Float], score: Float, alignment: [[Float]]?, isTruncated: Bool) {
        self.tokens = tokens
        self.tokenScores = tokenScores
        self.score = score
        self.alignment = alignment
        self.isTruncated = isTruncated
    }

    /// The geometric mean of the tokens' probabilities, whatever the length penalty; 0 of no token.
    package var confidence: Float {
        guard !tokenScores.isEmpty else { return 0 }
        let mean = tokenScores.reduce(Double(0)) { $0 + Double($1) } / Double(tokenScores.count)
        return min(1, Float(dragoman_power(2.718281828459045, mean)))
    }
}
