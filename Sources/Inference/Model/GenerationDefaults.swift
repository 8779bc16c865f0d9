public import Translations

/// What a model's own files say about how it is to be searched.
public struct GenerationDefaults: Sendable, Equatable, Codable {
    public var beamSize = 1
    public var lengthPenalty: Float = 1
    public var earlyStopping = EarlyStoppingRule.heuristic
    /// Whether a finished hypothesis keeps its place in the beam, so that fewer live on, and the search ends when none does
    /// (Marian). It takes the place of `earlyStopping`, unless a request names one.
    public var finishedKeepPlaces = false
    /// In target tokens without `</s>`; `nil` when the files name no limit.
    public var maximumLength: Int?
    /// Another limit: so many times the source's tokens, `</s>` counted on both sides (Marian's `max-length-factor`).
    public var maximumLengthFactor: Float?
    public var minimumLength = 0
    public var repetitionPenalty: Float = 1
    public var noRepeatNgramSize = 0
    /// Forbids sequences of this many tokens that the source has; 0 allows them (`encoder_no_repeat_ngram_size`).
    public var noSourceNgramSize = 0
    /// `bad_words_ids`.
    public var suppressed: [[Int]] = []
    public var forcedFirstToken: Int?
    /// The token that is forced at the maximum length; without it, a hypothesis just ends there.
    public var forcedLastToken: Int?
    public var renormalizesScores = false
    /// What the files ask for that is not done unless a request says how to search, in words; nil: nothing.
    public var undoneSearch: String?

    public init() {}

    /// Those that a request has an option for.
    var options: SearchOptions {
        var options = SearchOptions()
        options.beamSize = beamSize
        options.lengthPenalty = lengthPenalty
        options.earlyStopping = earlyStopping
        options.repetitionPenalty = repetitionPenalty
        options.noRepeatNgramSize = noRepeatNgramSize
        options.renormalizeScores = renormalizesScores
        return options
    }
}

extension GenerationDefaults {
    /// Packed files of older versions lack what has come since.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        beamSize = try values.decode(Int.self, forKey: .beamSize)
        lengthPenalty = try values.decode(Float.self, forKey: .lengthPenalty)
        earlyStopping = try values.decode(EarlyStoppingRule.self, forKey: .earlyStopping)
        finishedKeepPlaces = try values.decodeIfPresent(Bool.self, forKey: .finishedKeepPlaces) ?? false
        maximumLength = try values.decodeIfPresent(Int.self, forKey: .maximumLength)
        maximumLengthFactor = try values.decodeIfPresent(Float.self, forKey: .maximumLengthFactor)
        minimumLength = try values.decode(Int.self, forKey: .minimumLength)
        repetitionPenalty = try values.decode(Float.self, forKey: .repetitionPenalty)
        noRepeatNgramSize = try values.decode(Int.self, forKey: .noRepeatNgramSize)
        noSourceNgramSize = try values.decodeIfPresent(Int.self, forKey: .noSourceNgramSize) ?? 0
        suppressed = try values.decode([[Int]].self, forKey: .suppressed)
        forcedFirstToken = try values.decodeIfPresent(Int.self, forKey: .forcedFirstToken)
        forcedLastToken = try values.decodeIfPresent(Int.self, forKey: .forcedLastToken)
        renormalizesScores = try values.decode(Bool.self, forKey: .renormalizesScores)
        undoneSearch = try values.decodeIfPresent(String.self, forKey: .undoneSearch)
    }
}
