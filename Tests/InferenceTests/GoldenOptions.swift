import Inference

/// A golden case's options, in the words of its file (there in snake case).
struct GoldenOptions: Decodable, Sendable {
    var beamSize: Int?
    var nBest: Int?
    var lengthPenalty: Float?
    var earlyStopping: String?
    var maxLength: Int?
    var minLength: Int?
    var maxLengthRatio: Float?
    var minLengthRatio: Float?
    var repetitionPenalty: Float?
    var noRepeatNgramSize: Int?
    var suppress: [[Int]]?
    var forcedFirstToken: Int?
    var prefix: [Int]?
    var renormalizeScores: Bool?

    var decoding: DecodingOptions {
        get throws {
            var options = DecodingOptions()
            options.beamSize = beamSize
            options.nBest = nBest
            options.lengthPenalty = lengthPenalty
            options.earlyStopping = try earlyStopping.map { name in
                switch name {
                case "heuristic": .heuristic
                case "full": .whenFull
                case "never": .never
                default: throw OptionError("early_stopping", "is \(name)")
                }
            }
            options.maximumLength = maxLength
            options.minimumLength = minLength
            options.maximumLengthRatio = maxLengthRatio
            options.minimumLengthRatio = minLengthRatio
            options.repetitionPenalty = repetitionPenalty
            options.noRepeatNgramSize = noRepeatNgramSize
            options.suppressed = suppress ?? []
            options.forcedFirstToken = forcedFirstToken
            options.prefix = prefix ?? []
            options.renormalizesScores = renormalizeScores
            return options
        }
    }
}
