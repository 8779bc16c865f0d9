internal import Inference

extension ModelConfiguration {
    /// What is beyond the limits on sizes and ids; nil when all is well.
    ///
    /// Within them nothing that is computed from sizes overflows; that there are weights of these sizes is another check.
    var problem: String? {
        typealias Limits = HuggingFaceMarian
        func outside(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
            range.contains(value)
                ? nil : "\(name) is \(value); it must lie between \(range.lowerBound) and \(range.upperBound)"
        }
        func problem(_ name: String, _ stack: Stack) -> String? {
            outside("\(name).layers", stack.layers, 1...Limits.layersMax)
                ?? outside("\(name).heads", stack.heads, 1...Limits.widthMax)
                ?? outside("\(name).headWidth", stack.headWidth, 1...Limits.widthMax)
                ?? outside("\(name): heads times headWidth", stack.attentionWidth, 1...Limits.widthMax)
                ?? outside("\(name).feedForwardWidth", stack.feedForwardWidth, 1...Limits.feedForwardWidthMax)
                ?? outside("\(name).maximumLength", stack.maximumLength, Limits.positionsMin...Limits.positionsMax)
                ?? positionProblem(name, stack.positions)
        }
        func positionProblem(_ name: String, _ positions: Positions) -> String? {
            switch positions {
            case .sinusoidal: nil
            case .learned(let offset): outside("\(name): the positions' offset", offset, 0...Limits.positionsMax)
            case .relative(let buckets, let distance):
                outside("\(name): buckets", buckets, 4...Limits.positionsMax)
                    ?? outside("\(name): maximumDistance", distance, 1...Int(Int32.max))
            }
        }
        func scaleProblem(_ name: String, _ value: Float) -> String? {
            value.isFinite ? nil : "\(name) is not a finite number"
        }
        let smaller = min(sourceVocabularySize, targetVocabularySize)
        if smaller < 1 { return "a vocabulary is empty" }
        let problems = [
            outside("sourceVocabularySize", sourceVocabularySize, 1...Limits.vocabularySizeMax),
            outside("targetVocabularySize", targetVocabularySize, 1...Limits.vocabularySizeMax),
            outside("width", width, 1...Limits.widthMax),
            problem("encoder", encoder),
            problem("decoder", decoder),
            scaleProblem("embeddingScale", embeddingScale),
            scaleProblem("outputScale", outputScale),
            scaleProblem("normalization.epsilon", normalization.epsilon),
            outside(
                "endOfSentence", specials.endOfSentence,
                0...(specials.endsSource ? smaller : targetVocabularySize) - 1),
            outside(
                "unknown", specials.unknown,
                0...(specials.targetUnknown == nil ? smaller : sourceVocabularySize) - 1),
            outside("targetUnknown", specials.targetUnknown ?? 0, 0...targetVocabularySize - 1),
            outside("padding", specials.padding, 0...targetVocabularySize - 1),
            outside("decoderStart", specials.decoderStart, 0...targetVocabularySize - 1),
        ]
        if let first = problems.compactMap({ $0 }).first { return first }
        return sharesEmbeddings && sourceVocabularySize != targetVocabularySize
            ? "the sides share their embeddings, and have vocabularies of different sizes" : nil
    }
}

extension GenerationDefaults {
    /// What is beyond the limits; nil when all is well.
    func problem(_ configuration: ModelConfiguration) -> String? {
        let tokens = 0..<configuration.targetVocabularySize
        let counts = 0...Int(Int32.max)
        if !(1...SearchOptions.beamSizeMaximum).contains(beamSize) { return "beamSize is \(beamSize)" }
        if !lengthPenalty.isFinite { return "lengthPenalty is \(lengthPenalty)" }
        if !(repetitionPenalty > 0 && repetitionPenalty.isFinite) { return "repetitionPenalty is \(repetitionPenalty)" }
        if !counts.contains(noRepeatNgramSize) { return "noRepeatNgramSize is \(noRepeatNgramSize)" }
        if !counts.contains(minimumLength) { return "minimumLength is \(minimumLength)" }
        if let maximumLength, !counts.contains(maximumLength) || maximumLength < max(1, minimumLength) {
            return "maximumLength is \(maximumLength)"
        }
        if suppressed.contains(where: { $0.isEmpty || !$0.allSatisfy(tokens.contains) }) {
            return "suppressed has a sequence that is empty, or a token that the vocabulary does not have"
        }
        for (name, token) in [("forcedFirstToken", forcedFirstToken), ("forcedLastToken", forcedLastToken)] {
            if let token, !tokens.contains(token) { return "\(name) is \(token)" }
        }
        return nil
    }
}
