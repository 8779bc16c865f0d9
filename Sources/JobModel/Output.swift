/// What became of one source.
public struct Output: Sendable, Hashable {
    /// Best first; samples in the order drawn.
    public var hypotheses: [Hypothesis]

    public init(hypotheses: [Hypothesis]) {
        self.hypotheses = hypotheses
    }

    public struct Hypothesis: Sendable, Hashable {
        public var text: String
        /// Length-normalised log-probability; of several segments, the mean weighted by their lengths in tokens. Nil when
        /// the job asks for no scores.
        public var score: Float?
        /// Whether it ended at the maximum length.
        public var isTruncated: Bool
        /// Empty unless asked for.
        public var tokens: [String] = []
        public var tokenScores: [Float] = []
        /// A row of source weights for each target token; empty unless asked for.
        public var alignment: [[Float]] = []
        /// What `score` is the mean of, so that the pieces of a document can be put together to the same bits.
        package var segmentScores: [SegmentScore] = []

        public init(text: String, score: Float?, isTruncated: Bool = false) {
            self.text = text
            self.score = score
            self.isTruncated = isTruncated
        }
    }

    package struct SegmentScore: Sendable, Hashable {
        package var score: Float
        /// Token scores that it weighs.
        package var weight: UInt32

        package init(score: Float, weight: UInt32) {
            self.score = score
            self.weight = weight
        }
    }
}
