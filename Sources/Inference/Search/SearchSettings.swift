import CKernels

/// How one segment is searched: the request's options over the model's defaults, checked.
package struct SearchSettings: Sendable, Equatable {
    package var beamSize: Int
    package var nBest: Int
    package var lengthPenalty: Float
    package var earlyStopping: DecodingOptions.EarlyStopping
    /// How many finished hypotheses fill the pool: `patience * beamSize`.
    package var finishedCapacity: Int
    /// In target tokens without `</s>`.
    package var maximumLength: Int
    package var minimumLength: Int
    package var constraints: Constraints
    package var forcedFirstToken: Int32?
    package var prefix: [Int32]
    /// Whether `</s>` is forced at the maximum length; otherwise a hypothesis just ends there.
    package var forcesEnd: Bool
    package var renormalizesScores: Bool
    package var sampling: DecodingOptions.Sampling?
    package var returnsScores: Bool
    package var returnsAlignments: Bool
    package var startToken: Int32
    package var endToken: Int32

    /// - Parameter sourceLength: In tokens, without `</s>`.
    /// - Throws: `OptionError`.
    package init(
        _ options: DecodingOptions, defaults: GenerationDefaults, configuration: ModelConfiguration, sourceLength: Int
    ) throws {
        sampling = try options.sampling?.checked(vocabularySize: configuration.targetVocabularySize)
        beamSize = options.beamSize ?? (sampling == nil ? defaults.beamSize : 1)
        nBest = options.nBest ?? 1
        lengthPenalty = options.lengthPenalty ?? defaults.lengthPenalty
        earlyStopping = options.earlyStopping ?? defaults.earlyStopping
        renormalizesScores = options.renormalizesScores ?? defaults.renormalizesScores
        returnsScores = options.returnsScores
        returnsAlignments = options.returnsAlignments
        forcesEnd = defaults.forcedLastToken != nil
        startToken = Int32(configuration.specials.decoderStart)
        endToken = Int32(configuration.specials.endOfSentence)
        prefix = try options.prefix.map { try Self.target($0, "prefix", configuration) }
        forcedFirstToken = try (options.forcedFirstToken ?? defaults.forcedFirstToken).map {
            try Self.target($0, "force_first_token", configuration)
        }
        // A prefix that begins with the forced token already has it.
        if let first = prefix.first, first == forcedFirstToken { forcedFirstToken = nil }

        // Hugging Face's bound, whose lengths count the start token and a forced `</s>`.
        let limit = configuration.decoder.maximumLength - (forcesEnd ? 2 : 1)
        maximumLength = min(defaults.maximumLength ?? limit, limit)
        // An output without even `</s>` is none.
        let shortest = forcesEnd ? 0 : 1
        if let length = options.maximumLength {
            try Self.check(
                length >= shortest && length <= limit, "max_length",
                "is \(length); this model takes \(shortest) to \(limit)")
            maximumLength = length
        }
        minimumLength = options.minimumLength ?? defaults.minimumLength
        try Self.check(minimumLength >= 0, "min_length", "is \(minimumLength); it cannot be below 0")
        if let ratio = options.maximumLengthRatio {
            try Self.check(ratio > 0 && ratio.isFinite, "max_length_ratio", "is \(ratio); it must be above 0")
            let length = (ratio * Float(sourceLength)).rounded(.up)
            maximumLength = max(shortest, min(maximumLength, Int(min(length, 1e9))))
        }
        if let ratio = options.minimumLengthRatio {
            try Self.check(ratio >= 0 && ratio.isFinite, "min_length_ratio", "is \(ratio); it cannot be below 0")
            let length = (ratio * Float(sourceLength)).rounded(.down)
            minimumLength = max(minimumLength, Int(min(length, 1e9)))
        }
        // Where the two are at odds, the maximum holds.
        minimumLength = min(minimumLength, maximumLength)

        constraints = Constraints(
            repetitionPenalty: options.repetitionPenalty ?? defaults.repetitionPenalty,
            noRepeatNgramSize: options.noRepeatNgramSize ?? defaults.noRepeatNgramSize,
            minimumLength: minimumLength, endToken: endToken)
        for sequence in defaults.suppressed + options.suppressed {
            constraints.suppress(try sequence.map { try Self.target($0, "suppress", configuration) })
        }
        try Self.check(
            !options.suppressed.contains([configuration.specials.endOfSentence]), "suppress",
            "holds the end-of-sentence token alone; min_length is for that")
        let patience = options.patience ?? 1
        finishedCapacity = 0
        try validate(patience: patience)
        finishedCapacity = max(1, Int((Float(beamSize) * patience).rounded()))
        try Self.check(
            nBest <= finishedCapacity || sampling != nil, "patience",
            "keeps \(finishedCapacity) finished hypotheses; n_best asks for \(nBest)")
    }

    /// The score of a hypothesis of `length` tokens, `</s>` included, whose token scores sum to `sum`.
    package func score(sum: Float, length: Int) -> Float {
        sum / Float(dragoman_power(Double(length), Double(lengthPenalty)))
    }

    /// How many of a row's best tokens are enough to find the `wanted` best ones that are allowed; nil when the choice
    /// depends on the whole row, or so many are forbidden that it is better looked at.
    package func bestCount(_ wanted: Int) -> Int? {
        guard let forbidden = constraints.forbiddenMaximum, forbidden <= 16, !renormalizesScores, sampling == nil
        else { return nil }
        return wanted + forbidden
    }

    /// Whether one hypothesis is followed, without alternatives.
    package var isGreedy: Bool { beamSize == 1 }

    private func validate(patience: Float) throws {
        let sizes = 1...GenerationDefaults.beamSizeMaximum
        try Self.check(
            sizes.contains(beamSize), "beam_size",
            "is \(beamSize); it must lie between 1 and \(GenerationDefaults.beamSizeMaximum)")
        try Self.check(
            (0.001...100).contains(patience), "patience", "is \(patience); it must lie between 0.001 and 100")
        if sampling != nil {
            try Self.check(
                beamSize == 1, "beam_size", "is \(beamSize); sampling draws single hypotheses, so it must be 1")
            try Self.check(
                sizes.contains(nBest), "n_best",
                "is \(nBest); it must lie between 1 and \(GenerationDefaults.beamSizeMaximum)")
        } else {
            try Self.check(
                (1...beamSize).contains(nBest), "n_best",
                "is \(nBest); it must lie between 1 and the beam size, \(beamSize)")
        }
        // Beyond these bounds scores of long outputs leave the range of a float.
        try Self.check(
            (-8...8).contains(lengthPenalty), "length_penalty",
            "is \(lengthPenalty); it must lie between -8 and 8")
        let penalty = constraints.repetitionPenalty, size = constraints.noRepeatNgramSize
        try Self.check(
            (0.001...1000).contains(penalty), "repetition_penalty",
            "is \(penalty); it must lie between 0.001 and 1000 (1 is none)")
        try Self.check(size >= 0, "no_repeat_ngram_size", "is \(size); it cannot be below 0 (0 allows repetition)")
        let forced = prefix.count + (forcedFirstToken == nil ? 0 : 1)
        try Self.check(
            forced <= maximumLength, "prefix", "is \(forced) tokens long; the maximum length is \(maximumLength)")
        try Self.check(!prefix.contains(endToken), "prefix", "holds the end-of-sentence token")
        try Self.check(forcedFirstToken != endToken, "force_first_token", "is the end-of-sentence token")
    }

    private static func check(_ isValid: Bool, _ option: String, _ reason: @autoclosure () -> String) throws {
        if !isValid { throw OptionError(option, reason()) }
    }

    private static func target(_ id: Int, _ option: String, _ configuration: ModelConfiguration) throws -> Int32 {
        try check(
            (0..<configuration.targetVocabularySize).contains(id), option,
            "names token \(id); the model's target tokens are 0 to \(configuration.targetVocabularySize - 1)")
        return Int32(id)
    }
}

extension DecodingOptions.Sampling {
    fileprivate func checked(vocabularySize: Int) throws -> Self {
        if topK < 0 { throw OptionError("sampling_top_k", "is \(topK); it cannot be below 0 (0 means all tokens)") }
        if !(topP > 0 && topP <= 1) {
            throw OptionError("sampling_top_p", "is \(topP); it must be above 0 and at most 1")
        }
        if !(0.001...1000).contains(temperature) {
            throw OptionError("temperature", "is \(temperature); it must lie between 0.001 and 1000")
        }
        var checked = self
        checked.topK = min(topK, vocabularySize)
        return checked
    }
}
