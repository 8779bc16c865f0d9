internal import Inference

extension HubModel {
    /// Translates transformers' generation settings (`generation/configuration_utils.py`).
    func generationDefaults(_ configuration: ModelConfiguration) throws(ModelError) -> GenerationDefaults {
        let settings = generation
        try refuseUnsupportedGeneration(settings)
        let vocabulary = configuration.targetVocabularySize
        var defaults = GenerationDefaults()
        defaults.beamSize = try settings.integer("num_beams", in: 1...SearchOptions.beamSizeMaximum) ?? 1
        defaults.lengthPenalty = try settings.number("length_penalty") ?? 1
        defaults.earlyStopping = try earlyStopping(settings)
        defaults.noRepeatNgramSize = try settings.integer("no_repeat_ngram_size", in: 0...Int(Int32.max)) ?? 0
        defaults.noSourceNgramSize = try settings.integer("encoder_no_repeat_ngram_size", in: 0...Int(Int32.max)) ?? 0
        guard defaults.noSourceNgramSize == 0 || configuration.sourceVocabularySize <= vocabulary else {
            throw settings.invalid(
                "encoder_no_repeat_ngram_size", expected: "0 in a model of two vocabularies",
                found: "\(defaults.noSourceNgramSize)")
        }
        defaults.repetitionPenalty = try settings.number("repetition_penalty") ?? 1
        guard defaults.repetitionPenalty > 0 else {
            throw settings.invalid(
                "repetition_penalty", expected: "a number above 0", found: "\(defaults.repetitionPenalty)")
        }
        defaults.renormalizesScores = try settings.boolean("renormalize_logits") ?? false

        let badWords = try settings.tokenSequences("bad_words_ids", vocabulary: vocabulary)
        // `NoBadWordsLogitsProcessor` leaves the ends of the sentence allowed even when they are listed.
        let ends = [configuration.specials.endOfSentence] + configuration.specials.otherEnds
        defaults.suppressed = badWords.filter { !($0.count == 1 && ends.contains($0[0])) }
        defaults.suppressed += try settings.tokens("suppress_tokens", vocabulary: vocabulary).map { [$0] }

        defaults.forcedFirstToken = try settings.oneToken("forced_bos_token_id", vocabulary: vocabulary)
        if isLegacy, try settings.boolean("force_bos_token_to_be_generated") == true {
            // `GenerationConfig.__init__`, for models older than `forced_bos_token_id`.
            defaults.forcedFirstToken = try settings.oneToken("bos_token_id", vocabulary: vocabulary)
        }
        defaults.forcedLastToken = try settings.oneOrMoreTokens("forced_eos_token_id", vocabulary: vocabulary).first
        defaults.undoneSearch = try undoneSearch(settings)
        try setLengths(&defaults, settings)
        return defaults
    }

    /// What the settings ask for that the engine does only when a request says so (sampling), or does not do at all (groups
    /// of beams): a model that asks for it is loaded, and a request has to name the search that it wants.
    private func undoneSearch(_ settings: Settings) throws(ModelError) -> String? {
        if try settings.boolean("do_sample") == true { return "sampling (do_sample)" }
        if let groups = try settings.integer("num_beam_groups", in: 1...Int(Int32.max)), groups > 1 {
            return "groups of beams (num_beam_groups)"
        }
        return nil
    }

    /// transformers counts the decoder's start, and counts `</s>` when it is forced at the maximum; Dragoman counts
    /// neither. Its `max_new_tokens` leaves the start out and goes before `max_length` (`_prepare_generated_length`).
    ///
    /// Where no file names a limit, transformers ends after 20 tokens: a stopgap, which would cut ordinary sentences.
    /// Dragoman then leaves the limit to the length of the position table.
    private func setLengths(_ defaults: inout GenerationDefaults, _ settings: Settings) throws(ModelError) {
        let counts = 0...Int(Int32.max)
        let forcedEnd = defaults.forcedLastToken == nil ? 0 : 1
        for (key, others) in [("max_new_tokens", 0), ("max_length", 1)] {
            guard let length = try settings.integer(key, in: counts) else { continue }
            let maximum = length - others - forcedEnd
            guard maximum > 0 else {
                throw settings.invalid(
                    key, expected: "at least \(1 + others + forcedEnd), which leaves room for one token",
                    found: "\(length)")
            }
            defaults.maximumLength = maximum
            break
        }
        if let length = try settings.integer("min_new_tokens", in: counts) {
            defaults.minimumLength = length
        } else if let length = try settings.integer("min_length", in: counts) {
            defaults.minimumLength = max(0, length - 1)
        }
        if let maximum = defaults.maximumLength, defaults.minimumLength > maximum {
            throw ModelError(
                .contradiction, file: settings.file, "the minimum length is above the maximum",
                expected: "at most \(maximum) tokens", found: "\(defaults.minimumLength)")
        }
    }

    private func earlyStopping(_ settings: Settings) throws(ModelError) -> EarlyStoppingRule {
        switch settings["early_stopping"] {
        case nil, .boolean(false): return .heuristic
        case .boolean(true): return .full
        case .string("never"): return .never
        case let value?:
            throw settings.invalid("early_stopping", expected: "true, false or \"never\"", found: value.summary)
        }
    }

    /// Refuses what would change the output and has no counterpart in `GenerationDefaults`.
    ///
    /// Not looked at: what only shapes sampling (`temperature`, `top_k`, …) or groups of beams, which are asked for by
    /// other keys; what only makes the same output sooner (assistants, caches); and `num_return_sequences`, which is the
    /// caller's to say.
    private func refuseUnsupportedGeneration(_ settings: Settings) throws(ModelError) {
        func refuse(_ key: String, unless neutral: JSONValue...) throws(ModelError) {
            guard let value = settings[key], !neutral.contains(value) else { return }
            throw ModelError(
                .unsupported, file: settings.file, "\(key) is set, and is not supported", found: value.summary,
                remedy: "remove the key to translate without it")
        }
        for key in ["encoder_repetition_penalty", "guidance_scale"] {
            try refuse(key, unless: .integer(1), .number(1))
        }
        try refuse("penalty_alpha", unless: .integer(0), .number(0))
        for key in ["begin_suppress_tokens", "force_words_ids", "constraints", "stop_strings"] {
            try refuse(key, unless: .array([]))
        }
        for key in [
            "exponential_decay_length_penalty", "sequence_bias", "max_time", "watermarking_config", "dola_layers",
        ] { try refuse(key) }
        try refuse("token_healing", unless: .boolean(false))
    }
}
