import CKernels
package import Translations

/// How one segment is searched: the request's options over the model's defaults, checked.
package struct SearchSettings: Sendable, Hashable {
    package var beamSize: Int
    package var nBest: Int
    package var lengthPenalty: Float
    package var earlyStopping: EarlyStoppingRule
    /// See `GenerationDefaults`.
    package var finishedKeepPlaces: Bool
    /// How many finished hypotheses fill the pool: `patience * beamSize`.
    package var finishedCapacity: Int
    /// In target tokens without `</s>`.
    package var maximumLength: Int
    package var minimumLength: Int
    package var constraints: Constraints
    package var forcedFirstToken: Int32?
    package var prefix: [Int32]
    /// What every output must have; nothing in a first search.
    package var phrases = RequiredPhrases()
    /// What every output is made by; nil in a first search.
    package var template: OutputTemplate?
    /// Whether `</s>` is forced at the maximum length; otherwise a hypothesis just ends there.
    package var forcesEnd: Bool
    package var renormalizesScores: Bool
    package var sampling: Sampling?
    package var returnsScores: Bool
    package var returnsAlignments: Bool
    /// Heads whose attention to the source hypotheses have.
    package var attentionHeads: [AttentionHead]
    package var startToken: Int32
    /// The token that ends an output, and others that do as well.
    package var endToken: Int32
    package var otherEnds: [Int32]

    /// - Parameters:
    ///   - frame: What the segment's languages make of the model's framing.
    ///   - sourceLength: In tokens, without those of the frame.
    /// - Throws: `OptionError`.
    package init(
        _ options: DecodingOptions, defaults: GenerationDefaults, configuration: ModelConfiguration,
        frame: SegmentFrame, sourceLength: Int
    ) throws {
        let wanted = options.options
        // What the model's files ask for may be out of bounds as well.
        if let problem = wanted.over(defaults.options).problem { throw OptionError(problem) }
        sampling = Sampling(wanted, vocabularySize: configuration.targetVocabularySize)
        if let undone = defaults.undoneSearch, wanted.beamSize == nil, sampling == nil {
            throw OptionError(
                "beam_size",
                "is not given, and the model's own settings ask for \(undone): "
                    + "say which search you want, beam_size or sampling")
        }
        beamSize = wanted.beamSize ?? (sampling == nil ? defaults.beamSize : 1)
        nBest = wanted.nBest ?? 1
        lengthPenalty = wanted.lengthPenalty ?? defaults.lengthPenalty
        earlyStopping = wanted.earlyStopping ?? defaults.earlyStopping
        finishedKeepPlaces =
            defaults.finishedKeepPlaces && wanted.earlyStopping == nil && wanted.patience == nil
        renormalizesScores = wanted.renormalizeScores ?? defaults.renormalizesScores
        returnsScores = wanted.returnScores ?? true
        returnsAlignments = wanted.alignments ?? false
        attentionHeads = options.attentionHeads
        forcesEnd = defaults.forcedLastToken != nil
        startToken = Int32(frame.decoderStart)
        endToken = Int32(configuration.specials.endOfSentence)
        otherEnds = configuration.specials.otherEnds.map(Int32.init)
        prefix = try options.prefix.map { try Self.target($0, "prefix", configuration) }
        forcedFirstToken = try (options.forcedFirstToken ?? frame.forcedFirst ?? defaults.forcedFirstToken).map {
            try Self.target($0, "force_first_token", configuration)
        }
        // A prefix that begins with the forced token already has it.
        if let first = prefix.first, first == forcedFirstToken { forcedFirstToken = nil }

        // Hugging Face's bound, whose lengths count the start token and a forced `</s>`.
        let limit = configuration.decoder.maximumLength - (forcesEnd ? 2 : 1)
        maximumLength = min(defaults.maximumLength ?? limit, limit)
        // An output without even `</s>` is none.
        let shortest = forcesEnd ? 0 : 1
        if let factor = defaults.maximumLengthFactor, wanted.maximumLengthRatio == nil {
            maximumLength = max(shortest, min(maximumLength, Int(min(factor * Float(sourceLength + 1), 1e9))))
        }
        if let length = wanted.maximumLength {
            try Self.check(
                length >= shortest && length <= limit, "max_length",
                "is \(length); this model takes \(shortest) to \(limit)")
            maximumLength = length
        }
        minimumLength = wanted.minimumLength ?? defaults.minimumLength
        if let ratio = wanted.maximumLengthRatio {
            let length = (ratio * Float(sourceLength)).rounded(.up)
            maximumLength = max(shortest, min(maximumLength, Int(min(length, 1e9))))
        }
        if let ratio = wanted.minimumLengthRatio {
            let length = (ratio * Float(sourceLength)).rounded(.down)
            minimumLength = max(minimumLength, Int(min(length, 1e9)))
        }
        // Where the two are at odds, the maximum holds.
        minimumLength = min(minimumLength, maximumLength)

        constraints = Constraints(
            repetitionPenalty: wanted.repetitionPenalty ?? defaults.repetitionPenalty,
            noRepeatNgramSize: wanted.noRepeatNgramSize ?? defaults.noRepeatNgramSize,
            minimumLength: minimumLength, endToken: endToken, otherEnds: otherEnds)
        constraints.noSourceNgramSize = defaults.noSourceNgramSize
        for sequence in defaults.suppressed + options.suppressed {
            constraints.suppress(try sequence.map { try Self.target($0, "suppress", configuration) })
        }
        let ends = [configuration.specials.endOfSentence] + configuration.specials.otherEnds
        try Self.check(
            !options.suppressed.contains { $0.count == 1 && ends.contains($0[0]) }, "suppress",
            "holds the end-of-sentence token alone; min_length is for that")
        finishedCapacity = max(1, Int((Float(beamSize) * (wanted.patience ?? 1)).rounded()))
        try validate()
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

    /// Whether a token ends an output.
    package func ends(_ token: Int32) -> Bool { token == endToken || otherEnds.contains(token) }

    /// Whether one hypothesis is followed, without alternatives.
    package var isGreedy: Bool { beamSize == 1 && phrases.isEmpty && template == nil }

    /// What only the model can tell.
    private func validate() throws {
        if sampling == nil {
            try Self.check(nBest <= beamSize, "n_best", "must be at most the beam size (\(beamSize)), not \(nBest)")
        } else {
            try Self.check(
                beamSize == 1, "beam_size", "is \(beamSize); sampling draws single hypotheses, so it must be 1")
        }
        let forced = prefix.count + (forcedFirstToken == nil ? 0 : 1)
        try Self.check(
            forced <= maximumLength, "prefix", "is \(forced) tokens long; the maximum length is \(maximumLength)")
        try Self.check(!prefix.contains(where: ends), "prefix", "holds the end-of-sentence token")
        try Self.check(forcedFirstToken.map(ends) != true, "force_first_token", "is the end-of-sentence token")
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
