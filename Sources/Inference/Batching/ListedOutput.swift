import CKernels
import Tensors

/// The output layer's columns that a segment's shortlist names, as a product of their own.
///
/// Owned by one thread.
final class ListedOutput {
    private let linear: Linear
    private let tokens: [Int32]
    /// `[targetVocabulary]`: a row of logits for searches that want all of them; those of other tokens are minus infinity.
    private lazy var spread = AlignedBuffer<Float>(count: vocabularySize)
    private let vocabularySize: Int

    init(_ tokens: [Int32], of transformer: Transformer) {
        self.tokens = tokens
        linear = transformer.output.selecting(tokens)
        vocabularySize = transformer.configuration.targetVocabularySize
    }

    /// Computes the logits of rows that `decode` left in the workspace, and calls `body` with each row's, one for every
    /// entry of the vocabulary; they may be overwritten.
    func readLogits(
        of range: Range<Int>, in workspace: Workspace, _ body: (_ row: Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        let logits = compute(range, in: workspace)
        for row in range {
            spread.pointer.update(repeating: -.infinity, count: vocabularySize)
            let listed = logits + (row - range.lowerBound) * linear.columns
            for (index, token) in tokens.enumerated() { spread.pointer[Int(token)] = listed[index] }
            body(row, spread.pointer)
        }
    }

    /// Finds the best tokens of rows that `decode` left in the workspace.
    ///
    /// - Parameters:
    ///   - counts: How many each row is asked for.
    ///   - areSummed: Whether the sums of exponentials are wanted.
    func summarizeLogits(
        _ counts: some Collection<Int>, areSummed: Bool, of range: Range<Int>, in workspace: Workspace
    ) -> UnsafePointer<dragoman_summary> {
        let logits = compute(range, in: workspace)
        let summaries = workspace.summaries(counts, areSummed: areSummed)
        for row in 0..<range.count {
            workspace.kernels.table.pointee.summarize(logits + row * linear.columns, linear.columns, 0, summaries + row)
            // Equals are in the order of columns, which is that of tokens.
            for rank in 0..<summaries[row].held {
                summaries[row].indices[rank] = tokens[Int(summaries[row].indices[rank])]
            }
        }
        return UnsafePointer(summaries)
    }

    private func compute(_ range: Range<Int>, in workspace: Workspace) -> UnsafeMutablePointer<Float> {
        precondition(range.count <= workspace.logitRows, "logits are computed a few rows at a time")
        let rows = linear.input(
            workspace.stream.pointer + range.lowerBound * linear.depth, count: range.count, in: workspace)
        linear.apply(rows, into: workspace.logits.pointer, stride: linear.columns, in: workspace)
        return workspace.logits.pointer
    }
}
