import JobModel
import TestKit

extension SeededRandom {
    mutating func text() -> String {
        let alphabet: [Character] = ["a", "é", "▁", "\n", "😀", " ", "\u{301}"]
        return String((0..<integer(0...12)).map { _ in choice(alphabet) })
    }

    mutating func texts() -> [String] { (0..<integer(0...4)).map { _ in text() } }

    mutating func source() -> Source { flag() ? .text(text()) : .tokens(texts()) }

    mutating func plan() -> ChunkPlan {
        let pieces = (0..<integer(1...3)).map { source in
            let lower = integer(0...500)
            return Piece(source: source, bytes: flag() ? nil : lower..<lower + integer(0...500))
        }
        return ChunkPlan(pieces: pieces, cost: UInt32(integer(0...100_000)))
    }

    /// As a producer can give them: in the protocol, what is empty is not given.
    mutating func options() -> SearchOptions {
        var options = SearchOptions()
        if flag() { options.beamSize = integer(1...256) }
        if flag() { options.nBest = integer(1...256) }
        if flag() { options.lengthPenalty = floats(1)[0] }
        if flag() { options.maximumLength = integer(0...512) }
        if flag() { options.minimumLength = integer(0...512) }
        if flag() { options.maximumLengthRatio = floats(1)[0] }
        if flag() { options.minimumLengthRatio = floats(1)[0] }
        if flag() { options.earlyStopping = choice(EarlyStoppingRule.allCases) }
        if flag() { options.patience = floats(1)[0] }
        if flag() { options.repetitionPenalty = floats(1)[0] }
        if flag() { options.noRepeatNgramSize = integer(0...5) }
        if flag() { options.suppress = [text()] + texts() }
        if flag() { options.forceFirstToken = "▁" + text() }
        if flag() { options.prefix = source() }
        if flag() { options.renormalizeScores = flag() }
        if flag() { options.samplingTopK = integer(0...50) }
        if flag() { options.samplingTopP = floats(1)[0] }
        if flag() { options.temperature = floats(1)[0] }
        if flag() { options.seed = next() }
        if flag() { options.alignments = true }
        if flag() { options.returnScores = flag() }
        if flag() { options.disallowUnknown = flag() }
        if flag() { options.split = choice(SplitRule.allCases) }
        if flag() { options.maximumSegmentLength = integer(1...512) }
        if flag() { options.paragraphs = flag() }
        if flag() { options.wrap = integer(1...200) }
        if flag() { options.translateNumbers = flag() }
        if flag() { options.markup = choice(MarkupLanguage.allCases) }
        if flag() { options.ignoreTags = [text()] + texts() }
        if flag() { options.splittingTags = [text()] + texts() }
        if flag() { options.nonSplittingTags = [text()] + texts() }
        if flag() { options.secondPass = flag() }
        return options
    }

    mutating func output() -> Output {
        Output(
            hypotheses: (0..<integer(1...3)).map { _ in
                var hypothesis = Output.Hypothesis(
                    text: text(), score: flag() ? floats(1)[0] : nil, isTruncated: flag())
                hypothesis.tokens = texts()
                hypothesis.tokenScores = floats(hypothesis.tokens.count)
                if flag(), !hypothesis.tokens.isEmpty {
                    hypothesis.alignment = hypothesis.tokens.map { _ in floats(3) }
                }
                hypothesis.segmentScores = (0..<integer(0...3)).map { _ in
                    .init(score: floats(1)[0], weight: UInt32(integer(0...40)))
                }
                return hypothesis
            })
    }

    mutating func record() -> Record {
        var record = Record(sequence: next(), job: JobID(high: next(), low: next()), state: choice(JobState.allCases))
        record.outputs = (0..<integer(0...2)).map { _ in output() }
        if flag() { record.failure = Failure(text(), text()) }
        record.topic = text()
        record.trace = text()
        record.model = text()
        record.acceptedAt = next()
        record.finishedAt = next()
        record.attempts = integer(0...9)
        record.pieces = plan().pieces
        if flag() { record.retryOf = JobID(high: next(), low: next()) }
        return record
    }
}
