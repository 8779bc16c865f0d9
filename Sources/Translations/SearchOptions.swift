/// How to translate, as a user says it on the command line, in JSON, in a job or to the engine; `nil` is "as the model's
/// files say".
///
/// Lengths count target tokens, the end token not among them. The semantics are those of Hugging Face `generate`. Each option has a row in `SearchOption.table`, which says the rest about it.
public struct SearchOptions: Sendable, Hashable {
    /// Hypotheses kept alive at every step; 1 is greedy search.
    public var beamSize: Int?
    /// Hypotheses returned, best first; at most `beamSize`. When sampling, the number of samples, in the order in which
    /// they were drawn.
    public var nBest: Int?
    /// A hypothesis' score is its summed log-probability divided by its length, the end token included, to this power.
    public var lengthPenalty: Float?
    public var maximumLength: Int?
    /// Where it is above the model's maximum, the maximum holds.
    public var minimumLength: Int?
    /// Further limits on length, as multiples of the number of source tokens.
    public var maximumLengthRatio: Float?
    public var minimumLengthRatio: Float?
    public var earlyStopping: EarlyStoppingRule?
    /// How many finished hypotheses end the search, as a multiple of `beamSize` (Kasai et al. 2022, arXiv:2204.05424).
    public var patience: Float?
    /// Divides the positive and multiplies the negative scores of tokens already in the output (arXiv:1909.05858).
    public var repetitionPenalty: Float?
    /// Forbids the second appearance of any sequence of this many tokens; 0 allows it.
    public var noRepeatNgramSize: Int?
    /// Sequences of target tokens, each separated by spaces or tabs, that must not appear in the output.
    public var suppress: [String]?
    /// The target token that every segment's output begins with (a target language, as a rule).
    public var forceFirstToken: String?
    /// What the output of the first segment begins with; scored, not chosen.
    public var prefix: Source?
    /// Whether log-probabilities are normalised again after tokens have been forbidden or penalised.
    public var renormalizeScores: Bool?
    /// Draw from so many of the likeliest tokens; 0 means all.
    public var samplingTopK: Int?
    /// Draw from the smallest set of likeliest tokens whose probability reaches this.
    public var samplingTopP: Float?
    /// Divides scores before the draw.
    public var temperature: Float?
    /// Begins the random stream, which every request has for itself; 0 unless given.
    public var seed: UInt64?
    /// Whether hypotheses have their cross-attention weights; not unless given.
    public var alignments: Bool?
    /// Whether hypotheses have scores; yes unless given. Greedy search is faster without, any other needs them for itself.
    public var returnScores: Bool?
    /// Whether the unknown token, which leaves a hole in the text, is never produced; yes unless given. A prefix may have
    /// it, and a target that is scored.
    public var disallowUnknown: Bool?
    /// Where texts are cut into segments; at the ends of sentences unless given.
    public var split: SplitRule?
    /// The most source tokens of a segment, where that is less than the model holds.
    public var maximumSegmentLength: Int?
    /// Whether lines next to each other are one hard-wrapped paragraph; not unless given.
    public var paragraphs: Bool?
    /// Columns at which the lines of translated paragraphs are wrapped again; with `paragraphs`.
    public var wrap: Int?
    /// Whether segments of digits and marks are translated; they are copied unless given.
    public var translateNumbers: Bool?
    /// What texts are written in; plain text unless given. Tags go with their words, and all that is not text stays as it is.
    public var markup: MarkupLanguage?
    /// Elements whose contents stay as they are, as with the attribute `translate="no"`.
    public var ignoreTags: [String]?
    /// Elements that end the sentence before them, and whose text is by itself.
    public var splittingTags: [String]?
    /// Elements that are part of the sentence around them.
    public var nonSplittingTags: [String]?
    /// Whether a segment is decoded again when its output lacks protected text or looks wrong; it is unless given.
    public var secondPass: Bool?

    public init() {}

    /// Whether none is given, as in most jobs: for these the table need not be gone through.
    package var isEmpty: Bool { self == Self.none }
    private static let none = SearchOptions()

    /// Sampling needs no switch of its own: any of its options turns it on.
    public var isSampling: Bool {
        samplingTopK != nil || samplingTopP != nil || temperature != nil || seed != nil
    }

    /// These options, and where one is not given, that of `defaults`.
    public func over(_ defaults: SearchOptions) -> SearchOptions {
        var merged = defaults
        for option in SearchOption.table { option.copyIfGiven(self, &merged) }
        return merged
    }
}
