package import DragomanEngine
package import JobModel

extension Output {
    /// - Parameter content: What was asked for.
    package init(_ translation: Translation, content: ChunkContent) {
        self.init(hypotheses: translation.hypotheses.map { Hypothesis($0, wantsTokens: content.wantsTokens) })
    }
}

extension Output.Hypothesis {
    fileprivate init(_ hypothesis: Translation.Hypothesis, wantsTokens: Bool) {
        self.init(text: hypothesis.text, score: hypothesis.score, isTruncated: hypothesis.isTruncated)
        if wantsTokens {
            tokens = hypothesis.tokens
            tokenScores = hypothesis.tokenScores
        }
        alignment = hypothesis.alignment ?? []
        segmentScores = hypothesis.segmentScores.map {
            Output.SegmentScore(score: $0.score, weight: UInt32($0.weight))
        }
    }
}
