package import DragomanEngine

/// The options of a request as a user gives them, on the command line or in JSON; `nil` is "not given".
package struct SearchOptions: Sendable, Equatable {
    package var beamSize: Int?
    package var nBest: Int?
    package var lengthPenalty: Float?
    package var maximumLength: Int?
    package var minimumLength: Int?
    package var maximumLengthRatio: Float?
    package var minimumLengthRatio: Float?
    package var earlyStopping: EarlyStoppingRule?
    package var patience: Float?
    package var repetitionPenalty: Float?
    package var noRepeatNgramSize: Int?
    package var suppress: [String]?
    package var forceFirstToken: String?
    package var prefix: TranslationRequest.Input?
    package var renormalizeScores: Bool?
    package var samplingTopK: Int?
    package var samplingTopP: Float?
    package var temperature: Float?
    package var seed: UInt64?
    package var alignments: Bool?

    package init() {}

    /// Sampling needs no switch of its own: any of its options turns it on.
    package var isSampling: Bool {
        samplingTopK != nil || samplingTopP != nil || temperature != nil || seed != nil
    }

    /// These options, and where one is not given, that of `defaults`.
    package func over(_ defaults: SearchOptions) -> SearchOptions {
        var merged = defaults
        func take<Value>(_ option: WritableKeyPath<SearchOptions, Value?>) {
            if let value = self[keyPath: option] { merged[keyPath: option] = value }
        }
        take(\.beamSize)
        take(\.nBest)
        take(\.lengthPenalty)
        take(\.maximumLength)
        take(\.minimumLength)
        take(\.maximumLengthRatio)
        take(\.minimumLengthRatio)
        take(\.earlyStopping)
        take(\.patience)
        take(\.repetitionPenalty)
        take(\.noRepeatNgramSize)
        take(\.suppress)
        take(\.forceFirstToken)
        take(\.prefix)
        take(\.renormalizeScores)
        take(\.samplingTopK)
        take(\.samplingTopP)
        take(\.temperature)
        take(\.seed)
        take(\.alignments)
        return merged
    }

    /// The same in the engine's terms.
    ///
    /// - Parameter prefixIsTokens: Whether a prefix that was given as text is to be cut into tokens at its spaces.
    package func translationOptions(prefixIsTokens: Bool = false) -> TranslationOptions {
        var options = TranslationOptions()
        options.decoding.beamSize = beamSize
        options.decoding.nBest = nBest
        options.decoding.lengthPenalty = lengthPenalty
        options.decoding.maximumLength = maximumLength
        options.decoding.minimumLength = minimumLength
        options.decoding.maximumLengthRatio = maximumLengthRatio
        options.decoding.minimumLengthRatio = minimumLengthRatio
        options.decoding.earlyStopping = earlyStopping?.decoding
        options.decoding.patience = patience
        options.decoding.repetitionPenalty = repetitionPenalty
        options.decoding.noRepeatNgramSize = noRepeatNgramSize
        options.decoding.renormalizesScores = renormalizeScores
        options.decoding.returnsAlignments = alignments ?? false
        options.suppressed = suppress ?? []
        options.forcedFirstToken = forceFirstToken
        options.prefix = prefix
        if prefixIsTokens, case .text(let text) = prefix { options.prefix = .tokens(Tokens.split(text)) }
        if isSampling {
            // The model's own beam size is for search; here it would ask for beam search over samples.
            options.decoding.beamSize = 1
            options.decoding.sampling = DecodingOptions.Sampling(
                topK: samplingTopK ?? 0, topP: samplingTopP ?? 1, temperature: temperature ?? 1, seed: seed ?? 0)
        }
        return options
    }
}
