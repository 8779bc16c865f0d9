/// How one request is searched. `nil` means "as the model's own generation settings say".
///
/// Lengths count target tokens without the end-of-sentence token. The semantics are those of Hugging Face `generate`:
/// its `max_length` is `maximumLength + 2` and its `min_length` is `minimumLength + 1`.
public struct DecodingOptions: Sendable, Equatable {
    /// Hypotheses kept alive at every step; 1 is greedy search.
    public var beamSize: Int?
    /// Hypotheses returned, best first; at most `beamSize`. When sampling, the number of samples, in the order in which
    /// they were drawn.
    public var nBest: Int?
    /// A hypothesis' score is its summed log-probability divided by its length, `</s>` included, to this power;
    /// -8 to 8.
    public var lengthPenalty: Float?
    public var earlyStopping: EarlyStopping?
    /// How many finished hypotheses end the search, as a multiple of `beamSize` (Kasai et al. 2022, arXiv:2204.05424).
    public var patience: Float?
    public var maximumLength: Int?
    /// Where it is above the maximum, the maximum holds.
    public var minimumLength: Int?
    /// Further limits on length, as multiples of the number of source tokens, `</s>` not counted.
    public var maximumLengthRatio: Float?
    public var minimumLengthRatio: Float?
    /// Divides the positive and multiplies the negative scores of tokens already in the output (arXiv:1909.05858).
    public var repetitionPenalty: Float?
    /// Forbids the second appearance of any sequence of this many tokens; 0 allows it.
    public var noRepeatNgramSize: Int?
    /// Sequences of target tokens that must not appear in the output, over those that the model forbids.
    package var suppressed: [[Int]]
    /// The token that the output begins with (a target language, as a rule); its score is 0.
    package var forcedFirstToken: Int?
    /// The tokens that the output begins with; scored, not chosen.
    package var prefix: [Int]
    /// Whether log-probabilities are normalised again after tokens have been forbidden or penalised.
    public var renormalizesScores: Bool?
    public var sampling: Sampling?
    /// Whether hypotheses carry scores. Greedy search is faster without; any other search needs them for itself.
    public var returnsScores: Bool
    /// Whether hypotheses carry their cross-attention weights.
    public var returnsAlignments: Bool

    public init() {
        suppressed = []
        prefix = []
        returnsScores = true
        returnsAlignments = false
    }

    public enum EarlyStopping: String, Sendable, Equatable, Codable {
        /// End as soon as enough hypotheses are finished.
        case whenFull
        /// End when the best running hypothesis, at its present length, is worse than the worst finished one.
        case heuristic
        /// End only when no running hypothesis can become better than the worst finished one.
        case never
    }

    /// Draws tokens at random instead of searching; the random stream belongs to the request.
    public struct Sampling: Sendable, Equatable {
        /// Draw from the `topK` likeliest tokens; 0 means all.
        public var topK: Int
        /// Draw from the smallest set of likeliest tokens whose probability reaches this.
        public var topP: Float
        /// Divides scores before the draw.
        public var temperature: Float
        public var seed: UInt64

        public init(topK: Int = 0, topP: Float = 1, temperature: Float = 1, seed: UInt64 = 0) {
            self.topK = topK
            self.topP = topP
            self.temperature = temperature
            self.seed = seed
        }
    }
}
