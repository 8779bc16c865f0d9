package import CKernels
import Tensors

/// Beam search as Hugging Face's `generate` does it (transformers 5, `_beam_search`), so that outputs can be compared
/// token by token.
///
/// At every step the best `2 * beamSize` continuations of all live hypotheses are candidates (`beamSize` more for every
/// further token that is an end). Those that end within
/// the best `beamSize` go to the pool of finished hypotheses; the best `beamSize` that do not end live on. The search
/// ends when the pool cannot become better, by the rule that `earlyStopping` names.
///
/// Where finished hypotheses keep their places (Marian), so many fewer live on, and the search ends when none does.
///
/// Two things are our own: equal candidates are ordered by token, then by hypothesis; and the pool holds
/// `patience * beamSize` hypotheses.
package final class BeamSearch: Search {
    private struct Hypothesis {
        var node: TokenTree.Node
        var score: Float
    }

    private struct Candidate {
        var score: Float
        var token: Int32
        var hypothesis: Int
        var tokenScore: Float

        func isBetter(than other: Candidate) -> Bool {
            if score != other.score { return score > other.score }
            return token != other.token ? token < other.token : hypothesis < other.hypothesis
        }
    }

    private let settings: SearchSettings
    private let memory: SegmentMemory
    private let prompt: Prompt
    /// How many candidates a step has.
    private let candidateLimit: Int
    private let bestTokens: Int?
    private var tree: TokenTree
    private var live: [Hypothesis]
    /// The live hypotheses of the next step, while it is being made.
    private var survivors: [Hypothesis] = []
    private var candidates: [Candidate] = []
    private var finished: FinishedPool
    /// How many tokens live hypotheses have.
    private var generated = 0
    private var isFirstStep = true
    /// How many finished hypotheses keep places of the beam.
    private var taken = 0

    package init(_ settings: SearchSettings, memory: SegmentMemory) {
        self.settings = settings
        self.memory = memory
        prompt = Prompt(settings)
        candidateLimit = (2 + settings.otherEnds.count) * settings.beamSize
        bestTokens = settings.bestCount(candidateLimit)
        tree = TokenTree(
            capacity: settings.beamSize * (settings.maximumLength + 2), settings, sourceLength: memory.sourceLength)
        live = [Hypothesis(node: TokenTree.root, score: 0)]
        live.reserveCapacity(settings.beamSize)
        survivors.reserveCapacity(settings.beamSize)
        candidates.reserveCapacity(candidateLimit + 1)
        finished = FinishedPool(capacity: settings.finishedCapacity)
    }

    package var rowCount: Int { isFirstStep ? prompt.tokens.count : live.count }

    package func appendRows(to batch: inout [DecoderRow]) {
        if isFirstStep {
            for (index, token) in prompt.tokens.enumerated() {
                batch.append(memory.row(token, position: index, hypothesis: 0, stepIndex: index))
            }
        } else {
            for index in live.indices {
                batch.append(
                    memory.row(
                        tree.token(of: live[index].node), position: generated, hypothesis: index, stepIndex: index))
            }
        }
    }

    package func bestCount(row index: Int) -> Int? {
        isFirstStep && index < prompt.length ? nil : bestTokens
    }

    package func read(_ summary: UnsafePointer<dragoman_summary>, row index: Int, scratch: SearchScratch) {
        consider(
            scratch.allowed(
                candidateLimit, of: summary, by: settings.constraints, generated: generated),
            after: isFirstStep ? 0 : index)
    }

    package func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch) {
        if isFirstStep && index < prompt.length {
            let score = prompt.score(after: index, logits: logits, scratch: scratch)
            live[0].node = tree.append(
                prompt.tokens[index + 1], after: live[0].node, score: score, alignment: memory.alignment(index))
            live[0].score += score
            generated += 1
            return
        }
        let hypothesis = isFirstStep ? 0 : index
        consider(
            scratch.allowed(
                candidateLimit, of: logits, settings: settings, tree: tree, node: live[hypothesis].node,
                generated: generated, actsOnLogProbabilities: true),
            after: hypothesis)
    }

    package func advance() -> Bool {
        // The prompt may be as long as the output may become.
        if isFirstStep && generated >= settings.maximumLength { return endAtMaximum() }
        let stepIndexOffset = isFirstStep ? prompt.length : 0
        isFirstStep = false
        let isLast = !settings.forcesEnd && generated + 1 >= settings.maximumLength
        generated += 1
        survivors.removeAll(keepingCapacity: true)
        let width = settings.beamSize - taken
        for (rank, candidate) in candidates.enumerated() {
            let ends = settings.ends(candidate.token)
            let isWanted =
                ends || isLast || settings.finishedKeepPlaces ? rank < width : survivors.count < settings.beamSize
            guard isWanted else { continue }
            let node = tree.append(
                candidate.token, after: live[candidate.hypothesis].node, score: candidate.tokenScore,
                alignment: memory.alignment(candidate.hypothesis + stepIndexOffset))
            if ends || isLast {
                finish(node, sum: candidate.score, isTruncated: !ends)
                if settings.finishedKeepPlaces { taken += 1 }
            } else {
                memory.continueHypothesis(candidate.hypothesis, as: survivors.count, length: generated)
                survivors.append(Hypothesis(node: node, score: candidate.score))
            }
        }
        swap(&live, &survivors)
        candidates.removeAll(keepingCapacity: true)
        memory.flip()
        if live.isEmpty || !canImprove { return true }
        return settings.forcesEnd && generated >= settings.maximumLength ? endAtMaximum() : false
    }

    package func hypotheses() -> [TokenHypothesis] {
        finished.entries.prefix(settings.nBest).map { entry in
            tree.hypothesis(
                endingWith: entry.node, ends: settings.ends, score: entry.score,
                isTruncated: entry.isTruncated)
        }
    }

    /// Makes candidates of what may come after a hypothesis.
    private func consider(_ best: BestTokens, after hypothesis: Int) {
        for rank in 0..<best.count {
            let tokenScore = best.values[rank] - best.normalizer
            let candidate = Candidate(
                score: live[hypothesis].score + tokenScore, token: best.tokens[rank], hypothesis: hypothesis,
                tokenScore: tokenScore)
            guard insert(candidate) else { break }
        }
    }

    /// Keeps the candidate if it is among the best. Returns whether it was.
    private func insert(_ candidate: Candidate) -> Bool {
        if candidates.count == candidateLimit, !candidate.isBetter(than: candidates[candidateLimit - 1]) {
            return false
        }
        var at = candidates.count
        while at > 0, candidate.isBetter(than: candidates[at - 1]) { at -= 1 }
        candidates.insert(candidate, at: at)
        if candidates.count > candidateLimit { candidates.removeLast() }
        return true
    }

    private func finish(_ node: TokenTree.Node, sum: Float, isTruncated: Bool) {
        let score = settings.score(sum: sum, length: generated)
        finished.insert(FinishedPool.Entry(node: node, score: score, isTruncated: isTruncated))
    }

    /// Ends all live hypotheses; a forced `</s>` is certain and therefore not computed.
    private func endAtMaximum() -> Bool {
        if settings.forcesEnd { generated += 1 }
        for hypothesis in live {
            let node =
                settings.forcesEnd
                ? tree.append(settings.endToken, after: hypothesis.node, score: 0) : hypothesis.node
            finish(node, sum: hypothesis.score, isTruncated: true)
        }
        return true
    }

    /// Whether a live hypothesis may still get into the pool.
    private var canImprove: Bool {
        guard finished.isFull, !settings.finishedKeepPlaces else { return true }
        switch settings.earlyStopping {
        case .full:
            return false
        case .heuristic:
            return settings.score(sum: live[0].score, length: generated) > finished.worstScore
        case .never:
            let length = settings.lengthPenalty > 0 ? settings.maximumLength + (settings.forcesEnd ? 1 : 0) : generated
            return settings.score(sum: live[0].score, length: length) > finished.worstScore
        }
    }
}
