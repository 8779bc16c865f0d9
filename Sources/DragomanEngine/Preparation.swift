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
        var jobs: [SegmentJob]
        var segments: [SegmentSource]
        var layout: Layout
        var withScores: Bool
    }

    /// Where a segment came from.
    struct SegmentSource: Sendable {
        var text: String
        var boundary: SplitBoundary?
    }

    /// How the segments' outputs make the request's.
    enum Layout: Sendable {
        case document(Document)
        case tokens
        /// A text that was given as the target to score.
        case target
    }

    let configuration: ModelConfiguration
    let defaults: GenerationDefaults
    let tokenizer: Tokenizer?
    let sourceVocabulary: Vocabulary
    let targetVocabulary: Vocabulary
    let segmenter: SentenceSegmenter
    /// What goes between two translated sentences that had nothing between them.
    let joint: String

    init(_ bundle: ModelBundle) throws {
        configuration = bundle.configuration
        defaults = bundle.defaults
        segmenter = SentenceSegmenter(language: bundle.sourceLanguage)
        joint = Self.writesWithoutSpaces(bundle.targetLanguage) ? "" : " "
        let text = try TextParts(bundle)
        sourceVocabulary = text.sourceVocabulary
        targetVocabulary = text.targetVocabulary
        tokenizer = text.tokenizer
    }

    /// - Throws: `TranslationError`.
    func prepare(_ request: TranslationRequest) throws -> Prepared {
        do {
            let (options, first) = try options(request.options)
            guard let target = request.target else {
                return try prepare(request.source, options, first: first, priority: request.priority)
            }
            return try prepare(request.source, scoring: target, options, priority: request.priority)
        } catch let error as OptionError {
            throw TranslationError(.invalidOption, error.description)
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        }
    }

    private func prepare(
        _ input: Source, _ options: DecodingOptions, first: DecodingOptions, priority: Int
    ) throws -> Prepared {
        switch input {
        case .tokens(let tokens):
            let ids = sourceIDs(tokens)
            guard !ids.isEmpty else {
                try check(first)
                return Prepared(jobs: [], segments: [], layout: .tokens, withScores: options.returnScores ?? true)
            }
            let job = try job(ids, task: .search(segment: 0), options: first, priority: priority)
            let source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil)
            return Prepared(jobs: [job], segments: [source], layout: .tokens, withScores: options.returnScores ?? true)
        case .text(let text):
            let tokenizer = try requireTokenizer()
            // A target language that the text begins with holds for all of its segments.
            let (prefix, body) = languagePrefix(of: text)
            let document = try Document(
                body, segmenter: segmenter, splitter: LengthSplitter(limit: sourceLimit - prefix.count),
                count: { try tokenizer.count($0) })
            if document.segments.isEmpty { try check(first) }
            var prepared = Prepared(
                jobs: [], segments: [], layout: .document(document), withScores: options.returnScores ?? true)
            for (index, segment) in document.segments.enumerated() {
                prepared.jobs.append(
                    try job(
                        prefix + (try tokenizer.encode(segment.text)), task: .search(segment: index),
                        options: index == 0 ? first : options, priority: priority))
                prepared.segments.append(SegmentSource(text: String(segment.text), boundary: segment.boundary))
            }
            return prepared
        }
    }

    private func prepare(
        _ input: Source, scoring target: Source, _ options: DecodingOptions,
        priority: Int
    ) throws -> Prepared {
        let ids: [Int]
        let source: SegmentSource
        switch input {
        case .tokens(let tokens):
            ids = sourceIDs(tokens)
            source = SegmentSource(text: tokens.joined(separator: " "), boundary: nil)
        case .text(let text):
            ids = try requireTokenizer().encode(text)
            source = SegmentSource(text: text, boundary: nil)
        }
        guard options.returnScores ?? true else {
            throw OptionError("return_scores", "is false, but a target is given to be scored")
        }
        let targetIDs = try self.targetIDs(target, "the target")
        let limit = configuration.decoder.maximumLength - 1
        guard targetIDs.count <= limit else {
            throw TranslationError(
                .tooLong, "the target has \(targetIDs.count) tokens; this model scores up to \(limit)")
        }
        let job = try job(ids, task: .score(target: targetIDs.map(Int32.init)), options: options, priority: priority)
        let isText = if case .text = target { true } else { false }
        return Prepared(jobs: [job], segments: [source], layout: isText ? .target : .tokens, withScores: true)
    }

    private func job(
        _ ids: [Int], task: SegmentJob.Task, options: DecodingOptions, priority: Int
    ) throws -> SegmentJob {
        guard ids.count <= sourceLimit else {
            throw TranslationError(
                .tooLong,
                "the source has \(ids.count) tokens; this model takes up to \(sourceLimit) (text is split, tokens are not)"
            )
        }
        let settings = try SearchSettings(
            options, defaults: defaults, configuration: configuration, sourceLength: ids.count)
        let end = configuration.specials.endsSource ? [configuration.specials.endOfSentence] : []
        return SegmentJob(source: (ids + end).map(Int32.init), task: task, settings: settings, priority: priority)
    }

    /// Refuses impossible options of a request without segments, as `job` does of others.
    private func check(_ options: DecodingOptions) throws {
        // Limits that depend on the source are at their widest.
        _ = try SearchSettings(
            options, defaults: defaults, configuration: configuration, sourceLength: sourceLimit)
    }

    /// The most source tokens of a segment, `</s>` not counted.
    private var sourceLimit: Int { configuration.encoder.maximumLength - (configuration.specials.endsSource ? 1 : 0) }

    private func requireTokenizer() throws -> Tokenizer {
        guard let tokenizer else {
            throw TranslationError(
                .noTokenizer, "the model's folder has no source.spm and target.spm; give the model's tokens, not text")
        }
        return tokenizer
    }

    private func languagePrefix(of text: String) -> (ids: [Int], body: String) {
        guard let (token, rest) = LanguagePrefix.split(text[...]), let id = sourceVocabulary.id(of: String(token))
        else { return ([], text) }
        return ([id], String(rest))
    }

    private static func writesWithoutSpaces(_ language: String?) -> Bool {
        let codes = ["zh", "zho", "chi", "cmn", "yue", "ja", "jpn", "th", "tha", "lo", "lao", "km", "khm", "my", "mya"]
        return codes.contains(String((language ?? "").prefix { $0.isLetter }).lowercased())
    }
}
