internal import Inference

extension ModelConfiguration {
    /// What is beyond the limits on sizes and ids; nil when all is well.
    ///
    /// Within them nothing that is computed from sizes overflows; that there are weights of these sizes is another check.
    var problem: String? {
        typealias Limits = SizeLimits
        func outside(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
            range.contains(value)
                ? nil : "\(name) is \(value); it must lie between \(range.lowerBound) and \(range.upperBound)"
        }
        func problem(_ name: String, _ stack: Stack) -> String? {
            outside("\(name).layers", stack.layers, 1...Limits.layers)
                ?? outside("\(name).heads", stack.heads, 1...Limits.width)
                ?? outside("\(name).headWidth", stack.headWidth, 1...Limits.width)
                ?? outside("\(name): heads times headWidth", stack.attentionWidth, 1...Limits.width)
                ?? outside("\(name).feedForwardWidth", stack.feedForwardWidth, 1...Limits.feedForwardWidth)
                ?? outside("\(name).maximumLength", stack.maximumLength, Limits.positionsMin...Limits.positions)
                ?? positionProblem(name, stack.positions)
        }
        func positionProblem(_ name: String, _ positions: Positions) -> String? {
            switch positions {
            case .sinusoidal: nil
            case .learned(let offset): outside("\(name): the positions' offset", offset, 0...Limits.positions)
            case .relative(let buckets, let distance), .relativePerLayer(let buckets, let distance):
                outside("\(name): buckets", buckets, 4...Limits.positions)
                    ?? outside("\(name): maximumDistance", distance, 1...Int(Int32.max))
            }
        }
        func scaleProblem(_ name: String, _ value: Float) -> String? {
            value.isFinite ? nil : "\(name) is not a finite number"
        }
        func frameProblem(_ name: String, _ slots: [Framing.Slot], _ size: Int) -> String? {
            slots.lazy.compactMap { slot in
                if case .token(let id) = slot { outside(name, id, 0...size - 1) } else { nil }
            }.first
        }
        let smaller = min(sourceVocabularySize, targetVocabularySize)
        if smaller < 1 { return "a vocabulary is empty" }
        let problems = [
            outside("sourceVocabularySize", sourceVocabularySize, 1...Limits.vocabulary),
            outside("targetVocabularySize", targetVocabularySize, 1...Limits.vocabulary),
            outside("width", width, 1...Limits.width),
            problem("encoder", encoder),
            problem("decoder", decoder),
            scaleProblem("embeddingScale", embeddingScale),
            scaleProblem("outputScale", outputScale),
            scaleProblem("normalization.epsilon", normalization.epsilon),
            outside(
                "endOfSentence", specials.endOfSentence,
                0...(framing.sourceSuffix.contains(.token(specials.endOfSentence)) ? smaller : targetVocabularySize) - 1
            ),
            outside(
                "unknown", specials.unknown,
                0...(specials.targetUnknown == nil ? smaller : sourceVocabularySize) - 1),
            outside("targetUnknown", specials.targetUnknown ?? 0, 0...targetVocabularySize - 1),
            outside("padding", specials.padding, 0...targetVocabularySize - 1),
            frameProblem("the source's frame", framing.sourcePrefix + framing.sourceSuffix, sourceVocabularySize),
            frameProblem(
                "the target's frame", [framing.decoderStart] + (framing.forcedFirst.map { [$0] } ?? []),
                targetVocabularySize),
            specials.otherEnds.lazy.compactMap { outside("otherEnds", $0, 0...targetVocabularySize - 1) }.first,
            framing.sourceTokenCount < encoder.maximumLength ? nil : "the source's frame leaves no room for a token",
        ]
        if let first = problems.compactMap({ $0 }).first { return first }
        if decoderHistory == .simpleRecurrence, decoder.attentionWidth != width {
            return "the decoder's states are \(width) wide, and its attention is \(decoder.attentionWidth)"
        }
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
        if !counts.contains(noSourceNgramSize)
            || (noSourceNgramSize > 0 && configuration.sourceVocabularySize > configuration.targetVocabularySize)
        {
            return "noSourceNgramSize is \(noSourceNgramSize)"
        }
        if !counts.contains(minimumLength) { return "minimumLength is \(minimumLength)" }
        if let maximumLength, !counts.contains(maximumLength) || maximumLength < max(1, minimumLength) {
            return "maximumLength is \(maximumLength)"
        }
        if let factor = maximumLengthFactor, !(factor > 0 && factor.isFinite) {
            return "maximumLengthFactor is \(factor)"
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

extension ModelLanguages {
    /// What does not fit the model; nil when all is well.
    func problem(_ configuration: ModelConfiguration) -> String? {
        func isInside(_ languages: [ModelLanguage], _ size: Int) -> Bool {
            languages.allSatisfy { (0..<size).contains($0.token ?? 0) }
        }
        // The token of a source is read by the encoder, and that of a target by one of the two, or both.
        let slots = configuration.framing.sourcePrefix + configuration.framing.sourceSuffix
        let decoderSlots = [configuration.framing.decoderStart, configuration.framing.forcedFirst]
        if !isInside(source, configuration.sourceVocabularySize)
            || (slots.contains(.targetLanguage) && !isInside(target, configuration.sourceVocabularySize))
            || (decoderSlots.contains(.targetLanguage) && !isInside(target, configuration.targetVocabularySize))
        {
            return "a language has a token that the vocabulary does not have"
        }
        return nil
    }
}
