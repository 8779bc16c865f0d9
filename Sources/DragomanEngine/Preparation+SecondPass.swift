import Inference
import Text
import Translations

// A segment's output is looked at when it is there. Where it lacks protected text, or looks wrong, the segment is decoded
// once more, as any other segment is, and the better of the two outputs is kept.

extension Preparation {
    /// A first output as it is, and what it is decoded again for.
    func examine(
        _ hypotheses: [TokenHypothesis], of index: Int, in prepared: Prepared
    ) throws -> (first: DecodedSegment, again: SecondPass?) {
        let job = prepared.jobs[index]
        let source = prepared.segments[prepared.decoded[index]]
        var first = DecodedSegment(
            job, source.input, hypotheses, outputs: try hypotheses.map { try text($0, prepared.layout) })
        switch prepared.layout {
        case .tokens, .target: return (first, nil)
        case .document, .markup: if hypotheses.isEmpty { return (first, nil) }
        }
        let check = check(first, source)
        first.suspicion = check?.suspicion
        let kept = KeptTexts(source.words.map { String($0.text) }, in: source.body)
        let isKept = kept.texts.isEmpty || kept.areKept(in: first.texts[0])
        let counts = isKept ? kept.counts : kept.counts(in: first.texts[0])
        first.fates = source.words.map { span in
            guard let number = kept.index(of: String(span.text)) else { return .lost }
            return counts[number] == kept.counts[number] ? .copied : .lost
        }
        guard prepared.takesSecondPass, !isKept || check != nil else { return (first, nil) }
        // Samples are drawn once.
        if job.settings.sampling == nil,
            let again = try secondPass(job, source, check, requires: isKept ? nil : kept)
        {
            return (first, again)
        }
        return (isKept ? first : try restored(first, source, kept, required: []), nil)
    }

    /// The better of two outputs, with all protected text in it.
    func settle(
        _ first: DecodedSegment, _ again: SecondPass, _ hypotheses: [TokenHypothesis], of index: Int,
        in prepared: Prepared
    ) throws -> DecodedSegment {
        let source = prepared.segments[prepared.decoded[index]]
        let kept = KeptTexts(source.words.map { String($0.text) }, in: source.body)
        var second = DecodedSegment(
            again.job, again.input, hypotheses, outputs: try hypotheses.map { try text($0, prepared.layout) })
        second.suspicion = first.suspicion
        // The constraints may allow nothing.
        let isBetter: Bool
        if hypotheses.isEmpty {
            isBetter = false
        } else if let found = again.check {
            isBetter = OutputCheck.isBetter(check(second, source), than: found)
        } else {
            isBetter = check(second, source) == nil
        }
        guard isBetter else {
            return kept.areKept(in: first.texts[0])
                ? first : try restored(first, source, kept, required: [])
        }
        return try restored(second, source, kept, required: again.required)
    }

    func check(_ decoded: DecodedSegment, _ source: SegmentSource) -> OutputCheck? {
        OutputCheck(
            OutputCheck.Subject(
                source: source.direction.frame.body(of: decoded.job.source), sourceText: source.body,
                output: decoded.hypotheses[0], outputText: decoded.texts[0],
                sourceLanguage: source.direction.source,
                // What is protected may be in any script.
                targetLanguage: source.inner.isEmpty ? source.direction.target : nil,
                limitsLength: source.limitsLength))
    }

    // MARK: The search

    /// The search for another output.
    ///
    /// - Parameter kept: nil when the first has all protected text.
    /// - Returns: nil when there is nothing to try.
    private func secondPass(
        _ job: SegmentJob, _ source: SegmentSource, _ check: OutputCheck?, requires kept: KeptTexts?
    ) throws -> SecondPass? {
        guard let tokenizer else { return nil }
        var settings = job.settings
        let spans = source.words
        // All of them are required, not only those that the first output lacks: another output may lack others. Where there are
        // names, a model does better with a name that it knows than with the text itself.
        let names = kept == nil ? [] : try names(besides: source.text, settings, tokenizer)
        var symbols = KnownSymbols(tokenizer, unknown: configuration.specials.unknown)
        let input = try ModelInput(source.body, spans: spans, names: names.map(\.name), symbols: &symbols)
        var phrases = names.prefix(input.standIns.count).map(\.forms)
        var required: Set<Int> = []
        for index in kept == nil ? [] : input.own {
            let forms = try forms(of: String(spans[index].text), settings, tokenizer)
            guard Self.isWritable(forms), phrases.count < RequiredPhrases.countMax else { continue }
            phrases.append(forms)
            required.insert(index)
        }
        settings.phrases = RequiredPhrases(phrases)

        let ids = try tokenizer.encode(source.direction.prompt + input.text)
        guard !ids.isEmpty, ids.count <= sourceLimit else { return nil }
        if let check { guardAgainst(check, &settings, sourceLength: ids.count) }
        if !phrases.isEmpty { widen(&settings, sourceLength: ids.count) }
        guard check != nil || !phrases.isEmpty else { return nil }
        var again = SegmentJob(
            source: source.direction.frame.source(ids), task: job.task, settings: settings, priority: job.priority)
        again.shortlist = job.shortlist
        return SecondPass(job: again, input: input, check: check, required: required)
    }

    /// A beam that has a place for each number of the phrases' tokens, and no more steps than such an output may take.
    private func widen(_ settings: inout SearchSettings, sourceLength: Int) {
        let weight = settings.phrases.weight
        settings.beamSize = max(settings.beamSize, min(max(4, weight + 2), Self.beamMaximum))
        settings.finishedCapacity = max(settings.finishedCapacity, min(4, settings.beamSize))
        settings.finishedKeepPlaces = false
        let longest = 3 * sourceLength + 2 * weight + 16 + settings.prefix.count
        settings.maximumLength = min(settings.maximumLength, max(longest, settings.minimumLength))
    }

