/// What became of one source.
public struct Translation: Sendable, Hashable {
    /// Best first; samples in the order drawn. Of a source with several segments, hypothesis `n` joins the `n`-th
    /// hypotheses of all of them.
    public var hypotheses: [Hypothesis]

    /// The segments that were translated one by one, in the order of the text. Blank stretches are no segments. Empty in
    /// a job's record.
    public var segments: [Segment]

    /// Whether some hypothesis ended because it reached the maximum length.
    public var isTruncated: Bool { hypotheses.contains(where: \.isTruncated) }

    public init(hypotheses: [Hypothesis], segments: [Segment] = []) {
        self.hypotheses = hypotheses
        self.segments = segments
    }

    public typealias Hypothesis = Translations.Hypothesis

    /// A stretch of the source that was translated by itself.
    public struct Segment: Sendable, Hashable {
        public var source: String
        public var sourceTokens: [String]
        /// The segment's best translation.
        public var text: String
        /// Where the sentence, which the model could not hold whole, was cut after this segment; nil after its last part.
        public var split: Split?

        /// Whether the segment has no letters and stands in the output as it is: it has no tokens, and counts in no score.
        public var isCopied: Bool

        public enum Split: String, Sendable { case clause, word, character }

        public init(source: String, sourceTokens: [String], text: String, split: Split?, isCopied: Bool = false) {
            self.source = source
            self.sourceTokens = sourceTokens
            self.text = text
            self.split = split
            self.isCopied = isCopied
        }
    }
}
