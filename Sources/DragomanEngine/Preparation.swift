import Foundation
import Inference
import Markup
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
        /// The segment of each job.
        var decoded: [Int]
        var segments: [SegmentSource]
        var layout: Layout
        var withScores: Bool
        /// Whether the request asks for cross-attention weights.
        var withAlignments: Bool
        /// Whether what lacks protected text or looks wrong is decoded again.
        var takesSecondPass: Bool

        init(_ options: DecodingOptions, _ layout: Layout, jobs: [SegmentJob] = [], segments: [SegmentSource] = []) {
            self.jobs = jobs
            decoded = segments.indices.filter { segments[$0].copy == nil }
            self.segments = segments
            self.layout = layout
            withScores = options.returnScores ?? true
            withAlignments = options.alignments ?? false
            takesSecondPass = options.secondPass ?? true
        }
    }

    /// Where a segment came from.
    struct SegmentSource: Sendable {
        var text: String
        var boundary: SplitBoundary?
        var direction: Direction
        /// The output of a segment that is not translated; nil where the model writes it.
        var copy: String?
        /// How like a source of the memory it is, where the copy is the target there.
        var memory: TranslationMemory.Match?
        /// What goes before and after the model's output.
        var leading = ""
        var trailing = ""
        /// What is protected, in order, and which of it the model was given.
        var spans: [ProtectedSpan] = []
        var inner = 0..<0
        /// Those of them that the model was given, with the words that they are parts of.
        var words: [ProtectedSpan] = []
        /// The terms of the body.
        var terms: [SourceTerm] = []
        /// What is between `leading` and `trailing`, and what the model is given of it.
        var body: Substring = ""
        var input = ModelInput()
        /// Whether marks of the segment follow its words.
        var isMarked = false
        /// Of the segment's text, in bytes: the name of a language, which is no part of the output.
        var nameLength = 0
        /// What says where words come from; nil: the mean of heads.
        var aligner: Aligner?
        /// Whether the request itself says how long the output may be.
        var limitsLength = false

        var frame: SegmentFrame { direction.frame }
        var hasTerms: Bool { !terms.isEmpty }
    }

    /// What is wanted of the model's attention.
    enum Attention {
        /// Where marks follow words, what this says; nil: the mean of the last layer's heads.
        case marks(Aligner?)
        /// All of these heads, of every segment.
        case heads([AttentionHead])
    }

    /// How the segments' outputs make the request's.
    enum Layout: Sendable {
        case document(Document, joint: String, wrap: Wrap?)
        /// The blocks of markup, each with its document.
        case markup(MarkupText, [Document], joint: String)
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
    let usual: (source: String?, target: String?)
    private let segmenters = SegmenterCache()
    /// Tokens that no text shows.
    let hidden: Set<Int>
    let shortWords: ShortWords?

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
        shortWords = text.tokenizer.map(ShortWords.init)
    }

    /// - Throws: `TranslationError`.
    func prepare(_ request: TranslationRequest, _ attention: Attention = .marks(nil)) throws -> Prepared {
        var request = request
        request.sourceLanguage = request.sourceLanguage ?? usual.source
        request.targetLanguage = request.targetLanguage ?? usual.target
        do {
            let (options, first) = try options(request.options)
            guard let target = request.target else {
                return try prepare(request, options, first: first, attention)
            }
            return try prepare(request, scoring: target, options)
        } catch let error as OptionError {
            throw TranslationError(.invalidOption, error.description)
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        } catch let error as MarkupError {
            throw TranslationError(.invalidMarkup, "the text is not well-formed XML: \(error)")
        }
    }

    private func prepare(
        _ request: TranslationRequest, _ options: DecodingOptions, first: DecodingOptions, _ attention: Attention
    ) throws -> Prepared {
        switch request.source {
        case .tokens(let tokens):
            try refuseTextOptions(request)
            let direction = try direction(of: tokens, request)
            let ids = sourceIDs(tokens)
            guard !ids.isEmpty else {
                try check(first, direction.frame)
                return Prepared(options, .tokens)
            }
            let job = try job(
                try promptIDs(direction) + ids, direction.frame, task: .search(segment: 0), options: first,
                priority: request.priority)
            let source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil, direction: direction)
            return Prepared(options, .tokens, jobs: [job], segments: [source])
        case .text(let text):
            return try prepare(text, request, options, first: first, attention)
        }
    }

    private func prepare(
        _ text: String, _ request: TranslationRequest, _ options: DecodingOptions, first: DecodingOptions,
        _ attention: Attention
    ) throws -> Prepared {
        let rules = try SegmentationRules(request.options)
        if let elements = rules.markup {
            let main = try choice.direction(source: request.sourceLanguage, target: request.targetLanguage)
            let markup = try MarkupText(text, elements)
            var cutter = try SegmentCutter(self, rules, main, request, options, first: first, attention)
            let documents = try markup.blocks.map { block in
                let document = try cutter.document(block.text, unbroken: block.unbroken)
                try cutter.append(
                    document, marked: block.hasMarks(in: document.places), verbatim: block.unbroken)
                return document
            }
            return try cutter.prepared(.markup(markup, documents, joint: main.joint))
        }
        // A target language that the text begins with holds for all of its segments that name no other.
        let marked = try choice.marked(text[...])
        let main = try choice.direction(
            source: request.sourceLanguage, target: request.targetLanguage, marked: marked?.language)
        let body = marked.map { String($0.rest) } ?? text
        let paragraphs = rules.isWrapped ? Paragraphs.joined(body) : (text: body, lineEnds: [])
        var cutter = try SegmentCutter(self, rules, main, request, options, first: first, attention)
        let document = try cutter.document(paragraphs.text)
        try cutter.append(document)
        let wrap = rules.wrap.map { Wrap(columns: $0, lineEnds: paragraphs.lineEnds) }
        return try cutter.prepared(.document(document, joint: main.joint, wrap: wrap))
    }

    func cuts(_ split: SplitRule, _ direction: Direction) -> Document.Cuts {
        switch split {
        case .nowhere: .nowhere
        case .newlines: .lines
        case .sentences: .sentences(segmenters.segmenter(direction.source))
        }
    }

    /// The most tokens of a segment, its prompt among them.
    func segmentLimit(
        _ rules: SegmentationRules, _ direction: Direction, _ tokenizer: Tokenizer
    ) throws -> Int {
        guard let length = rules.lengthMaximum, length < sourceLimit else { return sourceLimit }
        let prompt = direction.prompt.isEmpty ? 0 : try tokenizer.count(direction.prompt[...])
        return min(sourceLimit, length + prompt)
    }

    private func prepare(
        _ request: TranslationRequest, scoring target: Source, _ options: DecodingOptions
    ) throws -> Prepared {
        try refuseTextOptions(request)
        let ids: [Int]
        let source: SegmentSource
        switch request.source {
        case .tokens(let tokens):
            let direction = try direction(of: tokens, request)
            ids = try promptIDs(direction) + sourceIDs(tokens)
            source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil, direction: direction)
        case .text(let text):
            let marked = try choice.marked(text[...])
            let direction = try choice.direction(
                source: request.sourceLanguage, target: request.targetLanguage, marked: marked?.language)
            ids = try requireTokenizer().encode(direction.prompt + (marked?.rest ?? text[...]))
            source = SegmentSource(text: text, boundary: nil, direction: direction)
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
        return Prepared(options, isText ? .target : .tokens, jobs: [job], segments: [source])
    }

    private func refuseTextOptions(_ request: TranslationRequest) throws {
        for (option, isGiven) in [
            ("markup", request.options.markup != nil), ("glossary", request.glossary != nil),
            ("memory", request.memory != nil),
        ]
        where isGiven {
            throw OptionError(option, "is for texts that are translated, not for tokens and scores")
        }
    }

    /// The direction of given tokens, which may begin with the name of their language.
    private func direction(of tokens: [String], _ request: TranslationRequest) throws -> Direction {
        try choice.direction(
            source: request.sourceLanguage, target: request.targetLanguage, namesTarget: choice.names(tokens.first))
    }

    private func promptIDs(_ direction: Direction) throws -> [Int] {
        direction.prompt.isEmpty ? [] : try requireTokenizer().encode(direction.prompt)
    }

    func job(
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
    func check(_ options: DecodingOptions, _ frame: SegmentFrame) throws {
        // Limits that depend on the source are at their widest.
        _ = try SearchSettings(
            options, defaults: defaults, configuration: configuration, frame: frame, sourceLength: sourceLimit)
    }

    /// The most source tokens of a segment, those of the frame not counted.
    var sourceLimit: Int { configuration.encoder.maximumLength - configuration.framing.sourceTokenCount }

    func requireTokenizer() throws -> Tokenizer {
        guard let tokenizer else {
            throw TranslationError(
                .noTokenizer, "the model's folder has no tokenizer; give the model's tokens, not text")
        }
        return tokenizer
    }
}
