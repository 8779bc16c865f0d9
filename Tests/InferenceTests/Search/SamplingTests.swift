import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

@Suite struct SamplingTests {
    private let golden = Golden("marian-separate")
    private let model: TestModel

    init() throws {
        model = try TestModel(golden.model)
    }

    private func options(
        topK: Int = 0, topP: Float = 1, temperature: Float = 1, seed: UInt64 = 0, samples: Int = 1
    ) -> DecodingOptions {
        var options = DecodingOptions()
        options.sampling = .init(topK: topK, topP: topP, temperature: temperature, seed: seed)
        options.nBest = samples
        return options
    }

    private static let source = [11, 23, 35, 47, 51]

    @Test func `the same seed gives the same tokens, another one others`() throws {
        let jobs = try [1, 1, 2].map { try model.search(Self.source, options(temperature: 2, seed: $0, samples: 3)) }
        let found = model.run(jobs)
        expectSameBits([found[0]], [found[1]])
        #expect(found[0].map(\.tokens) != found[2].map(\.tokens))
        #expect(Set(found[0].map(\.tokens)).count == 3)
    }

    @Test func `segments of a request draw different numbers`() throws {
        let found = model.run(try [0, 1].map { try model.search(Self.source, options(temperature: 2), segment: $0) })
        #expect(found[0][0].tokens != found[1][0].tokens)
    }

    @Test func `a sample does not depend on how many are asked for, nor on the batch`() throws {
        var random = SeededRandom(seed: 3)
        let neighbours = try (0..<40).map { _ in
            try model.search((0..<random.integer(1...20)).map { _ in random.integer(2...59) }, options(samples: 2))
        }
        for (topK, topP) in [(0, Float(1)), (10, 1), (0, 0.8), (20, 0.9)] {
            func job(_ samples: Int) throws -> SegmentJob {
                try model.search(
                    Self.source, options(topK: topK, topP: topP, temperature: 1.7, seed: 99, samples: samples))
            }
            let four = model.run([try job(4)])[0]
            let two = model.run(neighbours[..<17] + [try job(2)] + neighbours[17...], together: 64)[17]
            #expect(four.count == 4)
            expectSameBits([two], [Array(four[..<2])])
        }
    }

    @Test func `with one token to draw from, sampling is greedy`() throws {
        var greedy = DecodingOptions()
        greedy.beamSize = 1
        let sources = try golden.states().map(\.source) + [Self.source, [9], []]
        let expected = model.run(try sources.map { try model.search($0, greedy) })
        for narrow in [
            options(topK: 1), options(topP: 1e-6), options(topP: .leastNonzeroMagnitude), options(temperature: 0.001),
        ] {
            expectSameBits(
                model.run(try sources.map { try model.search($0, narrow) }), expected, "\(narrow.sampling as Any)")
        }
    }

    @Test func `a sample's scores are the model's own, whatever the temperature`() throws {
        let sample = model.run([try model.search(Self.source, options(topK: 8, temperature: 3, seed: 5))])[0][0]
        #expect(!sample.isTruncated)
        let scored = model.run([try model.score(Self.source, target: sample.tokens)])[0][0]
        #expect(sample.tokenScores == scored.tokenScores)
        #expect(sample.score == scored.score)
    }

    @Test(arguments: [(0, 1, 1), (0, 1, 2.5), (7, 1, 2), (0, 0.9, 1.5), (12, 0.7, 3)] as [(Int, Float, Float)])
    func `first tokens come as often as the softmax of the golden logits says`(
        topK: Int, topP: Float, temperature: Float
    ) throws {
        let expected = try probabilities(topK: topK, topP: topP, temperature: temperature)
        let state = try golden.states()[0], draws = 4000
        let jobs = try (0..<draws).map { seed in
            var options = options(topK: topK, topP: topP, temperature: temperature, seed: UInt64(seed))
            options.maximumLength = 1
            return try model.search(state.source, options)
        }
        var counts = [Int](repeating: 0, count: expected.count)
        for found in model.run(jobs, together: 64) {
            counts[found[0].tokens.first ?? model.configuration.specials.endOfSentence] += 1
        }
        for token in counts.indices where expected[token] == 0 { #expect(counts[token] == 0, "token \(token)") }
        expectFit(counts, expected, draws: draws)
    }

    /// The distribution of the first token of golden state 0, in 64 bits.
    private func probabilities(topK: Int, topP: Float, temperature: Float) throws -> [Double] {
        let tensors = try SafeTensorsFile(path: golden.directory.appending(path: "states.safetensors").path)
        let logits = try tensors.tensor("0.logits").floats()
        let suppressed = Set(model.defaults.suppressed.filter { $0.count == 1 }.map { $0[0] })
        var weights = (0..<model.configuration.targetVocabularySize).map { token in
            suppressed.contains(token) ? 0 : exp(Double(logits.pointer[token]) / Double(temperature))
        }
        let order = weights.indices.sorted { weights[$0] > weights[$1] }
        if topK > 0 { for token in order[topK...] { weights[token] = 0 } }
        let total = weights.reduce(0, +)
        var sum = 0.0
        for token in order {
            if sum >= Double(topP) * total { weights[token] = 0 }
            sum += weights[token]
        }
        let kept = weights.reduce(0, +)
        return weights.map { $0 / kept }
    }

    /// Pearson's chi-square test; tokens that are expected fewer than five times count as one.
    private func expectFit(_ counts: [Int], _ probabilities: [Double], draws: Int) {
        var statistic = 0.0, cells = 0, rareCount = 0, rareExpected = 0.0
        func add(_ count: Int, _ expected: Double) {
            statistic += (Double(count) - expected) * (Double(count) - expected) / expected
            cells += 1
        }
        for (count, probability) in zip(counts, probabilities) {
            let expected = probability * Double(draws)
            if expected >= 5 {
                add(count, expected)
            } else {
                rareCount += count
                rareExpected += expected
            }
        }
        if rareExpected > 0 { add(rareCount, max(rareExpected, 1)) }
        // Wilson and Hilferty (1931): the quantile that a right sampler exceeds once in ten thousand sets of seeds.
        let freedom = Double(cells - 1), spread = 2 / (9 * freedom)
        let limit = freedom * pow(1 - spread + 3.72 * spread.squareRoot(), 3)
        #expect(cells > 1)
        #expect(statistic < limit, "chi-square of \(statistic) with \(freedom) degrees of freedom")
    }
}
