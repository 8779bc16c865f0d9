import JobModel

extension SearchOptions {
    /// What the flags say.
    init(_ search: SearchFlags, _ constraints: ConstraintFlags, _ sampling: SamplingFlags, alignments: Bool) {
        self.init()
        beamSize = search.beamSize
        nBest = search.nBest
        lengthPenalty = search.lengthPenalty
        maximumLength = search.maxLength
        minimumLength = search.minLength
        maximumLengthRatio = search.maxLengthRatio
        minimumLengthRatio = search.minLengthRatio
        earlyStopping = search.earlyStopping
        patience = search.patience
        repetitionPenalty = constraints.repetitionPenalty
        noRepeatNgramSize = constraints.noRepeatNgramSize
        suppress = constraints.suppress.isEmpty ? nil : constraints.suppress
        forceFirstToken = constraints.forceFirstToken
        prefix = constraints.prefix.map { .text($0) }
        renormalizeScores = constraints.renormalizeScores
        samplingTopK = sampling.samplingTopK
        samplingTopP = sampling.samplingTopP
        temperature = sampling.temperature
        seed = sampling.seed
        self.alignments = alignments ? true : nil
    }
}
