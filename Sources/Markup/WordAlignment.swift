/// Which words of an output come from which words of its source, as a model's cross-attention says.
package struct WordAlignment: Sendable {
    /// Where each token is in its text, in bytes; a token may have none.
    package var source: [Range<Int>]
    package var target: [Range<Int>]
    /// For each token of the target, how much it looked at each of the source.
    package var weights: [[Float]]

    package init(source: [Range<Int>], target: [Range<Int>], weights: [[Float]]) {
        precondition(weights.count == target.count, "\(weights.count) rows for \(target.count) tokens")
        self.source = source
        self.target = target
        self.weights = weights
    }
}
