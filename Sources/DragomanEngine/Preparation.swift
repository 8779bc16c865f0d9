import Foundation
import Inference
import ModelFormats
import Text
import Translations

/// Turns requests into segments of ids, and what became of them into translations: everything about a request but the
/// decoding.
struct Preparation: Sendable {
    /// A request, ready to be decoded.
    struct Prepared: Sendable {
        /// Of the segments that are decoded: those without a copy.
        var jobs: [SegmentJob]
        var segments: [SegmentSource]
        var layout: Layout
        var withScores: Bool
    }

    /// Where a segment came from.
    struct SegmentSource: Sendable {
        var text: String
        var boundary: SplitBoundary?
        var frame: SegmentFrame
        /// The output of a segment that is not translated; nil where the model writes it.
        var copy: String?
        /// What goes before and after the model's output.
        var leading = ""
        var trailing = ""
        /// What is protected, in order, and which of it the model was given.
        var spans: [ProtectedSpan] = []
        var inner = 0..<0
    }

    /// How the segments' outputs make the request's.
    enum Layout: Sendable {
        case document(Document, joint: String, wrap: Wrap?)
        case tokens
        /// A text that was given as the target to score.
        case target
    }

    /// How the lines of the output are wrapped.
    struct Wrap: Sendable {
        var columns: Int
        /// How the source's lines ended, by the line of the output.
        var lineEnds: [Substring]
    }

    let configuration: ModelConfiguration
    let defaults: GenerationDefaults
    let tokenizer: Tokenizer?
    let sourceVocabulary: Vocabulary
    let targetVocabulary: Vocabulary
    let choice: LanguageChoice
    let shortlist: Shortlist?
    /// The languages that are meant where a request names none.
    private let usual: (source: String?, target: String?)
    private let segmenters = SegmenterCache()
    /// Tokens that no text shows.
    let hidden: Set<Int>

    init(_ bundle: ModelBundle, _ settings: Translator.Settings) throws {
        configuration = bundle.configuration
        defaults = bundle.defaults
        shortlist = bundle.shortlist
        choice = LanguageChoice(bundle, settings)
        usual = (settings.sourceLanguage, settings.targetLanguage)
        // What cannot be is said now, and not by every request.
        if usual.source != nil, usual.target != nil {
            _ = try choice.direction(source: usual.source, target: usual.target)
        } else {
            try choice.check(source: usual.source, target: usual.target)
        }
        hidden = Set(configuration.specials.hidden + configuration.specials.otherEnds)
        let text = try TextParts(bundle)
        sourceVocabulary = text.sourceVocabulary
        targetVocabulary = text.targetVocabulary
        tokenizer = text.tokenizer
    }

    /// - Throws: `TranslationError`.
    func prepare(_ request: TranslationRequest) throws -> Prepared {
        var request = request
        request.sourceLanguage = request.sourceLanguage ?? usual.source
        request.targetLanguage = request.targetLanguage ?? usual.target
        do {
            let (options, first) = try options(request.options)
            guard let target = request.target else { return try prepare(request, options, first: first) }
            return try prepare(request, scoring: target, options)
        } catch let error as OptionError {
            throw TranslationError(.invalidOption, error.description)
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        }
    }

