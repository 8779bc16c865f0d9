package import CKernels
import Tensors

/// Hypotheses that are followed without alternatives: greedy search with one, sampling with one a sample.
///
/// A token's score is its constrained logit less the logarithm of the row's sum of exponentials before the
/// constraints: the model's own log-probability, unless a penalty changed it. Where no scores are asked for, a token that
/// is the best one of its row has none: its score is 0.
package final class SingleSearch: Search {
    private struct Hypothesis {
        var node: TokenTree.Node
        var sum: Float
        var sampler: Sampler?
        var isOver = false
        var isTruncated = false
        /// Nothing was allowed: there is no such hypothesis.
        var isDead = false
    }

    private let settings: SearchSettings
    private let memory: SegmentMemory
    private let prompt: Prompt
    private let bestTokens: Int?
    private var tree: TokenTree
    private var all: [Hypothesis]
    /// The hypotheses that go on, as indices of `all`.
    private var live: [Int]
    private var generated = 0
    private var isFirstStep = true

    /// - Parameter segment: The segment's index in its request, which the random stream depends on.
    package init(_ settings: SearchSettings, segment: Int, memory: SegmentMemory) {
        self.settings = settings
        self.memory = memory
        prompt = Prompt(settings)
        bestTokens = settings.bestCount(1)
        let count = settings.sampling == nil ? 1 : settings.nBest
        tree = TokenTree(
            capacity: count * (settings.maximumLength + 2), settings, sourceLength: memory.sourceLength)
        all = (0..<count).map { index in
            Hypothesis(
                node: TokenTree.root, sum: 0, sampler: settings.sampling.map { Sampler($0, path: [segment, index]) })
        }
        live = Array(all.indices)
    }

    package var rowCount: Int { isFirstStep ? prompt.tokens.count : live.count }

    package func appendRows(to batch: inout [DecoderRow]) {
        if isFirstStep {
            // All samples begin with the same prompt, and share its rows.
            for (index, token) in prompt.tokens.enumerated() {
                batch.append(memory.row(token, position: index, hypothesis: 0, stepIndex: index))
            }
        } else {
            for (index, hypothesis) in live.enumerated() {
                batch.append(
                    memory.row(
                        tree.token(of: all[hypothesis].node), position: generated, hypothesis: hypothesis,
                        stepIndex: index))
            }
        }
    }

    package func bestCount(row index: Int) -> Int? {
        isFirstStep && index < prompt.length ? nil : bestTokens
    }

    /// There is nothing to compare it with; only who asks for scores needs more.
    package var takesBest: Bool { !settings.returnsScores && settings.sampling == nil }

    package func forbids(_ token: Int32) -> Bool { settings.constraints.forbids(token, generated: generated) }

    package func read(_ summary: UnsafePointer<dragoman_summary>, row index: Int, scratch: SearchScratch) {
        if generated >= settings.maximumLength { return }
        let best = scratch.allowed(1, of: summary, by: settings.constraints, generated: generated)
        append(best, to: isFirstStep ? 0 : live[index], alignment: memory.alignment(index))
    }

    package func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch) {
        if isFirstStep && index < prompt.length {
            let score = prompt.score(after: index, logits: logits, scratch: scratch)
            let node = tree.append(
                prompt.tokens[index + 1], after: all[0].node, score: score, alignment: memory.alignment(index))
            generated += 1
            for hypothesis in all.indices {
                all[hypothesis].node = node
                all[hypothesis].sum += score
            }
            return
        }
        if generated >= settings.maximumLength { return }
        let hypothesis = isFirstStep ? 0 : live[index], alignment = memory.alignment(index)
        guard settings.sampling != nil else {
            let best = scratch.allowed(
                1, of: logits, settings: settings, tree: tree, node: all[hypothesis].node, generated: generated,
                actsOnLogProbabilities: false)
            append(best, to: hypothesis, alignment: alignment)
            return
        }
        let normalizer = scratch.constrain(
            logits, settings: settings, tree: tree, node: all[hypothesis].node, generated: generated,
            actsOnLogProbabilities: false)
        for target in isFirstStep ? live[...] : live[index...index] {
            let token = all[target].sampler?.draw(from: logits, scratch: scratch)
            append(
                token.map { (token: $0, score: logits[Int($0)] - normalizer) }, to: target, alignment: alignment)
        }
    }

    package func advance() -> Bool {
        let old = generated
        if isFirstStep {
            isFirstStep = false
            for hypothesis in live.dropFirst() { memory.continueHypothesis(0, as: hypothesis, length: old + 1) }
            memory.continueHypothesis(0, as: 0, length: old + 1)
            memory.flip()
        }
        if old < settings.maximumLength { generated += 1 }
        for hypothesis in live where !all[hypothesis].isOver && generated >= settings.maximumLength {
            if settings.forcesEnd {
                all[hypothesis].node = tree.append(settings.endToken, after: all[hypothesis].node, score: 0)
            }
            all[hypothesis].isOver = true
            all[hypothesis].isTruncated = true
        }
        live.removeAll { all[$0].isOver }
        return live.isEmpty
    }

    package func hypotheses() -> [TokenHypothesis] {
        all.filter { !$0.isDead }.map { hypothesis in
            var result = tree.hypothesis(
                endingWith: hypothesis.node, ends: settings.ends, score: 0,
                isTruncated: hypothesis.isTruncated)
            result.score = settings.score(sum: hypothesis.sum, length: max(result.tokenScores.count, 1))
            return result
        }
    }

    private func append(_ best: BestTokens, to hypothesis: Int, alignment: UnsafePointer<Float>?) {
        guard best.count > 0 else { return append(nil, to: hypothesis, alignment: alignment) }
        let score = takesBest ? 0 : best.values[0] - best.normalizer
        append((best.tokens[0], score), to: hypothesis, alignment: alignment)
    }

    /// - Parameter choice: nil when nothing is allowed.
    private func append(
        _ choice: (token: Int32, score: Float)?, to hypothesis: Int, alignment: UnsafePointer<Float>?
    ) {
        guard let (token, score) = choice else {
            all[hypothesis].isDead = true
            all[hypothesis].isOver = true
            return
        }
        all[hypothesis].node = tree.append(token, after: all[hypothesis].node, score: score, alignment: alignment)
        all[hypothesis].sum += score
        all[hypothesis].isOver = settings.ends(token)
    }
}
