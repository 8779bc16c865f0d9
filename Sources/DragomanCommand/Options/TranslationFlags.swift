import ArgumentParser
import JobModel

/// The flags that say how to translate; each defaults to what the model's files say.
package struct TranslationFlags: ParsableArguments {
    @OptionGroup(title: "Search (each defaults to what the model's files say)")
    var search: SearchFlags
    @OptionGroup(title: "Constraints")
    var constraints: ConstraintFlags
    @OptionGroup(title: "Sampling (any of these turns it on)")
    var sampling: SamplingFlags

    package init() {}

    package func validate() throws {
        if let problem = options(alignments: false).problem(named: \.flag) { throw ValidationError(problem) }
    }

    /// Refuses lists of hypotheses, each of which ends with its score, when scores are not wanted.
    func checkListsScores() throws {
        if search.returnScores == false && hypotheses > 1 {
            throw ValidationError("--n-best lists scores; with --no-return-scores it needs --json")
        }
    }

    /// Hypotheses asked for.
    var hypotheses: Int { search.nBest ?? 1 }

    func options(alignments: Bool) -> SearchOptions {
        var options = SearchOptions()
        options.beamSize = search.beamSize
        options.nBest = search.nBest
        options.lengthPenalty = search.lengthPenalty
        options.maximumLength = search.maxLength
        options.minimumLength = search.minLength
        options.maximumLengthRatio = search.maxLengthRatio
        options.minimumLengthRatio = search.minLengthRatio
        options.earlyStopping = search.earlyStopping
        options.patience = search.patience
        options.repetitionPenalty = constraints.repetitionPenalty
        options.noRepeatNgramSize = constraints.noRepeatNgramSize
        options.suppress = constraints.suppress.isEmpty ? nil : constraints.suppress
        options.forceFirstToken = constraints.forceFirstToken
        options.prefix = constraints.prefix.map { .text($0) }
        options.renormalizeScores = constraints.renormalizeScores
        options.samplingTopK = sampling.samplingTopK
        options.samplingTopP = sampling.samplingTopP
        options.temperature = sampling.temperature
        options.seed = sampling.seed
        options.alignments = alignments ? true : nil
        options.returnScores = search.returnScores
        return options
    }
}
