package import CKernels
import Tensors

/// The best tokens of a row of logits that a search may take, best first, the lower token first among equals.
///
/// Valid until the next row is read.
package struct BestTokens {
    /// Their logits.
    package let values: UnsafePointer<Float>
    package let tokens: UnsafePointer<Int32>
    package let count: Int
    /// What is to be subtracted from a logit to make it a log-probability; means nothing where nobody needs that.
    package let normalizer: Float
}

extension SearchScratch {
    /// Takes from a summary the `count` best tokens that the constraints allow; it was asked for as many more as they may
    /// forbid.
    package func allowed(
        _ count: Int, of summary: UnsafePointer<dragoman_summary>, by constraints: Constraints, generated: Int
    ) -> BestTokens {
        let found = summary.pointee
        var kept = 0
        for rank in 0..<found.held where kept < count {
            let token = found.indices[rank]
            if constraints.forbids(token, generated: generated) { continue }
            values.pointer[kept] = found.values[rank]
            indices.pointer[kept] = token
            kept += 1
        }
        return BestTokens(
            values: UnsafePointer(values.pointer), tokens: UnsafePointer(indices.pointer), count: kept,
            normalizer: kernels.table.pointee.summed(summary))
    }

    /// Edits a row of logits as a hypothesis' constraints say, and finds its `count` best tokens.
    package func allowed(
        _ count: Int, of logits: UnsafeMutablePointer<Float>, settings: SearchSettings, tree: TokenTree,
        node: TokenTree.Node, generated: Int, actsOnLogProbabilities: Bool
    ) -> BestTokens {
        let normalizer = constrain(
            logits, settings: settings, tree: tree, node: node, generated: generated,
            actsOnLogProbabilities: actsOnLogProbabilities)
        let found = findBest(count, of: logits)
        return BestTokens(
            values: UnsafePointer(values.pointer), tokens: UnsafePointer(indices.pointer), count: found,
            normalizer: normalizer)
    }
}
