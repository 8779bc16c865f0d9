import CAllocationCounter
import Foundation
import Inference
import Testing

@Suite("A decoding step allocates nothing after warm-up")
struct AllocationTests {
    @Test("greedy and beam search, int8 and float32", arguments: [1, 4], [Precision.int8, .float32])
    func noAllocations(beamSize: Int, precision: Precision) throws {
        var options = DecodingOptions()
        options.beamSize = beamSize
        try expectNoAllocations(options, precision)
    }

    @Test("penalties and suppressed sequences", arguments: [1, 4])
    func constraints(beamSize: Int) throws {
        var options = DecodingOptions()
        options.beamSize = beamSize
        options.repetitionPenalty = 1.2
        options.noRepeatNgramSize = 3
        options.suppressed = [[7], [9, 11], [14, 15, 16], [22, 23]]
        options.renormalizeScores = true
        try expectNoAllocations(options)
    }

    @Test("alignments", arguments: [1, 4])
    func alignments(beamSize: Int) throws {
        var options = DecodingOptions()
        options.beamSize = beamSize
        options.alignments = true
        try expectNoAllocations(options)
    }

    @Test("sampling, from all tokens and from the likeliest", arguments: [(0, Float(1)), (0, 0.8), (10, 1), (10, 0.8)])
    func sampling(topK: Int, topP: Float) throws {
        var options = DecodingOptions()
        options.sampling = .init(topK: topK, topP: topP, seed: 3)
        options.nBest = 3
        options.repetitionPenalty = 1.2
        options.noRepeatNgramSize = 3
        options.suppressed = [[7], [9, 11]]
        try expectNoAllocations(options)
    }

    private func expectNoAllocations(
        _ options: DecodingOptions, _ precision: Precision = .int8, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model, precision: precision)
        var options = options
        options.minimumLength = 24
        options.maximumLength = 24
        let jobs = try golden.cases().prefix(12).map { try model.search($0.source, options) }
        let replica = model.replica()
        func run() -> (steps: Int, allocations: Int) {
            replica.start(jobs.enumerated().map { (id: UInt64($0.offset), job: $0.element) })
            var steps = 0, total = 0
            while !replica.isIdle {
                var ended = false
                allocation_counter_start()
                replica.step { _, _ in ended = true }
                let count = allocation_counter_stop()
                // What a finished segment returns is allocated; that is no part of a step.
                if ended { continue }
                steps += 1
                total += count
            }
            return (steps, total)
        }
        _ = run()
        let (steps, allocations) = run()
        #expect(steps > 20, sourceLocation: sourceLocation)
        #expect(allocations == 0, sourceLocation: sourceLocation)
    }

    @Test("the cached rows of dropped hypotheses are used again")
    func rowsAreReused() throws {
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model)
        var options = DecodingOptions()
        options.beamSize = 16
        options.minimumLength = 60
        options.maximumLength = 60
        let source = try #require(golden.cases().map(\.source).max { $0.count < $1.count })
        let replica = model.replica()
        replica.start([(id: 0, job: try model.search(source, options))])
        while !replica.isIdle { replica.step { _, _ in } }
        let decoder = model.configuration.decoder
        let rowBytes = decoder.layers * 2 * decoder.attentionWidth * MemoryLayout<Float>.stride
        // One row for each token of each hypothesis would be 960 rows.
        #expect(replica.cacheBytes < 960 * rowBytes / 2)
    }

    @Test("the counter counts")
    func counterCounts() {
        allocation_counter_start()
        let array = Array(repeating: UInt8(1), count: 1 << 16)
        #expect(allocation_counter_stop() > 0)
        #expect(array.count == 1 << 16)
    }

    @Test("a second replica takes less than 20 MB beyond its caches")
    func secondReplica() throws {
        let model = try TestModel(Golden("demo-en-fr").model, precision: .int8)
        #expect(model.replica().workspaceBytes < 20 << 20)
    }
}
