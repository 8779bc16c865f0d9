import Inference
import ModelFormats
import TestKit
import Testing

@Suite struct ConstrainedSearchTests {
    private let golden = Golden("marian-unforced")
    private let model: TestModel
    private let sources: [[Int]]

    init() throws {
        model = try TestModel(golden.model)
        let distinct = Set(try Golden("marian-separate").cases().map(\.source)).filter { !$0.isEmpty }
        sources = Array(distinct.sorted { $0.lexicographicallyPrecedes($1) }.prefix(8))
    }

    private func job(_ source: [Int], _ phrases: [[[Int32]]], _ options: DecodingOptions) throws -> SegmentJob {
        var settings = try model.settings(options, source.count)
        settings.phrases = RequiredPhrases(phrases)
        return SegmentJob(source: model.framed(source), task: .search(segment: 0), settings: settings)
    }

    private func has(_ phrase: [[Int32]], _ tokens: [Int]) -> Bool {
        phrase.contains { form in
            let form = form.map(Int.init)
            return form.count <= tokens.count
                && (0...tokens.count - form.count).contains { tokens[$0...].starts(with: form) }
        }
    }

    @Test(arguments: [1, 2, 4, 12])
    func `every output has every phrase, and the same bits in any batch`(beam: Int) throws {
        var random = SeededRandom(seed: 40)
        var options = DecodingOptions()
        options.beamSize = beam
        options.nBest = min(beam, 3)
        options.alignments = true
        // Those that the model forbids, and the one that it forces, are lower.
        let tokens = Array(10..<model.configuration.targetVocabularySize)
        let jobs = try (0..<24).map { _ in
            let phrases = (0..<random.integer(1...3)).map { _ in
                (0..<random.integer(1...2)).map { _ in
                    (0..<random.integer(1...3)).map { _ in Int32(random.choice(tokens)) }
                }
            }
            return try job(random.choice(sources), phrases, options)
        }
        let alone = model.run(jobs, together: 1)
        for (job, found) in zip(jobs, alone) {
            #expect(!found.isEmpty && found.count <= 3)
            for hypothesis in found {
                #expect(job.settings.phrases.phrases.allSatisfy { has($0, hypothesis.tokens) })
                #expect(hypothesis.alignment?.count == hypothesis.tokens.count)
            }
            #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        }
        expectSameBits(alone, model.run(jobs, together: 7))
        expectSameBits(alone, model.runInterleaved(jobs, batchTokens: 200, using: &random))
    }

    /// Of a few tokens, all outputs can be scored.
    @Test func `a beam that is wide enough finds the best output of all that have the phrases`() throws {
        let ends = [model.configuration.specials.endOfSentence] + model.configuration.specials.otherEnds
        let allowed = [5, 6, 7, 9]
        #expect(!allowed.contains(where: ends.contains))
        let length = 4
        var options = DecodingOptions()
        options.beamSize = 256
        options.earlyStopping = .never
        options.maximumLength = length
        options.suppressed = (0..<model.configuration.targetVocabularySize).filter {
            !allowed.contains($0) && !ends.contains($0)
        }.map { [$0] }
        for phrases in [[[[5]]], [[[6, 7]]], [[[5], [9, 9]], [[7]]], [[[9]], [[9]]]] as [[[[Int32]]]] {
            let source = sources[phrases.count]
            let found = try #require(model.run([try job(source, phrases, options)])[0].first)
            // What all outputs of this model begin with.
            var sequences = [[5]]
            var all = sequences
            for _ in 1..<length {
                sequences = sequences.flatMap { sequence in allowed.map { sequence + [$0] } }
                all += sequences
            }
            let fitting = all.filter { tokens in
                var progress = RequiredPhrases.Progress()
                let required = RequiredPhrases(phrases)
                for token in tokens { required.advance(&progress, by: Int32(token)) }
                return required.isComplete(progress)
            }
            let scored = model.run(try fitting.map { try model.score(source, target: $0) })
            let settings = try model.settings(options, source.count)
            let scores = zip(fitting, scored).map { tokens, scored in
                // At the greatest length it ends without an end.
                let parts = tokens.count == length ? scored[0].tokenScores.dropLast() : scored[0].tokenScores[...]
                return settings.score(sum: parts.reduce(0, +), length: parts.count)
            }
            let best = try #require(scores.max())
            let at = try #require(scores.firstIndex(of: best))
            #expect(found.tokens == fitting[at])
            #expect(abs(found.score - best) < 1e-4)
        }
    }

    @Test func `where no output has all phrases, the nearest are the result`() throws {
        var options = DecodingOptions()
        options.beamSize = 4
        options.maximumLength = 3
        // 5 is the first token of all that this model writes.
        let found = model.run([try job(sources[0], [[[6, 7, 11]]], options)])[0]
        #expect(found.first?.tokens == [5, 6, 7])
        #expect(found.first?.isTruncated == true)
        // A phrase that is forbidden cannot be had.
        options.maximumLength = 8
        options.suppressed = [[6]]
        let forbidden = model.run([try job(sources[0], [[[6, 7, 11]]], options)])[0]
        #expect(!forbidden.isEmpty && forbidden.allSatisfy { $0.isTruncated && !$0.tokens.contains(6) })
    }

    @Test func `a prefix that has a phrase meets it`() throws {
        var options = DecodingOptions()
        options.beamSize = 4
        options.prefix = [5, 6]
        let plain = try model.search(sources[1], options)
        let required = try job(sources[1], [[[5, 6]]], options)
        let (first, second) = (model.run([plain])[0][0], model.run([required])[0][0])
        #expect(second.tokens.starts(with: [5, 6]))
        #expect(second.bits == first.bits)
    }
}
