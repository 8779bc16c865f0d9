import CKernels
package import Tensors

/// What a search needs for the time of one row: one per replica.
package final class SearchScratch {
    package let kernels: Kernels
    package let vocabularySize: Int
    package let marks: TokenMarks
    /// `[vocabulary]`: the best entries of a row, or its probabilities.
    package let values: AlignedBuffer<Float>
    package let indices: AlignedBuffer<Int32>
    /// `[decoder positions]`: the start token and the tokens of a hypothesis.
    package let history: AlignedBuffer<Int32>

    package init(configuration: ModelConfiguration, kernels: Kernels) {
        self.kernels = kernels
        vocabularySize = configuration.targetVocabularySize
        marks = TokenMarks(vocabularySize: vocabularySize)
        values = AlignedBuffer(count: vocabularySize)
        indices = AlignedBuffer(count: vocabularySize)
        history = AlignedBuffer(count: configuration.decoder.maximumLength + 1)
    }

    /// In bytes.
    package var byteCount: Int {
        values.byteCount + indices.byteCount + history.byteCount + marks.byteCount
    }

    /// The model's own log-probability of a token in a row of logits.
    package func logProbability(of token: Int32, in logits: UnsafePointer<Float>) -> Float {
        logits[Int(token)] - kernels.table.pointee.log_sum_exp(logits, vocabularySize)
    }

    /// Edits a row of logits as a hypothesis' constraints say.
    ///
    /// - Parameters:
    ///   - node: The hypothesis' last token, the `generated`-th.
    ///   - actsOnLogProbabilities: As in beam search; otherwise on logits.
    /// - Returns: What is to be subtracted from an entry to make it a log-probability.
    package func constrain(
        _ logits: UnsafeMutablePointer<Float>, settings: SearchSettings, tree: TokenTree, node: TokenTree.Node,
        generated: Int, actsOnLogProbabilities: Bool
    ) -> Float {
        let normalizer = kernels.table.pointee.log_sum_exp(logits, vocabularySize)
        let constraints = settings.constraints
        if constraints.needsHistory {
            history.pointer[0] = settings.startToken
            tree.write(pathTo: node, length: generated, into: history.pointer + 1)
        }
        constraints.apply(
            to: logits,
            history: UnsafeBufferPointer(start: history.pointer, count: constraints.needsHistory ? generated + 1 : 0),
            generated: generated, normalizer: actsOnLogProbabilities ? normalizer : 0, marks: marks)
        guard settings.renormalizesScores else { return normalizer }
        return kernels.table.pointee.log_sum_exp(logits, vocabularySize)
    }

    /// The `count` best entries of a row, in `values` and `indices`. Returns how many there are.
    package func findBest(_ count: Int, of logits: UnsafePointer<Float>) -> Int {
        kernels.table.pointee.top_k(logits, vocabularySize, min(count, vocabularySize), values.pointer, indices.pointer)
    }
}
