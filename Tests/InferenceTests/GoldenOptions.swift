import Inference

/// A golden case's options, in the words of its file.
struct GoldenOptions: Decodable, Sendable {
    var beam_size: Int?
    var n_best: Int?
    var length_penalty: Float?
    var early_stopping: String?
    var max_length: Int?
    var min_length: Int?
    var max_length_ratio: Float?
    var min_length_ratio: Float?
    var repetition_penalty: Float?
    var no_repeat_ngram_size: Int?
    var suppress: [[Int]]?
    var forced_first_token: Int?
    var prefix: [Int]?
    var renormalize_scores: Bool?

    var decoding: DecodingOptions {
        get throws {
            var options = DecodingOptions()
            options.beamSize = beam_size
            options.nBest = n_best
            options.lengthPenalty = length_penalty
            options.earlyStopping = try early_stopping.map { name in
                switch name {
                case "heuristic": .heuristic
                case "full": .whenFull
                case "never": .never
                default: throw OptionError("early_stopping", "is \(name)")
                }
            }
            options.maximumLength = max_length
            options.minimumLength = min_length
            options.maximumLengthRatio = max_length_ratio
            options.minimumLengthRatio = min_length_ratio
            options.repetitionPenalty = repetition_penalty
            options.noRepeatNgramSize = no_repeat_ngram_size
            options.suppressed = suppress ?? []
            options.forcedFirstToken = forced_first_token
            options.prefix = prefix ?? []
            options.renormalizesScores = renormalize_scores
            return options
        }
    }
}
