import Foundation
import Inference
import ModelFormats
import TestKit
import Text

/// Sentences for `DeterminismTests`, each with options of its own, drawn with a seed.
struct IdentitySample {
    /// What the environment asks for: `DRAGOMAN_IDENTITY_SENTENCES=N` widens the sample to N sentences of the Tatoeba
    /// test set, and `DRAGOMAN_IDENTITY_SEED=S` draws another sample.
    static let wideCount = ProcessInfo.processInfo.environment["DRAGOMAN_IDENTITY_SENTENCES"].flatMap { Int($0) }
    static let seed = ProcessInfo.processInfo.environment["DRAGOMAN_IDENTITY_SEED"].flatMap { UInt64($0) } ?? 1

    /// One English sentence a line; lies beside the repository, not in it.
    static let tatoeba = Golden.root.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/testsets/tatoeba-v2021-08-07.en")
    static var canWiden: Bool { wideCount != nil && FileManager.default.fileExists(atPath: tatoeba.path) }

    /// The sentences of the demo model's goldens.
    static func goldenSentences() throws -> [[Int]] {
        Set(try Golden("demo-en-fr").cases().map(\.source)).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Sentences of the Tatoeba test set, short enough for the demo model.
    static func tatoebaSentences(_ count: Int, using random: inout SeededRandom) throws -> [[Int]] {
        let bundle = try ModelBundle.load(Golden("demo-en-fr").model)
        guard let files = bundle.tokenizer.files else { return [] }
        let specials = bundle.configuration.specials
        let vocabulary = try Vocabulary(files.sourceVocabulary.map { ($0.piece, $0.id) })
        guard let pieces = files.sourcePieces else { return [] }
        let tokenizer = try Tokenizer(
            sourcePieces: Data(contentsOf: pieces), targetPieces: Data(contentsOf: pieces),
            sourceVocabulary: vocabulary, targetVocabulary: vocabulary,
            specials: .init(
                endOfSentence: specials.endOfSentence, unknown: specials.unknown, padding: specials.padding))
        let lines = try String(contentsOf: tatoeba, encoding: .utf8).split(separator: "\n")
        return try lines.shuffled(using: &random).prefix(count).map { try tokenizer.encode($0) }
            .filter { $0.count <= 120 }
    }

    /// Greedy search, beams, samples and scoring, alignments included.
    static func jobs(
        _ sentences: [[Int]], for model: TestModel, using random: inout SeededRandom
    ) throws -> [SegmentJob] {
        try sentences.map { sentence in
            var options = DecodingOptions()
            options.maximumLengthRatio = 3
            options.alignments = true
            switch random.integer(0...9) {
            case 0..<3:
                options.beamSize = 1
                options.returnScores = random.flag()
            case 3..<6:
                options.beamSize = 4
            case 6:
                options.beamSize = 6
                options.nBest = 3
                options.repetitionPenalty = 1.2
                options.noRepeatNgramSize = 3
            case 7:
                options.sampling = .init(topP: 0.9, seed: random.next())
                options.nBest = 2
            case 8:
                options.sampling = .init(topK: 40, temperature: 1.5, seed: random.next())
            default:
                // Any tokens do for a target: its own, since both sides share a vocabulary.
                return try model.score(sentence, target: sentence.reversed(), options)
            }
            return try model.search(sentence, options, segment: random.integer(0...3))
        }
    }
}
