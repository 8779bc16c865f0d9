import CAllocationCounter
import Foundation
import Inference
import Testing

@Suite("A decoding step allocates nothing after warm-up")
struct AllocationTests {
    @Test("greedy and beam search, int8 and float32", arguments: [1, 4], [Precision.int8, .float32])
    func noAllocations(beamSize: Int, precision: Precision) throws {
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model, precision: precision)
        var options = DecodingOptions()
        options.beamSize = beamSize
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
        #expect(steps > 20)
        #expect(allocations == 0)
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
