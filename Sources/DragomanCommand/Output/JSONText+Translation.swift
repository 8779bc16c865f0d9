package import DragomanEngine

extension JSONText {
    /// `{"index","source","hypotheses":[…],"truncated"?,"confidence"?,"suspicious"?,"glossary_hits"?,"glossary_misses"?,"memory_hits"?,"segments"?}`
    ///
    /// - Parameter withSourceTokens: Whether there are segments even when there is but one, and each has its tokens,
    ///   without which nobody could read alignments.
    package mutating func result(
        index: Int, source: String, _ translation: Translation, withSourceTokens: Bool = false
    ) {
        object { json in
            json.key("index")
            json.number(index)
            json.key("source")
            json.string(source)
            json.key("hypotheses")
            json.array(translation.hypotheses) { $0.hypothesis($1) }
            if translation.isTruncated {
                json.key("truncated")
                json.boolean(true)
            }
            json.remarks(translation)
            if translation.memoryHits > 0 {
                json.key("memory_hits")
                json.number(translation.memoryHits)
            }
            let saysMore = translation.segments.contains {
                $0.isCopied || !$0.spans.isEmpty || !$0.terms.isEmpty || $0.suspicion != nil
                    || $0.memory != nil
            }
            if translation.segments.count > 1 || withSourceTokens || saysMore {
                json.key("segments")
                json.array(translation.segments) { $0.segment($1, withTokens: withSourceTokens) }
            }
        }
    }

    /// `{"index","error":{"code","message"}}`
    package mutating func failure(index: Int, code: String, message: String) {
        object { json in
            json.key("index")
            json.number(index)
            json.key("error")
            json.object { json in
                json.key("code")
                json.string(code)
                json.key("message")
                json.string(message)
            }
        }
    }

    private mutating func hypothesis(_ hypothesis: Hypothesis) {
        object { json in
            json.key("text")
            json.string(hypothesis.text)
            if let score = hypothesis.score {
                json.key("score")
                json.number(score)
            }
            json.key("tokens")
            json.array(hypothesis.tokens) { $0.string($1) }
            if hypothesis.score != nil {
                json.key("token_scores")
                json.array(hypothesis.tokenScores) { $0.number($1) }
            }
            if let alignment = hypothesis.alignment {
                json.key("alignment")
                json.array(alignment) { json, row in json.array(row) { $0.number($1) } }
            }
        }
    }

    /// What is said of the whole: its confidence, whether it looked wrong, and the terms that it has of a glossary.
    mutating func remarks(_ translation: Translation) {
        doubts(translation.confidence, translation.suspicion)
        guard translation.glossaryHits > 0 || !translation.glossaryMisses.isEmpty else { return }
        key("glossary_hits")
        number(translation.glossaryHits)
        key("glossary_misses")
        array(translation.glossaryMisses) { $0.string($1) }
    }

    private mutating func doubts(_ confidence: Float?, _ suspicion: Translation.Segment.Suspicion?) {
        if let confidence {
            key("confidence")
            number(confidence)
        }
        if let suspicion {
            key("suspicious")
            string(suspicion.rawValue)
        }
    }

    private mutating func term(_ term: Translation.Segment.Term) {
        object { json in
            json.key("source")
            json.string(term.source)
            json.key("target")
            json.string(term.target)
            json.key("fate")
            json.string(term.fate.rawValue)
        }
    }

    private mutating func span(_ span: Translation.Segment.Span) {
        object { json in
            json.key("text")
            json.string(span.text)
            json.key("kind")
            json.string(span.kind.rawValue)
            json.key("fate")
            json.string(span.fate.rawValue)
        }
    }

    private mutating func segment(_ segment: Translation.Segment, withTokens: Bool) {
        object { json in
            json.key("source")
            json.string(segment.source)
            if withTokens {
                json.key("source_tokens")
                json.array(segment.sourceTokens) { $0.string($1) }
            }
            json.key("text")
            json.string(segment.text)
            if let split = segment.split {
                json.key("split")
                json.string(split.rawValue)
            }
            if segment.isCopied {
                json.key("copied")
                json.boolean(true)
            }
            if let match = segment.memory {
                json.key("memory")
                json.string(match.rawValue)
            }
            json.doubts(segment.confidence, segment.suspicion)
            if !segment.spans.isEmpty {
                json.key("protected")
                json.array(segment.spans) { $0.span($1) }
            }
            if !segment.terms.isEmpty {
                json.key("terms")
                json.array(segment.terms) { $0.term($1) }
            }
        }
    }
}
