import Inference
import Text
import Translations

extension Preparation {
    /// Makes a translation of the hypotheses of a request's segments.
    ///
    /// - Parameter results: For each segment its hypotheses, best first.
    func assemble(_ prepared: Prepared, _ results: [[TokenHypothesis]]) throws -> Translation {
        if let empty = results.firstIndex(where: \.isEmpty) {
            throw TranslationError(
                .nothingAllowed,
                "no output is possible for \"\(prepared.segments[empty].text.prefix(80))\": the request's constraints "
                    + "forbid every token, or the model computed numbers that are not finite")
        }
        do {
            let texts = try results.map { try $0.map { try text($0, prepared.layout) } }
            let segments = zip(zip(prepared.segments, prepared.jobs), texts).map { entry, texts in
                Translation.Segment(
                    source: entry.0.text, sourceTokens: sourceTokens(entry.1, entry.0.frame), text: texts[0],
                    split: entry.0.boundary.map(Translation.Segment.Split.init))
            }
            let count = results.map(\.count).max() ?? 1
            let hypotheses = (0..<count).map { rank in
                hypothesis(
                    results.map { $0[min(rank, $0.count - 1)] }, texts: texts.map { $0[min(rank, $0.count - 1)] },
                    prepared.layout, withScores: prepared.withScores)
            }
            return Translation(hypotheses: hypotheses, segments: segments)
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        }
    }

    private func text(_ hypothesis: TokenHypothesis, _ layout: Layout) throws -> String {
        switch layout {
        case .document, .target: try tokenizer?.decode(hypothesis.tokens.filter { !hidden.contains($0) }) ?? ""
        case .tokens: tokens(hypothesis).joined(separator: " ")
        }
    }

    /// Joins one hypothesis of each segment.
    private func hypothesis(
        _ parts: [TokenHypothesis], texts: [String], _ layout: Layout, withScores: Bool
    ) -> Hypothesis {
        let text =
            switch layout {
            case .document(let document, let joint): document.reassemble(texts, joint: joint)
            case .tokens, .target: texts.joined(separator: " ")
            }
        let scores =
            withScores
            ? parts.map { SegmentScore(score: $0.score, weight: UInt32($0.tokenScores.count)) } : []
        let alignments = parts.compactMap(\.alignment)
        var hypothesis = Hypothesis(
            text: text, score: withScores ? SegmentScore.mean(scores) : nil,
            tokens: parts.flatMap(tokens), tokenScores: withScores ? parts.flatMap(\.tokenScores) : [],
            alignment: alignments.isEmpty ? nil : alignments.flatMap { $0 },
            isTruncated: parts.contains(where: \.isTruncated))
        hypothesis.segmentScores = scores
        return hypothesis
    }

    private func tokens(_ hypothesis: TokenHypothesis) -> [String] {
        hypothesis.tokens.map { targetVocabulary.token(of: $0) ?? "<\($0)>" }
    }

    /// What the encoder read, less what every source ends with.
    private func sourceTokens(_ job: SegmentJob, _ frame: SegmentFrame) -> [String] {
        job.source.dropLast(frame.sourceSuffix.count).map { sourceVocabulary.token(of: Int($0)) ?? "<\($0)>" }
    }
}

extension Translation.Segment.Split {
    fileprivate init(_ boundary: SplitBoundary) {
        switch boundary {
        case .clause: self = .clause
        case .word: self = .word
        case .character: self = .character
        }
    }
}
