extension SearchOptions {
    /// The engine's own bound.
    public static let beamSizeMaximum = 256

    /// What is wrong with the options, whatever the model; `nil` when nothing is.
    ///
    /// The engine checks again, against the model. This check is here so that a bad flag is a usage error before a model
    /// is loaded, and is named as the user wrote it.
    public func problem(named name: (OptionName) -> String) -> String? {
        var problems: [String] = []
        func check<Value>(_ option: OptionName, _ value: Value?, _ need: String, _ isFine: (Value) -> Bool) {
            if let value, !isFine(value) { problems.append("\(name(option)) must be \(need), not \(value)") }
        }
        func exclude(_ first: OptionName, _ second: String, when excluded: Bool) {
            if excluded { problems.append("\(name(first)) \(second)") }
        }
        let sizes = 1...Self.beamSizeMaximum
        check("beam_size", beamSize, "1 to \(sizes.upperBound)") { sizes.contains($0) }
        check("n_best", nBest, "1 to \(sizes.upperBound)") { sizes.contains($0) }
        check("length_penalty", lengthPenalty, "between -8 and 8") { (-8...8).contains($0) }
        check("max_length", maximumLength, "0 or more") { $0 >= 0 }
        check("min_length", minimumLength, "0 or more") { $0 >= 0 }
        check("max_length_ratio", maximumLengthRatio, "above 0") { $0 > 0 && $0.isFinite }
        check("min_length_ratio", minimumLengthRatio, "0 or more") { $0 >= 0 && $0.isFinite }
        check("patience", patience, "between 0.001 and 100") { (0.001...100).contains($0) }
        check("repetition_penalty", repetitionPenalty, "between 0.001 and 1000") { (0.001...1000).contains($0) }
        check("no_repeat_ngram_size", noRepeatNgramSize, "0 or more") { $0 >= 0 }
        check("sampling_top_k", samplingTopK, "0 (all) or more") { $0 >= 0 }
        check("sampling_top_p", samplingTopP, "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
        check("temperature", temperature, "between 0.001 and 1000") { (0.001...1000).contains($0) }
        check("suppress", suppress?.first { Tokens.split($0).isEmpty }, "one or more tokens") { _ in false }
        check("force_first_token", forceFirstToken, "one token") { Tokens.split($0).count == 1 }
        if let beamSize, isSampling {
            exclude("beam_size", "must be 1 when sampling, not \(beamSize)", when: beamSize > 1)
        } else if let nBest, let beamSize {
            exclude(
                "n_best", "must be at most \(name("beam_size")) (\(beamSize)), not \(nBest)", when: nBest > beamSize)
        }
        if let minimumLength, let maximumLength {
            exclude(
                "min_length", "(\(minimumLength)) must be at most \(name("max_length")) (\(maximumLength))",
                when: minimumLength > maximumLength)
        }
        return problems.first
    }
}
