import Inference
import Measures
import Synchronization
import Testing

@Suite("Segments that were decoded before are remembered", .timeLimit(.minutes(30)))
struct SegmentCacheTests {
    private let job: SegmentJob
    private let cache = SegmentCache(bytes: 1 << 20)

    init() throws { job = try TestModel(Golden("marian-separate").model).search([5, 6, 7]) }

    private static func result(_ token: Int) -> [TokenHypothesis] {
        [TokenHypothesis(tokens: [token], tokenScores: [-1], score: -1, alignment: nil, isTruncated: false)]
    }

    /// A decoder that ends when it is told to, and counts how often it was asked.
    private final class Decoder: Sendable {
        private let state = Mutex((asked: 0, mayEnd: false))

        var asked: Int { state.withLock(\.asked) }
        func end() { state.withLock { $0.mayEnd = true } }

        func decode(_ token: Int) async throws -> [TokenHypothesis] {
            state.withLock { $0.asked += 1 }
            while !state.withLock(\.mayEnd) {
                try Task.checkCancellation()
                await Task.yield()
            }
            return SegmentCacheTests.result(token)
        }
    }

    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    @Test("a segment is decoded once")
    func hits() async throws {
        let first = try await cache.output(of: job) { Self.result(1) }
        let second = try await cache.output(of: job) { Self.result(2) }
        #expect(first == Self.result(1) && second == first)
        var other = job
        other.settings.beamSize += 1
        #expect(try await cache.output(of: other) { Self.result(3) } == Self.result(3))
        let counts = cache.counts
        #expect(counts.hits == 1 && counts.misses == 2 && counts.joined == 0 && counts.bytes > 0)
    }

    @Test("a segment that is being decoded is waited for")
    func joins() async throws {
        let decoder = Decoder()
        let first = Task { try await cache.output(of: job) { try await decoder.decode(1) } }
        await until { decoder.asked == 1 }
        let others = (0..<10).map { _ in Task { try await cache.output(of: job) { try await decoder.decode(2) } } }
        await until { cache.waiting == 10 }
        decoder.end()
        #expect(try await first.value == Self.result(1))
        for other in others { #expect(try await other.value == Self.result(1)) }
        #expect(decoder.asked == 1)
        #expect(cache.counts.joined == 10 && cache.counts.misses == 1)
    }

    @Test("when the task that decodes a segment is cancelled, one that waits decodes it")
    func takeover() async throws {
        let (first, second) = (Decoder(), Decoder())
        let cancelled = Task { try await cache.output(of: job) { try await first.decode(1) } }
        await until { first.asked == 1 }
        let waiting = Task { try await cache.output(of: job) { try await second.decode(2) } }
        await until { cache.waiting == 1 }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        second.end()
        #expect(try await waiting.value == Self.result(2))
    }

    @Test("a task that waits can be cancelled")
    func cancellation() async throws {
        let decoder = Decoder()
        let first = Task { try await cache.output(of: job) { try await decoder.decode(1) } }
        await until { decoder.asked == 1 }
        let waiting = Task { try await cache.output(of: job) { try await decoder.decode(2) } }
        await until { cache.waiting == 1 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        decoder.end()
        #expect(try await first.value == Self.result(1))
    }

    @Test("what is urgent does not wait for what is not")
    func priorities() async throws {
        let (slow, urgent) = (Decoder(), Decoder())
        let first = Task { try await cache.output(of: job) { try await slow.decode(1) } }
        await until { slow.asked == 1 }
        let patient = Task { try await cache.output(of: job) { try await slow.decode(3) } }
        await until { cache.waiting == 1 }
        var other = job
        other.priority = 1
        let others = (0..<2).map { _ in
            Task { [other] in try await cache.output(of: other) { try await urgent.decode(2) } }
        }
        await until { urgent.asked == 1 && cache.waiting == 2 }
        urgent.end()
        for other in others { #expect(try await other.value == Self.result(2)) }
        // It is there for those that have waited for the other.
        #expect(try await patient.value == Self.result(2))
        #expect(slow.asked == 1 && urgent.asked == 1)
        slow.end()
        #expect(try await first.value == Self.result(1))
    }

    @Test("samples, scores of given targets and the weights of several heads are not remembered")
    func exceptions() async throws {
        var sampled = job
        sampled.settings.sampling = Sampling(seed: 1)
        var headed = job
        headed.settings.attentionHeads = [AttentionHead(layer: 0, head: 0), AttentionHead(layer: 0, head: 1)]
        var scored = job
        scored.task = .score(target: [5])
        for job in [sampled, headed, scored] {
            for token in 1...2 { #expect(try await cache.output(of: job) { Self.result(token) } == Self.result(token)) }
        }
        #expect(cache.counts == CacheCounts())
    }

    @Test("alignments are remembered, apart from the output without them, and count in what is kept")
    func alignments() async throws {
        var aligned = job
        aligned.settings.returnsAlignments = true
        var output = Self.result(1)
        output[0].alignment = [[0.25, 0.5, 0.25]]
        #expect(try await cache.output(of: job) { Self.result(1) } == Self.result(1))
        let plain = cache.counts.bytes
        for _ in 1...2 { #expect(try await cache.output(of: aligned) { output } == output) }
        #expect(try await cache.output(of: job) { Self.result(2) } == Self.result(1))
        #expect(cache.counts.hits == 2 && cache.counts.misses == 2)
        #expect(cache.counts.bytes > 2 * plain)
    }

    @Test("what was used least lately goes first, and no more than the room is taken")
    func generations() {
        var kept = Generations<Int, String>(limit: 100)
        for key in 0..<5 { kept.insert("\(key)", for: key, bytes: 10) }
        #expect(kept.bytes == 50)
        // The first of the old generation is used again.
        for key in 5..<9 { kept.insert("\(key)", for: key, bytes: 10) }
        #expect(kept.use(0) == "0")
        for key in 9..<14 {
            kept.insert("\(key)", for: key, bytes: 10)
            #expect(kept.bytes <= 100)
        }
        #expect(kept.use(0) == "0")
        #expect(kept.use(1) == nil)
        #expect(kept.use(13) == "13")
        kept.insert("large", for: 20, bytes: 51)
        #expect(kept.use(20) == nil)
        kept.insert("again", for: 13, bytes: 10)
        #expect(kept.use(13) == "again")
    }
}
