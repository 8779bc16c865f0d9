package import CKernels

/// The scores of a given target: all its tokens are computed in one step.
package final class TargetScoring: Search {
    private let settings: SearchSettings
    private let target: [Int32]
    private let memory: SegmentMemory
    private var tree: TokenTree
    private var node = TokenTree.root
    private var sum: Float = 0

    /// - Parameter target: Target ids, without `</s>`, which is scored too.
    package init(_ settings: SearchSettings, target: [Int32], memory: SegmentMemory) {
        self.settings = settings
        self.target = target
        self.memory = memory
        tree = TokenTree(capacity: target.count + 1, settings, sourceLength: memory.sourceLength)
    }

    package var rowCount: Int { target.count + 1 }

    package func appendRows(to batch: inout [DecoderRow]) {
        for position in 0...target.count {
            let token = position == 0 ? settings.startToken : target[position - 1]
            batch.append(memory.row(token, position: position, hypothesis: 0, stepIndex: position))
        }
    }

    package func bestCount(row index: Int) -> Int? { nil }

    package func read(_ summary: UnsafePointer<dragoman_summary>, row index: Int, scratch: SearchScratch) {
        preconditionFailure("a given target's tokens need not be among the best")
    }

    package func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch) {
        let token = index < target.count ? target[index] : settings.endToken
        // What a search would be forced to is certain.
        let isForced = index == 0 && token == settings.forcedFirstToken
        let score = isForced ? 0 : scratch.logProbability(of: token, in: logits)
        node = tree.append(token, after: node, score: score, alignment: memory.alignment(index))
        sum += score
    }

    package func advance() -> Bool { true }

    package func hypotheses() -> [TokenHypothesis] {
        [
            tree.hypothesis(
                endingWith: node, ends: settings.ends,
                score: settings.score(sum: sum, length: target.count + 1), isTruncated: false)
        ]
    }
}
