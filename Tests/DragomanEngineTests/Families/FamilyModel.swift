import DragomanEngine
import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import TestModels
import Testing
import Text

/// A loaded model, and what it makes of golden cases.
struct FamilyModel {
    let bundle: ModelBundle
    private let transformer: Transformer

    init(_ folder: URL, precision: Precision) throws {
        bundle = try ModelBundle.load(folder)
        transformer = try Transformer(
            configuration: bundle.configuration, precision: precision, from: bundle.weights)
    }

    func job(_ golden: GeneratedFamily.Case) throws -> SegmentJob {
        let configuration = bundle.configuration, languages = bundle.languages
        func token(_ code: String?, in languages: [ModelLanguage]) throws -> Int? {
            if !self.bundle.languages.prompts.isEmpty { return nil }
            return try code.map { code in
                try #require(languages.first { $0.code == code || $0.tag == code }?.token, "the language \(code)")
            }
        }
        let frame = try #require(
            configuration.framing.frame(
                sourceLanguage: token(golden.languages[0], in: languages.source),
                targetLanguage: token(golden.languages[1], in: languages.target)))
        let prompt = languages.prompts.first { golden.languages == [$0.source, $0.target] }
        let body = try prompt.map { try encode($0.text, before: golden.body) } ?? golden.body
        // As `families.py` asks `generate`, whose lengths count the start and a forced end.
        var options = DecodingOptions()
        options.beamSize = golden.beamSize
        options.maximumLength = bundle.defaults.forcedLastToken == nil ? 17 : 16
        options.noRepeatNgramSize = 2
        options.suppressed = [[configuration.specials.padding]]
        let source = frame.source(body)
        #expect(source == golden.encoder)
        return SegmentJob(
            source: source, task: .search(segment: 0),
            settings: try SearchSettings(
                options, defaults: bundle.defaults, configuration: configuration, frame: frame,
                sourceLength: body.count))
    }

    /// What the tokenizer makes of words before a segment, of which each id is a word.
    private func encode(_ words: String, before ids: [Int]) throws -> [Int] {
        let text = try TextParts(bundle)
        let body = ids.compactMap { text.sourceVocabulary.token(of: $0)?.dropFirst() }.joined(separator: " ")
        return try #require(text.tokenizer).encode(words + body)
    }

    /// Decodes jobs, `together` at a time, in one batch.
    func run(_ jobs: [SegmentJob], together: Int) -> [[TokenHypothesis]] {
        let replica = Replica(transformer: transformer, batchTokens: 4096, kernels: .best)
        var results = [[TokenHypothesis]](repeating: [], count: jobs.count)
        for start in stride(from: 0, to: jobs.count, by: together) {
            replica.start((start..<min(start + together, jobs.count)).map { (id: UInt64($0), job: jobs[$0]) })
            while !replica.isIdle { replica.step { results[Int($0)] = $1 } }
        }
        return results
    }
}
