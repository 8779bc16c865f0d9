/// What became of one request.
public struct Translation: Sendable, Equatable {
    /// Best first; samples in the order drawn. Of a request with several segments, hypothesis `n` joins the `n`-th hypotheses of all of them.
    public var hypotheses: [Hypothesis]

    /// The segments that were translated one by one, in the order of the text. Blank stretches are no segments.
    public var segments: [Segment]

    /// Whether some output ended because it reached the maximum length.
    public var isTruncated: Bool { hypotheses.contains(where: \.isTruncated) }

    public init(hypotheses: [Hypothesis], segments: [Segment]) {
        self.hypotheses = hypotheses
        self.segments = segments
    }

    /// One way to translate the request.
    public struct Hypothesis: Sendable, Equatable {
        public var text: String
        /// The segment's score; of several segments, the mean weighted by their length in tokens. Nil when the request asks
        /// for no scores.
        public var score: Float?
        /// The target tokens of all segments, without `</s>`.
        public var tokens: [String]
        /// The log-probability of each of `tokens`, and where a segment's search reached `</s>`, of that. Empty without
        /// scores.
        public var tokenScores: [Float]
        /// Cross-attention weights, `[target tokens][source tokens]`, when asked for. Each row has the columns of its
        /// own segment (`</s>` last).
        public var alignment: [[Float]]?
        public var isTruncated: Bool
        /// Of each segment, its score and how many token scores that weighs: what `score` is the mean of. Empty without
        /// scores.
        package var segmentScores: [SegmentScore] = []

        public init(
            text: String, score: Float?, tokens: [String], tokenScores: [Float], alignment: [[Float]]?,
            isTruncated: Bool
        ) {
            self.text = text
            self.score = score
            self.tokens = tokens
            self.tokenScores = tokenScores
            self.alignment = alignment
            self.isTruncated = isTruncated
        }
    }

    /// One segment's share of a hypothesis' score.
    package struct SegmentScore: Sendable, Equatable {
        package var score: Float
        package var weight: Int

        package init(score: Float, weight: Int) {
            self.score = score
            self.weight = weight
        }

        /// The mean of the scores by their weights, summed in the order of the text; of one segment, its own.
        package static func mean(_ parts: [SegmentScore]) -> Float {
            if parts.count == 1 { return parts[0].score }
            let weight = parts.reduce(0) { $0 + Float($1.weight) }
            let sum = parts.reduce(0) { $0 + $1.score * Float($1.weight) }
            return weight > 0 ? sum / weight : 0
        }
    }

    /// A stretch of the source that was translated by itself.
    public struct Segment: Sendable, Equatable {
        public var source: String
        public var sourceTokens: [String]
        /// The segment's best translation.
        public var text: String
        /// Where the sentence, which the model could not hold whole, was cut after this segment; nil after its last part.
        public var split: Split?

        public enum Split: String, Sendable { case clause, word, character }

        public init(source: String, sourceTokens: [String], text: String, split: Split?) {
            self.source = source
            self.sourceTokens = sourceTokens
            self.text = text
            self.split = split
        }
    }
}
