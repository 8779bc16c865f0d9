import Inference
import Markup
import Text
import Translations

extension Preparation {
    /// Makes a translation of what became of a request's segments. A copied segment has one hypothesis, its text: it has no
    /// tokens and no row of alignments, and is no part of the score.
    ///
    /// - Parameter results: Of each segment that was decoded.
    func assemble(_ prepared: Prepared, _ results: [DecodedSegment]) throws -> Translation {
        precondition(results.count == prepared.jobs.count, "each job has its results")
        do {
            var decoded = results.makeIterator()
            let parts = try prepared.segments.map { segment in
                guard segment.copy == nil, let result = decoded.next() else {
                    let copy = segment.copy ?? segment.text
                    // The name of a language is not copied.
                    return Part(texts: [copy], isCopied: copy == segment.text)
                }
                return try part(segment, result)
            }
            let segments = zip(prepared.segments, parts).map { segment, part in
                Translation.Segment(
                    source: segment.text, sourceTokens: part.sourceTokens, text: part.texts[0],
                    split: segment.boundary.map(Translation.Segment.Split.init),
                    isCopied: segment.copy != nil && segment.memory == nil,
                    spans: part.spans, terms: part.terms,
                    confidence: prepared.withScores ? part.hypotheses.first?.confidence : nil,
                    suspicion: part.suspicion, memory: segment.memory)
            }
            let count = parts.map(\.texts.count).max() ?? 1
            let hypotheses = (0..<count).map {
                hypothesis(parts, rank: $0, prepared)
            }
            var translation = Translation(hypotheses: hypotheses, segments: segments)
            let terms = parts.flatMap(\.terms)
            translation.glossaryHits = terms.count { $0.fate != .missed }
            translation.glossaryMisses = terms.filter { $0.fate == .missed }.map(\.source)
            translation.confidence = segments.compactMap(\.confidence).min()
            translation.suspicion = segments.lazy.compactMap(\.suspicion).first
            return translation
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        }
    }

    /// What became of a segment.
    private struct Part {
        /// Of each hypothesis.
        var texts: [String]
        /// Of each hypothesis, where marks follow the segment's words.
        var alignments: [WordAlignment?] = []
        /// Whether it stands as it is.
        var isCopied = false
        /// Empty where the segment is copied.
        var hypotheses: [TokenHypothesis] = []
        var sourceTokens: [String] = []
        var spans: [Translation.Segment.Span] = []
        var terms: [Translation.Segment.Term] = []
        var suspicion: Translation.Segment.Suspicion?
    }

    private func part(_ segment: SegmentSource, _ decoded: DecodedSegment) throws -> Part {
        guard !decoded.hypotheses.isEmpty else {
            throw TranslationError(
                .nothingAllowed,
                "no output is possible for \"\(segment.text.prefix(80))\": the request's constraints "
                    + "forbid every token, or the model computed numbers that are not finite")
        }
        return Part(
            texts: decoded.texts.map { segment.leading + $0 + segment.trailing },
            alignments: segment.isMarked
                ? try decoded.hypotheses.indices.map { try alignment(segment, decoded, rank: $0) } : [],
            hypotheses: decoded.hypotheses, sourceTokens: sourceTokens(decoded.job, segment.frame),
            spans: spans(segment, decoded.fates), terms: decoded.terms, suspicion: decoded.suspicion)
    }

    /// What became of a segment's protected spans.
    private func spans(
        _ segment: SegmentSource, _ fates: [Translation.Segment.Span.Fate]
    ) -> [Translation.Segment.Span] {
        segment.spans.indices.map { index in
            let span = segment.spans[index]
            return Translation.Segment.Span(
                text: String(span.text), kind: .init(span.kind),
                fate: segment.inner.contains(index) ? fates[index - segment.inner.lowerBound] : .outside)
        }
    }

    func text(_ hypothesis: TokenHypothesis, _ layout: Layout) throws -> String {
        switch layout {
        case .document, .markup, .target: try tokenizer?.decode(hypothesis.tokens.filter { !hidden.contains($0) }) ?? ""
        case .tokens: tokens(hypothesis).joined(separator: " ")
        }
    }

    /// Joins one hypothesis of each segment.
    private func hypothesis(_ parts: [Part], rank: Int, _ prepared: Prepared) -> Hypothesis {
        let withScores = prepared.withScores
        let texts = parts.map { $0.texts[min(rank, $0.texts.count - 1)] }
        let text =
            switch prepared.layout {
            case .document(let document, let joint, let wrap):
                Self.wrapped(document.reassemble(texts, joint: joint), wrap)
            case .markup(let markup, let documents, let joint):
                Self.woven(
                    markup, documents,
                    zip(parts, texts).map { part, text in
                        part.isCopied
                            ? nil
                            : (
                                text,
                                part.alignments.isEmpty ? nil : part.alignments[min(rank, part.alignments.count - 1)]
                            )
                    }, joint: joint)
            case .tokens, .target: texts.joined(separator: " ")
            }
        let parts = parts.compactMap { part in
            part.hypotheses.isEmpty ? nil : part.hypotheses[min(rank, part.hypotheses.count - 1)]
        }
        let scores =
            withScores
            ? parts.map { SegmentScore(score: $0.score, weight: UInt32($0.tokenScores.count)) } : []
        let alignments = prepared.withAlignments ? parts.compactMap(\.alignment) : []
        var hypothesis = Hypothesis(
            text: text, score: withScores ? SegmentScore.mean(scores) : nil,
            tokens: parts.flatMap(tokens), tokenScores: withScores ? parts.flatMap(\.tokenScores) : [],
            alignment: alignments.isEmpty ? nil : alignments.flatMap { $0 },
            isTruncated: parts.contains(where: \.isTruncated))
        hypothesis.segmentScores = scores
        return hypothesis
    }

    private static func wrapped(_ text: String, _ wrap: Wrap?) -> String {
        wrap.map { Paragraphs.wrapped(text, columns: $0.columns, lineEnds: $0.lineEnds) } ?? text
    }

    private func tokens(_ hypothesis: TokenHypothesis) -> [String] {
        hypothesis.tokens.map { targetVocabulary.token(of: $0) ?? "<\($0)>" }
    }

    /// What the encoder read, less what every source ends with.
    private func sourceTokens(_ job: SegmentJob, _ frame: SegmentFrame) -> [String] {
        job.source.dropLast(frame.sourceSuffix.count).map { sourceVocabulary.token(of: Int($0)) ?? "<\($0)>" }
    }
}

extension Translation.Segment.Span.Kind {
    fileprivate init(_ kind: ProtectedSpan.Kind) {
        switch kind {
        case .placeholder: self = .placeholder
        case .entity: self = .entity
        case .code: self = .code
        case .url: self = .url
        case .email: self = .email
        case .file: self = .file
        case .hashtag: self = .hashtag
        case .mention: self = .mention
        case .note: self = .note
        case .symbol: self = .symbol
        }
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
