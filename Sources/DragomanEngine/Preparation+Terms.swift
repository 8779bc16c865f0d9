import Inference
import Languages
import Text
import Translations

// An output that lacks targets of its segment's terms is made again, after all else. It stays as it is, but for the words that
// stand for the terms: there it has the targets, and what stands right before them may change, as articles do. What is not
// known is found by a search, so that the model has the last word.

extension Preparation {
    /// The search for an output with all targets.
    ///
    /// - Returns: nil when nothing is to be searched for: no target is missing, no second pass is wanted, or the model cannot
    ///   write a target.
    func termPass(_ decoded: DecodedSegment, of index: Int, in prepared: Prepared) throws -> SegmentJob? {
        let source = prepared.segments[prepared.decoded[index]]
        guard prepared.takesSecondPass, !decoded.hypotheses.isEmpty, decoded.job.settings.sampling == nil,
            let tokenizer,
            let shortWords
        else { return nil }
        let terms = RequiredTerms(source.terms)
        let missing = terms.missing(in: decoded.texts[0])
        if missing.isEmpty { return nil }
        var settings = decoded.job.settings
        guard let slots = try slots(missing, decoded, source, terms, settings, tokenizer) else { return nil }
        let tokens = decoded.hypotheses[0].tokens.map(Int32.init)
        let parts = Self.parts(slots, of: tokens)
        var prefix = tokens[..<parts.begin]
        if let forced = settings.forcedFirstToken, prefix.first == forced { prefix = prefix.dropFirst() }
        let template = OutputTemplate(parts.all)
        guard prefix.count >= settings.prefix.count,
            prefix.count + template.weight <= settings.maximumLength
        else { return nil }
        settings.prefix = Array(prefix)
        settings.phrases = RequiredPhrases()
        settings.template = template
        settings.beamSize = max(settings.beamSize, Self.termBeam)
        settings.finishedCapacity = max(settings.finishedCapacity, Self.termOutputs)
        settings.finishedKeepPlaces = false
        settings.nBest = max(settings.nBest, settings.finishedCapacity)
        var job = SegmentJob(
            source: decoded.job.source, task: decoded.job.task, settings: settings, priority: decoded.job.priority)
        job.shortlist = decoded.job.shortlist
        job.fillers = TokenTest { shortWords.contains($0) }
        return job
    }

    /// An output with all targets, and what became of them.
    ///
    /// - Parameters:
    ///   - pass: the search for it; nil: there was none.
    ///   - hypotheses: what that has found.
    func completed(
        _ decoded: DecodedSegment, _ pass: SegmentJob?, _ hypotheses: [TokenHypothesis], of index: Int,
        in prepared: Prepared
    ) throws -> DecodedSegment {
        let source = prepared.segments[prepared.decoded[index]]
        guard let tokenizer, !decoded.hypotheses.isEmpty else { return decoded }
        let terms = RequiredTerms(source.terms)
        var result = decoded
        var fate = Translation.Segment.Term.Fate.missed
        if prepared.takesSecondPass, !terms.areMet(in: decoded.texts[0]) {
            let kept = KeptTexts(source.words.map { String($0.text) }, in: source.body)
            if let pass, let found = try chosen(hypotheses, pass, decoded, source, terms, kept, prepared.layout) {
                (result, fate) = (found, .required)
            } else {
                (result, fate) = (try placed(decoded, source, terms, kept, tokenizer), .placed)
            }
        }
        result.terms = terms.fates(before: decoded.texts[0], after: result.texts[0], fate)
        return result
    }

    private static let termBeam = 6
    /// Of so many outputs one may be right where the best is not.
    private static let termOutputs = 4

    /// The best output that has all that it must, and looks right; nil if none does.
    private func chosen(
        _ hypotheses: [TokenHypothesis], _ pass: SegmentJob, _ first: DecodedSegment, _ source: SegmentSource,
        _ terms: RequiredTerms, _ kept: KeptTexts, _ layout: Layout
    ) throws -> DecodedSegment? {
        var hypotheses = hypotheses
        func decoded(_ hypotheses: [TokenHypothesis]) throws -> DecodedSegment {
            let outputs = try hypotheses.map { try text($0, layout) }
            return try restored(
                DecodedSegment(pass, first.input, hypotheses, outputs: outputs), source, kept, required: [])
        }
        let best = try hypotheses.firstIndex { hypothesis in
            let one = try decoded([hypothesis])
            return terms.areMet(in: one.texts[0]) && kept.areKept(in: one.texts[0])
                && (first.suspicion != nil || check(one, source) == nil)
        }
        guard let best else { return nil }
        hypotheses.insert(hypotheses.remove(at: best), at: 0)
        var result = try decoded(Array(hypotheses.prefix(first.hypotheses.count)))
        (result.fates, result.suspicion) = (first.fates, first.suspicion)
        return result
    }

