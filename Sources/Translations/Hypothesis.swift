/// One way to translate a source.
public struct Hypothesis: Sendable, Hashable {
    public var text: String
    /// The length-normalised log-probability; of several segments, the mean weighted by their lengths in tokens. Nil when
    /// no scores are asked for.
    public var score: Float?
    /// The target tokens of all segments, without `</s>`. A job's record has them when it asks for them.
    public var tokens: [String]
    /// The log-probability of each of `tokens`, and where a segment's search reached `</s>`, of that. Empty without
    /// scores.
    public var tokenScores: [Float]
    /// Cross-attention weights, `[target tokens][source tokens]`, when asked for. Each row has the columns of its own
    /// segment (`</s>` last).
    public var alignment: [[Float]]?
    /// Whether it ended because it reached the maximum length.
    public var isTruncated: Bool
    /// What `score` is the mean of, so that the pieces of a document can be put together to the same bits. Empty without
    /// scores.
    package var segmentScores: [SegmentScore] = []

    public init(
        text: String, score: Float?, tokens: [String] = [], tokenScores: [Float] = [], alignment: [[Float]]? = nil,
        isTruncated: Bool = false
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
package struct SegmentScore: Sendable, Hashable {
    package var score: Float
    /// How many token scores it weighs.
    package var weight: UInt32

    package init(score: Float, weight: UInt32) {
        self.score = score
        self.weight = weight
    }

    /// The mean of the scores by their weights, summed in the order of the text: of floats, any other order has other
    /// bits. Of one segment, its own.
    package static func mean(_ parts: [SegmentScore]) -> Float {
        if parts.count == 1 { return parts[0].score }
        let weight = parts.reduce(0) { $0 + Float($1.weight) }
        let sum = parts.reduce(0) { $0 + $1.score * Float($1.weight) }
        return weight > 0 ? sum / weight : 0
    }
}
