import Inference
import Tensors
import TestKit
import Testing

/// The same sentence has the same bits, whatever is decoded with it: tokens, scores, token scores and alignments.
///
/// For 2,000 sentences, as before a release:
///
///     DRAGOMAN_IDENTITY_SENTENCES=2000 swift test -c release --filter DeterminismTests
@Suite struct DeterminismTests {
    @Test(arguments: Precision.allCases)
    func `sentences have the same bits alone and in company, on every instruction set`(
        precision: Precision
    ) async throws {
        let sentences = try IdentitySample.goldenSentences()
        #expect(sentences.count >= 50)
        try await check(sentences, precision, portableCount: 4, rounds: 1)
    }

    @Test(
        .enabled(
            if: IdentitySample.canWiden,
            "asked for with DRAGOMAN_IDENTITY_SENTENCES=N, where the Tatoeba test set lies in ../shared/testsets"),
        arguments: Precision.allCases)
    func `thousands of sentences have the same bits alone and in company`(precision: Precision) async throws {
        var random = SeededRandom(seed: IdentitySample.seed)
        let sentences = try IdentitySample.tatoebaSentences(IdentitySample.wideCount ?? 0, using: &random)
        #expect(!sentences.isEmpty)
        try await check(sentences, precision, portableCount: sentences.count / 20, rounds: 1)
    }

    /// Decodes every sentence alone with the best kernels, then all of them in random company with each of the others.
    ///
    /// - Parameter portableCount: How many sentences portable C decodes; it is many times slower.
    private func check(
        _ sentences: [[Int]], _ precision: Precision, portableCount: Int, rounds: Int
    ) async throws {
        print("identity of \(sentences.count) sentences, \(precision.rawValue), seed \(IdentitySample.seed)")
        var random = SeededRandom(seed: IdentitySample.seed)
        var model = try TestModel(Golden("demo-en-fr").model, precision: precision)
        let jobs = try IdentitySample.jobs(sentences, for: model, using: &random)
        let alone = model.run(jobs, together: 1)
        for kernels in Kernels.available {
            model.kernels = kernels
            for _ in 0..<rounds {
                let chosen = Array(
                    jobs.indices.shuffled(using: &random)
                        .prefix(kernels.name == "portable" ? portableCount : jobs.count))
                let batchTokens = 1 << random.integer(0...11)
                let found = model.runInterleaved(
                    chosen.map { jobs[$0] }, batchTokens: batchTokens, using: &random)
                expectSameBits(found, chosen.map { alone[$0] }, place(kernels, "a replica of \(batchTokens) tokens"))
            }
            guard kernels.name != "portable" else { continue }
            for replicas in 1...2 {
                let batchTokens = 1 << random.integer(4...11)
                let pool = ReplicaPool(
                    transformer: model.transformer, replicas: replicas, batchTokens: batchTokens, kernels: kernels)
                let found = try await pool.decode(jobs)
                expectSameBits(found, alone, place(kernels, "\(replicas) replicas of \(batchTokens) tokens"))
            }
        }
    }

    private func place(_ kernels: Kernels, _ place: String) -> String {
        "with \(kernels.name), \(place), seed \(IdentitySample.seed)"
    }
}