    // MARK: The template

    /// Where a target goes.
    private struct Slot {
        /// The tokens that it takes the place of.
        var tokens: Range<Int>
        var choice: OutputTemplate.Choice
    }

    /// - Returns: The places of targets, in their order; nil where the model cannot write a target, or one has no place of its
    ///   own.
    private func slots(
        _ missing: [SourceTerm], _ decoded: DecodedSegment, _ source: SegmentSource, _ terms: RequiredTerms,
        _ settings: SearchSettings, _ tokenizer: Tokenizer
    ) throws -> [Slot]? {
        let kept = KeptTexts(source.words.map { String($0.text) }, in: source.body)
        var placing = try placing(decoded, source, 0, terms, kept, tokenizer)
        let all = decoded.hypotheses[0].tokens.map(Int32.init)
        var places: [(term: SourceTerm, range: Range<Int>, tokens: Range<Int>)] = []
        for term in missing {
            let from = try sourceTokens(of: decoded.input.place(term.range), source, decoded, tokenizer)
            guard let range = placing.place(from), let tokens = placing.tokens(of: range) else { return nil }
            places.append((term, range, tokens))
        }
        places.sort { $0.tokens.lowerBound < $1.tokens.lowerBound }
        var slots: [Slot] = []
        for (term, range, tokens) in places {
            let earlier = slots.last?.tokens.upperBound ?? 0
            guard tokens.lowerBound >= earlier else { return nil }
            var usual: Range<Int>?
            if let word = placing.shortWord(before: range), let found = placing.tokens(of: word),
                found.lowerBound >= earlier, found.upperBound <= tokens.lowerBound
            {
                usual = found.lowerBound..<tokens.lowerBound
            }
            let choice = try choice(
                term.entry.target, placing.surroundings(of: range), usual: usual.map { Array(all[$0]) },
                source.direction, settings, tokenizer)
            guard let choice else { return nil }
            slots.append(Slot(tokens: (usual?.lowerBound ?? tokens.lowerBound)..<tokens.upperBound, choice: choice))
        }
        return slots
    }

    /// The parts of an output after those tokens that stay as they are from its beginning.
    private static func parts(
        _ slots: [Slot], of tokens: [Int32]
    ) -> (begin: Int, all: [OutputTemplate.Part]) {
        var parts: [OutputTemplate.Part] = []
        var position = slots[0].tokens.lowerBound
        for slot in slots {
            if position < slot.tokens.lowerBound {
                parts.append(.fixed(Array(tokens[position..<slot.tokens.lowerBound])))
            }
            parts.append(.choice(slot.choice))
            position = slot.tokens.upperBound
        }
        if position < tokens.count { parts.append(.fixed(Array(tokens[position...]))) }
        return (slots[0].tokens.lowerBound, parts)
    }

    /// The most tokens of a target that a model has to write.
    private static let termTokensMaximum = 64
    /// Words that lose their vowel before another, and the languages that write them so.
    private static let elisions = ["l'", "d'"]
    private static let elidingLanguages: Set<String> = ["fr", "it", "ca", "oc", "wa", "fur", "lmo", "vec", "scn"]
    /// For another word before a target than there was, and for none.
    private static let penalties: (other: Float, none: Float) = (0.5, 5)

