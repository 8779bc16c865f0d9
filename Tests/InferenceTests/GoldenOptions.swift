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
                guard let rule = EarlyStoppingRule(rawValue: name) else {
                    throw OptionError("early_stopping", "is \(name)")
                }
                return rule
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
            options.renormalizeScores = renormalizeScores
            return options
        }
    }
}
