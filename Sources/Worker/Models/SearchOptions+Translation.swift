package import DragomanEngine
package import JobModel

extension SearchOptions {
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
        options.decoding.returnsScores = returnScores ?? true
        options.suppressed = suppress ?? []
        options.disallowsUnknown = disallowUnknown ?? true
        options.forcedFirstToken = forceFirstToken
        options.prefix = prefix.map(TranslationRequest.Input.init)
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

extension TranslationRequest.Input {
    package init(_ source: Source) {
        switch source {
        case .text(let text): self = .text(text)
        case .tokens(let tokens): self = .tokens(tokens)
        }
    }
}

extension EarlyStoppingRule {
    package var decoding: DecodingOptions.EarlyStopping {
        switch self {
        case .full: .whenFull
        case .heuristic: .heuristic
        case .never: .never
        }
    }

    package init(_ decoding: DecodingOptions.EarlyStopping) {
        switch decoding {
        case .whenFull: self = .full
        case .heuristic: self = .heuristic
        case .never: self = .never
        }
    }
}