    /// How the model may write a target; nil if it cannot.
    ///
    /// - Parameter usual: the short word before it, which may become another.
    private func choice(
        _ target: String, _ place: TermPlacing.Surroundings, usual: [Int32]?, _ direction: Direction,
        _ settings: SearchSettings, _ tokenizer: Tokenizer
    ) throws -> OutputTemplate.Choice? {
        var choice = OutputTemplate.Choice([])
        func add(_ form: [Int32]?, after before: [Int32], penalty: Float = 0) {
            guard let form, form.count <= Self.termTokensMaximum else { return }
            choice.forms.append(OutputTemplate.Choice.Form(before + form, penalty: penalty))
        }
        func form(after opening: String) throws -> [Int32]? {
            try self.form(of: target, after: opening, settings, tokenizer)
        }
        switch place {
        case .first:
            add(
                try self.form(of: RequiredTerms.capitalized(target) ?? target, after: "", settings, tokenizer),
                after: [])
        case .after(let mark): add(try form(after: String(mark)), after: usual ?? [])
        case .afterSpace, .afterElision:
            let spaced = try form(after: "")
            let isElided = place == .afterElision
            add(isElided ? try form(after: "l'") : spaced, after: usual ?? [])
            guard usual != nil else { break }
            add(spaced, after: [], penalty: Self.penalties.none)
            choice.afterAny = spaced.map { OutputTemplate.Choice.Form($0, penalty: Self.penalties.other) }
            if isElided, let usual { choice.exceptions = usual }
            let language = direction.target.map { LanguageTag($0)?.language ?? $0 }
            guard language.map(Self.elidingLanguages.contains) ?? true else { break }
            for elision in Self.elisions {
                let before = try tokenizer.encodeTarget(elision).map(Int32.init)
                add(try form(after: elision), after: before, penalty: Self.penalties.other)
                // By itself it is no word.
                choice.exceptions += before + (try tokenizer.encodeTarget(elision.dropLast())).map(Int32.init)
            }
        }
        return choice.forms.isEmpty ? nil : choice
    }

    // MARK: The text

    /// An output with targets in the place of the words that stand for their terms.
    private func placed(
        _ decoded: DecodedSegment, _ source: SegmentSource, _ terms: RequiredTerms, _ kept: KeptTexts,
        _ tokenizer: Tokenizer
    ) throws -> DecodedSegment {
        var result = decoded
        for index in decoded.hypotheses.indices {
            let text = decoded.texts[index]
            var placing = try placing(decoded, source, index, terms, kept, tokenizer)
            var edits: [TextEdit] = []
            for term in terms.missing(in: text) {
                let from = try sourceTokens(of: decoded.input.place(term.range), source, decoded, tokenizer)
                edits.append(Self.edit(text, placing.place(from), term.entry.target))
            }
            edits = edits.enumerated().sorted {
                ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
            }.map(\.element)
            result.texts[index] = TextEdit.apply(edits, to: text)
            result.termEdits.append(edits)
        }
        return result
    }

    /// - Parameter range: what the target takes the place of; nil: it goes to the end.
    private static func edit(_ text: String, _ range: Range<Int>?, _ target: String) -> TextEdit {
        if let range { return TextEdit(range: range, replacement: target) }
        let end = text.utf8.count
        let isApart = text.unicodeScalars.last.map { !$0.isOfSpacedWord } ?? true
        return TextEdit(range: end..<end, replacement: (isApart ? "" : " ") + target)
    }

    private func placing(
        _ decoded: DecodedSegment, _ source: SegmentSource, _ index: Int, _ terms: RequiredTerms, _ kept: KeptTexts,
        _ tokenizer: Tokenizer
    ) throws -> TermPlacing {
        let (hypothesis, text) = (decoded.hypotheses[index], decoded.texts[index])
        var places = try tokenizer.targetPlaces(
            of: hypothesis.tokens, in: decoded.outputs[index], isHidden: hidden.contains)
        if !decoded.restorations.isEmpty { places = places.map(decoded.restorations[index].place) }
        return TermPlacing(
            text, tokens: places, rows: source.aligner.map { $0.rows(of: hypothesis) } ?? hypothesis.alignment,
            sourceBody: sourceBody(decoded, source),
            taken: terms.places(in: text).map(\.range) + kept.places(in: text).map(\.range))
    }

    /// The tokens of what the model was given that are the segment's own.
    func sourceBody(_ decoded: DecodedSegment, _ source: SegmentSource) -> Range<Int> {
        let frame = source.direction.frame
        return frame.sourcePrefix.count..<decoded.job.source.count - frame.sourceSuffix.count
    }

    /// The source's tokens of a stretch of what the model was given, in bytes; one at least.
    func sourceTokens(
        of range: Range<Int>, _ source: SegmentSource, _ decoded: DecodedSegment, _ tokenizer: Tokenizer
    ) throws -> Range<Int> {
        let body = sourceBody(decoded, source)
        func count(_ end: Int) throws -> Int {
            let text = decoded.input.text.utf8.prefix(end)
            return try tokenizer.count(source.direction.prompt + (String(text) ?? ""))
        }
        let begin = min(body.upperBound - 1, body.lowerBound + (try count(range.lowerBound)))
        let end = max(begin + 1, min(body.upperBound, body.lowerBound + (try count(range.upperBound))))
        return begin..<end
    }
}
