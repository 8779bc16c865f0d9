/// How to translate, as a user says it on the command line, in JSON or in a job; `nil` is "as the model's files say".
///
/// Each option has a row in `SearchOption.table`, which says the rest about it.
public struct SearchOptions: Sendable, Hashable {
    public var beamSize: Int?
    public var nBest: Int?
    public var lengthPenalty: Float?
    public var maximumLength: Int?
    public var minimumLength: Int?
    public var maximumLengthRatio: Float?
    public var minimumLengthRatio: Float?
    public var earlyStopping: EarlyStoppingRule?
    public var patience: Float?
    public var repetitionPenalty: Float?
    public var noRepeatNgramSize: Int?
    public var suppress: [String]?
    public var forceFirstToken: String?
    public var prefix: Source?
    public var renormalizeScores: Bool?
    public var samplingTopK: Int?
    public var samplingTopP: Float?
    public var temperature: Float?
    public var seed: UInt64?
    public var alignments: Bool?
    public var returnScores: Bool?
    public var disallowUnknown: Bool?

    public init() {}

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
