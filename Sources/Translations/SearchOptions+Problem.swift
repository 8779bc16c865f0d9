/// What is wrong with an option, whatever the model.
package struct OptionProblem: Sendable {
    package let option: OptionName
    /// As it goes on after the option's name.
    package let reason: String
}

extension SearchOptions {
    /// The widest beam that there can be.
    public static let beamSizeMaximum = 256

    /// What is wrong with the options, whatever the model; `nil` when nothing is.
    ///
    /// The engine checks again, against the model. This check is here so that a bad flag is a usage error before a model
    /// is loaded, and is named as the user wrote it.
    public func problem(named name: (OptionName) -> String) -> String? {
        if isEmpty { return nil }
        if let problem { return "\(name(problem.option)) \(problem.reason)" }
        return contradiction(named: name)
    }

    /// The first value that its option cannot have.
    package var problem: OptionProblem? {
        for option in SearchOption.table {
            if let (need, found) = option.fault(self) {
                return OptionProblem(option: option.name, reason: "must be \(need), not \(found)")
            }
        }
        return nil
    }

    /// Two options that exclude each other.
    private func contradiction(named name: (OptionName) -> String) -> String? {
        if let beamSize, isSampling {
            if beamSize > 1 { return "\(name("beam_size")) must be 1 when sampling, not \(beamSize)" }
        } else if let nBest, let beamSize, nBest > beamSize {
            return "\(name("n_best")) must be at most \(name("beam_size")) (\(beamSize)), not \(nBest)"
        }
        if let wrap, paragraphs != true {
            return "\(name("wrap")) (\(wrap)) needs \(name("paragraphs"))"
        }
        if markup != nil, paragraphs == true {
            return "\(name("paragraphs")) is for plain text, and cannot be used with \(name("markup"))"
        }
        if markup == nil {
            for (option, tags) in [
                ("ignore_tags" as OptionName, ignoreTags), ("splitting_tags", splittingTags),
                ("non_splitting_tags", nonSplittingTags),
            ] where tags != nil {
                return "\(name(option)) needs \(name("markup"))"
            }
        }
        if let minimumLength, let maximumLength, minimumLength > maximumLength {
            return "\(name("min_length")) (\(minimumLength)) must be at most \(name("max_length")) (\(maximumLength))"
        }
        return nil
    }
}