    private func prepare(
        _ request: TranslationRequest, _ options: DecodingOptions, first: DecodingOptions
    ) throws -> Prepared {
        switch request.source {
        case .tokens(let tokens):
            let direction = try direction(of: tokens, request)
            let ids = sourceIDs(tokens)
            guard !ids.isEmpty else {
                try check(first, direction.frame)
                return Prepared(jobs: [], segments: [], layout: .tokens, withScores: options.returnScores ?? true)
            }
            let job = try job(
                try promptIDs(direction) + ids, direction.frame, task: .search(segment: 0), options: first,
                priority: request.priority)
            let source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil, frame: direction.frame)
            return Prepared(jobs: [job], segments: [source], layout: .tokens, withScores: options.returnScores ?? true)
        case .text(let text):
            return try prepare(text, request, options, first: first)
        }
    }

    private func prepare(
        _ text: String, _ request: TranslationRequest, _ options: DecodingOptions, first: DecodingOptions
    ) throws -> Prepared {
        let tokenizer = try requireTokenizer()
        // A target language that the text begins with holds for all of its segments that name no other.
        let marked = try choice.marked(text[...])
        let main = try choice.direction(
            source: request.sourceLanguage, target: request.targetLanguage, marked: marked?.language)
        let rules = try SegmentationRules(request.options)
        let body = marked.map { String($0.rest) } ?? text
        let paragraphs = rules.isWrapped ? Paragraphs.joined(body) : (text: body, lineEnds: [])
        // A prefix has to be what the first output begins with.
        let hasPrefix = request.options.prefix != nil
        var symbols = KnownSymbols(tokenizer, unknown: configuration.specials.unknown)
        let document = try Document(
            paragraphs.text, at: cuts(rules.split, main),
            keeps: { text, number in
                guard number > 0 || !hasPrefix else { return false }
                return rules.copies(text, try symbols.spans(in: text))
            },
            splitter: LengthSplitter(limit: try segmentLimit(rules, main, tokenizer)),
            count: { try tokenizer.count(main.prompt + $0) })
        let wrap = rules.wrap.map { Wrap(columns: $0, lineEnds: paragraphs.lineEnds) }
        var prepared = Prepared(
            jobs: [], segments: [], layout: .document(document, joint: main.joint, wrap: wrap),
            withScores: options.returnScores ?? true)
        // The parts of a sentence that was too long are in its language.
        var (sentence, direction) = (-1, main)
        for (index, segment) in document.segments.enumerated() {
            var body = segment.text
            if segment.sentence != sentence {
                (sentence, direction) = (segment.sentence, main)
                if let (language, rest) = try choice.marked(body) {
                    direction = try choice.direction(
                        source: request.sourceLanguage, target: request.targetLanguage, marked: language)
                    body = rest
                }
            }
            var source = SegmentSource(
                text: String(segment.text), boundary: segment.boundary, frame: direction.frame)
            let isFree = index > 0 || !hasPrefix
            // What follows the name of a language is not the whole segment.
            let spans = segment.isKept ? [] : try symbols.spans(in: body)
            if isFree, segment.isKept || rules.copies(body, spans) {
                source.copy = String(body)
            } else {
                (source.spans, source.inner) = (spans, spans.indices)
                if isFree, !spans.isEmpty {
                    let edges = SegmentEdges(of: body, spans: spans)
                    (source.leading, source.trailing, body) = (edges.leading, edges.trailing, edges.body)
                    source.inner = edges.inner
                }
                prepared.jobs.append(
                    try job(
                        try tokenizer.encode(direction.prompt + body), direction.frame, task: .search(segment: index),
                        options: index == 0 ? first : options, priority: request.priority))
            }
            prepared.segments.append(source)
        }
        if prepared.jobs.isEmpty { try check(first, main.frame) }
        return prepared
    }

    private func cuts(_ split: SplitRule, _ direction: Direction) -> Document.Cuts {
        switch split {
        case .nowhere: .nowhere
        case .newlines: .lines
        case .sentences: .sentences(segmenters.segmenter(direction.source))
        }
    }

    /// The most tokens of a segment, its prompt among them.
    private func segmentLimit(
        _ rules: SegmentationRules, _ direction: Direction, _ tokenizer: Tokenizer
    ) throws -> Int {
        guard let length = rules.lengthMaximum, length < sourceLimit else { return sourceLimit }
        let prompt = direction.prompt.isEmpty ? 0 : try tokenizer.count(direction.prompt[...])
        return min(sourceLimit, length + prompt)
    }

    private func prepare(
        _ request: TranslationRequest, scoring target: Source, _ options: DecodingOptions
    ) throws -> Prepared {
        let ids: [Int]
        let source: SegmentSource
        switch request.source {
        case .tokens(let tokens):
            let direction = try direction(of: tokens, request)
            ids = try promptIDs(direction) + sourceIDs(tokens)
            source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil, frame: direction.frame)
        case .text(let text):
            let marked = try choice.marked(text[...])
            let direction = try choice.direction(
                source: request.sourceLanguage, target: request.targetLanguage, marked: marked?.language)
            ids = try requireTokenizer().encode(direction.prompt + (marked?.rest ?? text[...]))
            source = SegmentSource(text: text, boundary: nil, frame: direction.frame)
        }
        guard options.returnScores ?? true else {
            throw OptionError("return_scores", "is false, but a target is given to be scored")
        }
        var targetIDs = try self.targetIDs(target, "the target")
        // A text does not show what the decoder has to write first.
        if case .text = target, let first = source.frame.forcedFirst { targetIDs.insert(first, at: 0) }
        let limit = configuration.decoder.maximumLength - 1
        guard targetIDs.count <= limit else {
            throw TranslationError(
                .tooLong, "the target has \(targetIDs.count) tokens; this model scores up to \(limit)")
        }
        let job = try job(
            ids, source.frame, task: .score(target: targetIDs.map(Int32.init)), options: options,
            priority: request.priority)
        let isText = if case .text = target { true } else { false }
        return Prepared(jobs: [job], segments: [source], layout: isText ? .target : .tokens, withScores: true)
    }

    /// The direction of given tokens, which may begin with the name of their language.
    private func direction(of tokens: [String], _ request: TranslationRequest) throws -> Direction {
        try choice.direction(
            source: request.sourceLanguage, target: request.targetLanguage, namesTarget: choice.names(tokens.first))
    }

    private func promptIDs(_ direction: Direction) throws -> [Int] {
        direction.prompt.isEmpty ? [] : try requireTokenizer().encode(direction.prompt)
    }

    private func job(
        _ ids: [Int], _ frame: SegmentFrame, task: SegmentJob.Task, options: DecodingOptions, priority: Int
    ) throws -> SegmentJob {
        guard ids.count <= sourceLimit else {
            throw TranslationError(
                .tooLong,
                "the source has \(ids.count) tokens; this model takes up to \(sourceLimit) (text is split, tokens are not)"
            )
        }
        let settings = try SearchSettings(
            options, defaults: defaults, configuration: configuration, frame: frame, sourceLength: ids.count)
        var job = SegmentJob(source: frame.source(ids), task: task, settings: settings, priority: priority)
        job.shortlist = shortlist
        return job
    }

    /// Refuses impossible options of a request without segments, as `job` does of others.
    private func check(_ options: DecodingOptions, _ frame: SegmentFrame) throws {
        // Limits that depend on the source are at their widest.
        _ = try SearchSettings(
            options, defaults: defaults, configuration: configuration, frame: frame, sourceLength: sourceLimit)
    }

    /// The most source tokens of a segment, those of the frame not counted.
    private var sourceLimit: Int { configuration.encoder.maximumLength - configuration.framing.sourceTokenCount }

    private func requireTokenizer() throws -> Tokenizer {
        guard let tokenizer else {
            throw TranslationError(
                .noTokenizer, "the model's folder has no tokenizer; give the model's tokens, not text")
        }
        return tokenizer
    }
}