    private func guardAgainst(_ check: OutputCheck, _ settings: inout SearchSettings, sourceLength: Int) {
        func lower(_ value: inout Int, to limit: Int) { value = value == 0 ? limit : min(value, limit) }
        switch check.suspicion {
        case .repetition:
            lower(&settings.constraints.noRepeatNgramSize, to: 4)
        case .length:
            lower(&settings.constraints.noRepeatNgramSize, to: 4)
            settings.minimumLength = max(settings.minimumLength, min(sourceLength / 3, settings.maximumLength))
            settings.constraints.minimumLength = settings.minimumLength
        case .copy, .script:
            lower(&settings.constraints.noSourceNgramSize, to: 3)
        }
        let longest = max(2 * sourceLength + 10, settings.minimumLength, settings.prefix.count + 1)
        settings.maximumLength = min(settings.maximumLength, longest)
    }

    /// The most hypotheses of a second pass, unless the request wants more.
    private static let beamMaximum = 16
    /// The longest phrase that a model has to write, in tokens.
    private static let phraseTokensMaximum = 4

    private static func isWritable(_ forms: [[Int32]]) -> Bool {
        guard let shortest = forms.map(\.count).min() else { return false }
        return shortest <= phraseTokensMaximum
    }

    /// How the model may write a text: as a word, and as what goes on after a bracket; none if it cannot.
    private func forms(of text: String, _ settings: SearchSettings, _ tokenizer: Tokenizer) throws -> [[Int32]] {
        var forms: [[Int32]] = []
        for opening in ["", "("] {
            if let form = try form(of: text, after: opening, settings, tokenizer), !forms.contains(form) {
                forms.append(form)
            }
        }
        return forms
    }

    /// The tokens of a text that goes on after an opening; nil if the model may not write it.
    func form(
        of text: String, after opening: String, _ settings: SearchSettings, _ tokenizer: Tokenizer
    ) throws -> [Int32]? {
        let before = opening.isEmpty ? [] : try tokenizer.encodeTarget(opening)
        let all = try tokenizer.encodeTarget(opening + text)
        guard all.count > before.count, all.starts(with: before),
            !all.contains(where: { hidden.contains($0) || $0 == configuration.specials.unknown }),
            !all.contains(where: { targetVocabulary.token(of: $0) == nil }),
            try tokenizer.decode(all) == opening + text
        else { return nil }
        let form = all.dropFirst(before.count).map(Int32.init)
        let isAllowed = form.allSatisfy { !settings.ends($0) && !settings.constraints.forbids($0, generated: .max) }
        return isAllowed ? form : nil
    }

    /// Names for stand-ins, which neither the segment nor a vocabulary speaks against.
    private func names(
        besides text: String, _ settings: SearchSettings, _ tokenizer: Tokenizer
    ) throws -> [(name: String, forms: [[Int32]])] {
        let words = text.lowercased()
        var names: [(name: String, forms: [[Int32]])] = []
        for name in StandIn.names where !words.contains(name.lowercased()) {
            let forms = try forms(of: name, settings, tokenizer)
            guard Self.isWritable(forms),
                try !tokenizer.encode(name).contains(configuration.specials.unknown)
            else { continue }
            names.append((name, forms))
        }
        // What takes the fewest tokens is written best; among equals, the list's order.
        return names.enumerated().sorted {
            let (first, second) = (shortest($0.element.forms), shortest($1.element.forms))
            return first != second ? first < second : $0.offset < $1.offset
        }.map(\.element)
    }

    private func shortest(_ forms: [[Int32]]) -> Int { forms.map(\.count).min() ?? 0 }

    // MARK: The text

    /// An output with all protected text in it.
    func restored(
        _ decoded: DecodedSegment, _ source: SegmentSource, _ kept: KeptTexts, required: Set<Int>
    ) throws -> DecodedSegment {
        guard let tokenizer, !kept.texts.isEmpty else { return decoded }
        var result = decoded
        let (input, spans) = (decoded.input, source.words)
        let wanted = spans.map { ProtectedPlace($0.text, in: source.body) }
        let body = sourceBody(decoded, source)
        var moved: Set<Int> = []
        for index in decoded.hypotheses.indices {
            let hypothesis = decoded.hypotheses[index]
            var placing: SpanPlacing?
            let restoration = try SpanRestoration(
                decoded.outputs[index], standIns: input.standIns, kept: kept, wanted: wanted
            ) { number in
                let found =
                    try placing
                    ?? SpanPlacing(hypothesis, output: decoded.outputs[index], sourceBody: body) { tokens in
                        try tokenizer.decode(tokens.filter { !hidden.contains($0) })
                    }
                placing = found
                return found.place(try sourceTokens(of: input.places[number], source, decoded, tokenizer))
            }
            result.texts[index] = restoration.text
            result.restorations.append(restoration)
            if index == 0 { moved = restoration.moved }
        }
        let counts = kept.counts(in: result.texts[0])
        result.fates = spans.indices.map { index in
            guard let number = kept.index(of: String(spans[index].text)), counts[number] == kept.counts[number] else {
                return .lost
            }
            if moved.contains(number) { return .placed }
            return required.contains(index) ? .constrained : input.standIns.isEmpty ? .copied : .placed
        }
        return result
    }
}
