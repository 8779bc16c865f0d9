public import Translations

/// What a model's own files say about how it is to be searched.
public struct GenerationDefaults: Sendable, Equatable, Codable {
    public var beamSize = 1
    public var lengthPenalty: Float = 1
    public var earlyStopping = EarlyStoppingRule.heuristic
    /// In target tokens without `</s>`; `nil` when the files name no limit.
    public var maximumLength: Int?
    public var minimumLength = 0
    public var repetitionPenalty: Float = 1
    public var noRepeatNgramSize = 0
    /// `bad_words_ids`.
    public var suppressed: [[Int]] = []
    public var forcedFirstToken: Int?
    /// The token that is forced at the maximum length; without it, a hypothesis just ends there.
    public var forcedLastToken: Int?
    public var renormalizesScores = false

    public init() {}
}
