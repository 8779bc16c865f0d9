package import CKernels
import Tensors

/// Beam search for outputs that have required phrases, or are made by a template: dynamic beam allocation (Post and Vilar 2018, arXiv:1804.06609;
/// Hu et al. 2019, arXiv:1904.09324).
///
/// A step's candidates are the best tokens after each hypothesis, and those that its phrases go on with. They compete only
/// with candidates that have as many tokens of the phrases: each such bank has its share of the beam. An output ends only
/// when it has all phrases; where the maximum length leaves none that has, those that come nearest are the result.
///
/// Ours are: a phrase may have several forms; what is left over when shares are even goes to the furthest banks.
package final class ConstrainedSearch<Guide: SearchGuide>: Search {
    private struct Hypothesis {
        var node: TokenTree.Node
        var score: Float
        var progress: Guide.Progress
    }

    private struct Candidate {
        var score: Float
        var token: Int32
        var hypothesis: Int
        var tokenScore: Float
        var progress: Guide.Progress
        var bank: Int
        /// The score less a penalty.
        var rank: Float

        func isBetter(than other: Candidate) -> Bool {
            if bank != other.bank { return bank > other.bank }
            if rank != other.rank { return rank > other.rank }
            return token != other.token ? token < other.token : hypothesis < other.hypothesis
        }
    }

    private let settings: SearchSettings
    private let guide: Guide
    private let fillers: TokenTest?
    private let memory: SegmentMemory
    private let prompt: Prompt
    /// How many of its best tokens each hypothesis may go on with.
    private let width: Int
    private var tree: TokenTree
    private var live: [Hypothesis]
    private var candidates: [Candidate] = []
    private var finished: FinishedPool
    private var generated = 0
    private var isFirstStep = true

    /// - Parameter fillers: Which tokens may come beside those that bring a hypothesis further; nil: all.
    package init(_ settings: SearchSettings, _ guide: Guide, fillers: TokenTest? = nil, memory: SegmentMemory) {
        self.settings = settings
        self.guide = guide
        self.fillers = fillers
        self.memory = memory
        prompt = Prompt(settings)
        width = (2 + settings.otherEnds.count) * settings.beamSize
        tree = TokenTree(
            capacity: settings.beamSize * (settings.maximumLength + 2), settings, sourceLength: memory.sourceLength)
        live = [Hypothesis(node: TokenTree.root, score: 0, progress: guide.start)]
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

    package func bestCount(row index: Int) -> Int? { nil }

    package func read(_ summary: UnsafePointer<dragoman_summary>, row index: Int, scratch: SearchScratch) {
        preconditionFailure("a phrase's tokens need not be among the best")
    }

    package func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch) {
        if isFirstStep && index < prompt.length {
            let token = prompt.tokens[index + 1]
            let score = prompt.score(after: index, logits: logits, scratch: scratch)
            live[0].node = tree.append(token, after: live[0].node, score: score, alignment: memory.alignment(index))
            live[0].score += score
            guide.advance(&live[0].progress, by: token, isPrompt: true)
            generated += 1
            return
        }
        let hypothesis = isFirstStep ? 0 : index
        let progress = live[hypothesis].progress
        let normalizer = scratch.constrain(
            logits, settings: settings, tree: tree, node: live[hypothesis].node, generated: generated,
            actsOnLogProbabilities: true)
        if !guide.isComplete(progress) {
            logits[Int(settings.endToken)] = -.infinity
            for token in settings.otherEnds { logits[Int(token)] = -.infinity }
        }
        // What is forbidden is minus infinity, and no candidate.
        for token in Set(guide.next(progress)) where logits[Int(token)] > -.infinity {
            add(token, score: logits[Int(token)] - normalizer, after: hypothesis)
            logits[Int(token)] = -.infinity
        }
        guard guide.isOpen(progress) else {
            for token in [settings.endToken] + settings.otherEnds where logits[Int(token)] > -.infinity {
                add(token, score: logits[Int(token)] - normalizer, after: hypothesis)
            }
            return
        }
        let count = scratch.findBest(width, of: logits)
        for rank in 0..<count where scratch.values.pointer[rank] > -.infinity {
            let token = scratch.indices.pointer[rank]
            guard guide.allows(token, progress), fillers?.isMet(token) ?? true else { continue }
            add(token, score: scratch.values.pointer[rank] - normalizer, after: hypothesis)
        }
    }

    package func advance() -> Bool {
        // The prompt may be as long as the output may become.
        if isFirstStep && generated >= settings.maximumLength { return endAtMaximum() }
        let stepIndexOffset = isFirstStep ? prompt.length : 0
        isFirstStep = false
        generated += 1
        candidates.sort { $0.isBetter(than: $1) }
        func node(of candidate: Candidate) -> TokenTree.Node {
            tree.append(
                candidate.token, after: live[candidate.hypothesis].node, score: candidate.tokenScore,
                alignment: memory.alignment(candidate.hypothesis + stepIndexOffset))
        }
        // Ends come only where all is met: they are in the first bank.
        for candidate in candidates.prefix(settings.beamSize) where settings.ends(candidate.token) {
            finish(node(of: candidate), sum: candidate.rank, isTruncated: false)
        }
        candidates.removeAll { settings.ends($0.token) }
        var survivors: [Hypothesis] = []
        for candidate in chosen() {
            memory.continueHypothesis(candidate.hypothesis, as: survivors.count, length: generated)
            survivors.append(
                Hypothesis(node: node(of: candidate), score: candidate.score, progress: candidate.progress))
        }
        live = survivors
        candidates.removeAll(keepingCapacity: true)
        memory.flip()
        if live.isEmpty || !canImprove { return true }
        return generated >= settings.maximumLength ? endAtMaximum() : false
    }

    package func hypotheses() -> [TokenHypothesis] {
        finished.entries.prefix(settings.nBest).map { entry in
            var hypothesis = tree.hypothesis(
                endingWith: entry.node, ends: settings.ends, score: entry.score, isTruncated: entry.isTruncated)
            // What it is chosen by may be less than its score, which is summed in the order of the search.
            let sum = hypothesis.tokenScores.reduce(0, +)
            hypothesis.score = settings.score(sum: sum, length: hypothesis.tokenScores.count)
            return hypothesis
        }
    }

    private func add(_ token: Int32, score: Float, after hypothesis: Int) {
        var progress = live[hypothesis].progress
        if !settings.ends(token) { guide.advance(&progress, by: token, isPrompt: false) }
        candidates.append(
            Candidate(
                score: live[hypothesis].score + score, token: token, hypothesis: hypothesis, tokenScore: score,
                progress: progress, bank: guide.bank(progress),
                rank: live[hypothesis].score + score - guide.penalty(progress)))
    }

    /// The candidates that live on, best bank first.
    private func chosen() -> [Candidate] {
        var counts = [Int](repeating: 0, count: guide.weight + 1)
        for candidate in candidates { counts[candidate.bank] += 1 }
        var places = BeamPlaces.shared(settings.beamSize, by: counts)
        return candidates.filter { candidate in
            guard places[candidate.bank] > 0 else { return false }
            places[candidate.bank] -= 1
            return true
        }
    }

    private func finish(_ node: TokenTree.Node, sum: Float, isTruncated: Bool) {
        let score = settings.score(sum: sum, length: generated)
        finished.insert(FinishedPool.Entry(node: node, score: score, isTruncated: isTruncated))
    }

    /// Ends the live hypotheses that have all phrases; where no output has, those that have the most.
    private func endAtMaximum() -> Bool {
        let most = finished.entries.isEmpty ? live.map { guide.bank($0.progress) }.max() : guide.weight
        let ending = live.filter { guide.bank($0.progress) == most }
        if settings.forcesEnd { generated += 1 }
        for hypothesis in ending {
            let node =
                settings.forcesEnd ? tree.append(settings.endToken, after: hypothesis.node, score: 0) : hypothesis.node
            finish(node, sum: hypothesis.score - guide.penalty(hypothesis.progress), isTruncated: true)
        }
        return true
    }

    /// Whether a live hypothesis may still get into the pool.
    private var canImprove: Bool {
        guard finished.isFull else { return true }
        let best = live.map(\.score).max() ?? -.infinity
        switch settings.earlyStopping {
        case .full:
            return false
        case .heuristic:
            return settings.score(sum: best, length: generated) > finished.worstScore
        case .never:
            let length = settings.lengthPenalty > 0 ? settings.maximumLength + (settings.forcesEnd ? 1 : 0) : generated
            return settings.score(sum: best, length: length) > finished.worstScore
        }
    }
}
