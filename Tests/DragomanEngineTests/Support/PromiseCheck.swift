import DragomanEngine

/// What every translation owes to its request's options.
struct PromiseCheck {
    let model: EngineModel
    let configuration: ModelConfiguration
    let defaults: GenerationDefaults

    /// Returns the promises that a translation breaks.
    func broken(_ translation: Translation, _ request: TranslationRequest) -> [String] {
        var broken: [String] = []
        func expect(_ isKept: Bool, _ promise: String) { if !isKept { broken.append(promise) } }
        let options = request.options
        expect(!translation.hypotheses.isEmpty, "there is a hypothesis")
        if case .tokens(let source) = request.source {
            let isBlank = source.isEmpty && request.target == nil
            let found = translation.segments.map(\.sourceTokens)
            expect(found.map(\.count) == (isBlank ? [] : [source.count]), "a source as long as its own")
            expect(
                zip(found.flatMap { $0 }, source).allSatisfy { $0 == $1 || $0 == "<unk>" },
                "its own source, but for unknown tokens")
        }
        let isScoring = request.target != nil
        let decoded = translation.segments.filter { !$0.isCopied }
        if !broken.isEmpty { return broken }
        expect(translation.hypotheses.count <= (isScoring ? 1 : options.nBest ?? 1), "as many as n_best at most")
        if !options.isSampling {
            let scores = translation.hypotheses.compactMap(\.score)
            // The means of several segments need not be in order: a weight is a length.
            expect(translation.segments.count > 1 || scores == scores.sorted(by: >), "best first")
        }
        for hypothesis in translation.hypotheses {
            if options.returnScores ?? true {
                expect(hypothesis.score?.isFinite == true, "a finite score")
                expect(hypothesis.tokenScores.allSatisfy(\.isFinite), "finite token scores")
                let ends = hypothesis.tokenScores.count - hypothesis.tokens.count
                expect((0...decoded.count).contains(ends), "a score for each token and end")
            } else {
                expect(hypothesis.score == nil && hypothesis.tokenScores.isEmpty, "no scores")
            }
            expect(
                (hypothesis.alignment != nil) == (options.alignments ?? false && !decoded.isEmpty),
                "alignments when asked for")
            expect(hypothesis.alignment.map { $0.count == hypothesis.tokens.count } ?? true, "alignments of all tokens")
            for row in hypothesis.alignment ?? [] {
                expect(abs(row.reduce(0, +) - 1) < 1e-4, "alignments that sum to 1")
            }
            if decoded.isEmpty, !translation.segments.isEmpty {
                expect(hypothesis.tokens.isEmpty, "no tokens of what is copied")
            }
            if decoded.count == 1 && translation.segments.count == 1 && !isScoring {
                let length = decoded[0].sourceTokens.count
                broken += self.broken(hypothesis, options, sourceLength: length)
            }
        }
        if case .tokens(let target)? = request.target {
            expect(translation.hypotheses[0].tokens == target, "the target itself")
        }
        return broken
    }

    /// The promises of a search's options, for one segment.
    private func broken(
        _ hypothesis: Translation.Hypothesis, _ options: SearchOptions, sourceLength: Int
    ) -> [String] {
        var broken: [String] = []
        func expect(_ isKept: Bool, _ promise: String) { if !isKept { broken.append(promise) } }
        let count = hypothesis.tokens.count
        let (minimum, maximum) = lengths(options, sourceLength: sourceLength)
        expect(count <= maximum, "at most \(maximum) tokens, not \(count)")
        expect(count >= minimum, "at least \(minimum) tokens, not \(count)")
        expect(!hypothesis.isTruncated || count == maximum, "cut at \(maximum) tokens, not \(count)")

        let tokens = hypothesis.tokens.compactMap(model.targetID)
        expect(tokens.count == count, "tokens of the vocabulary")
        var prompt: [Int] = []
        if case .tokens(let prefix)? = options.prefix { prompt = prefix.compactMap(model.targetID) }
        let first = options.forceFirstToken.flatMap(model.targetID) ?? defaults.forcedFirstToken
        if let first, prompt.first != first { prompt.insert(first, at: 0) }
        if case .text? = options.prefix { return broken }
        expect(tokens.starts(with: prompt), "the prefix")

        let written = (options.suppress ?? []).map { Tokens.split($0).compactMap(model.targetID) }
        // Where the target's vocabulary lacks the unknown token, its id is another's.
        let unknown = configuration.specials.unknown
        let isInTarget = model.target[unknown] == model.source[unknown]
        let disallowed = options.disallowUnknown ?? true && isInTarget ? [[unknown]] : []
        for sequence in written + disallowed + defaults.suppressed where !sequence.isEmpty {
            expect(!Self.ends(of: sequence, in: tokens).contains { $0 > prompt.count }, "no \(sequence)")
        }
        if let size = options.noRepeatNgramSize, size > 0, size <= count {
            for end in max(prompt.count + 1, size)...max(prompt.count + 1, size, count) where end <= count {
                let ends = Self.ends(of: Array(tokens[end - size..<end]), in: tokens)
                expect(ends.first == end, "no second \(tokens[end - size..<end])")
            }
        }
        return broken
    }

    private func lengths(_ options: SearchOptions, sourceLength: Int) -> (minimum: Int, maximum: Int) {
        let forcesEnd = defaults.forcedLastToken != nil
        let limit = configuration.decoder.maximumLength - (forcesEnd ? 2 : 1)
        var maximum = min(options.maximumLength ?? defaults.maximumLength ?? limit, limit)
        if let ratio = options.maximumLengthRatio {
            let length = Double(ratio * Float(sourceLength)).rounded(.up)
            maximum = length < Double(maximum) ? max(Int(length), forcesEnd ? 0 : 1) : maximum
        }
        var minimum = options.minimumLength ?? defaults.minimumLength
        if let ratio = options.minimumLengthRatio {
            minimum = max(minimum, Int(min(Double(ratio * Float(sourceLength)).rounded(.down), 1e9)))
        }
        return (min(minimum, maximum), maximum)
    }

    /// Where a sequence ends in others, as counts of tokens.
    private static func ends(of sequence: [Int], in tokens: [Int]) -> [Int] {
        guard sequence.count <= tokens.count else { return [] }
        return (sequence.count...tokens.count).filter { Array(tokens[$0 - sequence.count..<$0]) == sequence }
    }
}
