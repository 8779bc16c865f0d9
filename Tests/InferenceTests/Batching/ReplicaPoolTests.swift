import Foundation
import Inference
import TestKit
import Testing

@Suite(.timeLimit(.minutes(30))) struct ReplicaPoolTests {
    private let model: TestModel

    init() throws {
        model = try TestModel(Golden("marian-separate").model)
    }

    /// Greedy and beam search, samples and scoring, short and long, in no order.
    private func mixedJobs(_ count: Int, seed: UInt64) throws -> [SegmentJob] {
        var random = SeededRandom(seed: seed)
        return try (0..<count).map { index in
            let source = (0..<random.integer(0...30)).map { _ in random.integer(2...59) }
            var options = DecodingOptions()
            options.alignments = random.flag()
            switch random.integer(0...3) {
            case 0: break
            case 1:
                options.beamSize = 6
                options.nBest = 3
            case 2:
                options.sampling = .init(topK: random.integer(0...20), temperature: 1.5, seed: UInt64(index))
                options.nBest = random.integer(1...4)
            default:
                let target = (0..<random.integer(0...20)).map { _ in random.integer(2...82) }
                return try model.score(source, target: target, options)
            }
            return try model.search(source, options)
        }
    }

    private func pool(replicas: Int, batchTokens: Int) -> ReplicaPool {
        ReplicaPool(
            transformer: model.transformer, replicas: replicas, batchTokens: batchTokens, kernels: model.kernels)
    }

    @Test(arguments: [1, 2], [16, 100, 4096])
    func `hundreds of tasks of all kinds get the bits that each would get alone`(
        replicas: Int, batchTokens: Int
    ) async throws {
        let jobs = try mixedJobs(400, seed: UInt64(replicas * batchTokens))
        let found = try await pool(replicas: replicas, batchTokens: batchTokens).decode(jobs)
        expectSameBits(found, model.run(jobs, together: 1), "of \(batchTokens) tokens")
    }

    @Test func `a sentence that several threads translate together has the bits of one thread`() async throws {
        // The other test models are too small for any product to be shared.
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model, precision: .int8)
        var options = DecodingOptions()
        options.minimumLength = 40
        options.maximumLength = 40
        let job = try model.search(try #require(golden.cases().map(\.source).max { $0.count < $1.count }), options)
        let alone = model.run([job])
        let pool = ReplicaPool(
            transformer: model.transformer, replicas: 3, batchTokens: 1024, kernels: model.kernels)
        var count = 0
        // On a processor that is busy or alone, helpers run when the leader is interrupted, which may take a while.
        while pool.productsShared == 0 && count < 5000 || pool.productsShared < 1000 && count < 200 {
            expectSameBits([try await pool.decode(job)], alone)
            count += 1
        }
        #expect(pool.productsShared > 0, "nobody helped with \(count) sentences")
    }

    @Test func `a segment larger than the whole budget runs alone, and well`() async throws {
        var options = DecodingOptions()
        options.beamSize = 64
        options.nBest = 8
        let small = try mixedJobs(40, seed: 1)
        let jobs = small + [try model.search(Array(2...31), options)] + small
        let found = try await pool(replicas: 2, batchTokens: 8).decode(jobs)
        expectSameBits(found, model.run(jobs, together: 1))
    }

    @Test func `an idle pool whose only segment is cancelled serves the next`() async throws {
        let demo = try TestModel(Golden("demo-en-fr").model)
        var options = DecodingOptions()
        options.beamSize = 4
        options.minimumLength = 200
        let long = try demo.search([906, 16, 6, 493, 2329, 33], options)
        let short = try demo.search([906, 16, 6, 493, 2329, 33])
        let alone = demo.run([short], together: 1)[0]
        let pool = ReplicaPool(
            transformer: demo.transformer, replicas: 1, batchTokens: 256, kernels: demo.kernels)
        for _ in 0..<8 {
            let task = Task { try await pool.decode(long) }
            // By now the long one runs, unless its task is slow to start or this one slow to go on.
            expectSameBits([try await pool.decode(short)], [alone])
            task.cancel()
            _ = await task.result
            expectSameBits([try await pool.decode(short)], [alone])
        }
    }

    @Test(arguments: [1, 2])
    func `cancelled tasks leave the others' bits alone`(replicas: Int) async throws {
        let jobs = try mixedJobs(300, seed: 7)
        let alone = model.run(jobs, together: 1)
        let pool = pool(replicas: replicas, batchTokens: 120)
        var random = SeededRandom(seed: 7)
        let tasks = jobs.map { job in Task { try await pool.decode(job) } }
        let cancelled = Set(tasks.indices.filter { _ in random.flag() })
        for index in cancelled.sorted() {
            tasks[index].cancel()
            if index.isMultiple(of: 5) { await Task.yield() }
        }
        for (index, task) in tasks.enumerated() {
            do {
                expectSameBits([try await task.value], [alone[index]])
            } catch is CancellationError {
                #expect(cancelled.contains(index))
            }
        }
    }

    @Test func `a pool that is dropped ends its threads`() async throws {
        weak var transformer: Transformer?
        do {
            let model = try TestModel(Golden("marian-shared").model)
            transformer = model.transformer
            let pool = ReplicaPool(
                transformer: model.transformer, replicas: 3, batchTokens: 64, kernels: model.kernels)
            _ = try await pool.decode(model.search([3, 4]))
            #expect(transformer != nil)
        }
        // Only the threads hold it now; the suite's time limit bounds the wait.
        while transformer != nil { await Task.yield() }
    }
}
