package import Measures
import Synchronization

/// Outputs of segments that were decoded before. The same segment always has the same output, to the bit, so that it makes no
/// difference to the output whether it was decoded or remembered.
///
/// A segment that is being decoded is waited for, not decoded twice, unless the one that asks is more urgent.
package final class SegmentCache: Sendable {
    /// What is asked of the model: the same key, the same output.
    private struct Key: Hashable {
        var source: [Int32]
        var settings: SearchSettings

        init(_ job: SegmentJob) {
            source = job.source
            settings = job.settings
        }
    }

    private typealias Outputs = Generations<Key, [TokenHypothesis]>
    private typealias Waiter = CheckedContinuation<[TokenHypothesis]?, Never>

    /// A segment that is being decoded.
    private struct Flight {
        /// The priority of each task that decodes it.
        var decoders: [Int: Int] = [:]
        var waiters: [Int: Waiter] = [:]

        /// What is urgent does not wait for what is not.
        func serves(_ priority: Int) -> Bool { decoders.values.contains { $0 >= priority } }
    }

    private enum Found {
        case known([TokenHypothesis])
        case running
        /// The caller decodes it, under this number.
        case missing(Int)
    }

    private struct State {
        var outputs: Outputs
        var flights: [Key: Flight] = [:]
        var counts = CacheCounts()
        private var lastNumber = 0
        /// Waiters that were cancelled before they waited.
        var cancelled: Set<Int> = []

        init(bytes: Int) { outputs = Outputs(limit: bytes) }

        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }

        mutating func find(_ key: Key, priority: Int) -> Found {
            if let hypotheses = outputs.use(key) {
                counts.hits += 1
                return .known(hypotheses)
            }
            if flights[key]?.serves(priority) == true { return .running }
            counts.misses += 1
            let number = nextNumber()
            flights[key, default: Flight()].decoders[number] = priority
            return .missing(number)
        }

        /// - Returns: Those that waited for the segment, and go on.
        mutating func finish(_ key: Key, _ number: Int, _ hypotheses: [TokenHypothesis]?) -> [Waiter] {
            if let hypotheses {
                outputs.insert(hypotheses, for: key, bytes: SegmentCache.bytes(key, hypotheses))
                let waiters = flights.removeValue(forKey: key)?.waiters.values.map(\.self) ?? []
                counts.joined += UInt64(waiters.count)
                return waiters
            }
            flights[key]?.decoders[number] = nil
            guard flights[key]?.decoders.isEmpty == true else { return [] }
            return flights.removeValue(forKey: key)?.waiters.values.map(\.self) ?? []
        }
    }

    private let state: Mutex<State>

    /// - Parameter bytes: The most that outputs may take, by an estimate.
    package init(bytes: Int) { state = Mutex(State(bytes: bytes)) }

    package var counts: CacheCounts {
        state.withLock { state in
            var counts = state.counts
            counts.bytes = UInt64(state.outputs.bytes)
            return counts
        }
    }

    /// How many tasks wait for a segment that another decodes.
    package var waiting: Int { state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiters.count } } }

    /// The output of a segment: remembered, or as `decode` says.
    ///
    /// - Throws: What `decode` throws; `CancellationError`.
    package func output(
        of job: SegmentJob, decode: () async throws -> [TokenHypothesis]
    ) async throws -> [TokenHypothesis] {
        guard Self.keeps(job) else { return try await decode() }
        let key = Key(job)
        while true {
            try Task.checkCancellation()
            switch find(key, priority: job.priority) {
            case .known(let hypotheses): return hypotheses
            case .running:
                // Nothing: who decoded it was cancelled, or has just ended.
                if let hypotheses = await wait(for: key, priority: job.priority) { return hypotheses }
            case .missing(let number):
                do {
                    let hypotheses = try await decode()
                    finish(key, number, hypotheses)
                    return hypotheses
                } catch {
                    finish(key, number, nil)
                    throw error
                }
            }
        }
    }

    /// Samples differ from segment to segment, scored targets are seldom asked for twice, and the weights of many heads are
    /// large, as lists of what is suppressed may be.
    private static func keeps(_ job: SegmentJob) -> Bool {
        guard case .search = job.task else { return false }
        let settings = job.settings
        return settings.sampling == nil && settings.attentionHeads.count <= 1
            && settings.constraints.suppressedCount <= suppressedMaximum
    }

    private static let suppressedMaximum = 64

    private func wait(for key: Key, priority: Int) async -> [TokenHypothesis]? {
        let number = state.withLock { $0.nextNumber() }
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let mayWait = state.withLock { state in
                    guard !state.cancelled.contains(number), state.flights[key]?.serves(priority) == true else {
                        return false
                    }
                    state.flights[key]?.waiters[number] = waiter
                    return true
                }
                if !mayWait { waiter.resume(returning: nil) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                if let waiter = state.flights[key]?.waiters.removeValue(forKey: number) { return waiter }
                state.cancelled.insert(number)
                return nil
            }
            waiter?.resume(returning: nil)
        }
    }

    private func find(_ key: Key, priority: Int) -> Found {
        // What is forgotten is freed when the lock is open: it may be much, and others wait.
        let (found, forgotten) = state.withLock { ($0.find(key, priority: priority), $0.outputs.takeForgotten()) }
        withExtendedLifetime(forgotten) {}
        return found
    }

    private func finish(_ key: Key, _ number: Int, _ hypotheses: [TokenHypothesis]?) {
        let (waiters, forgotten) = state.withLock {
            ($0.finish(key, number, hypotheses), $0.outputs.takeForgotten())
        }
        withExtendedLifetime(forgotten) {}
        for waiter in waiters { waiter.resume(returning: hypotheses) }
    }

    /// About what an output takes, with what it is found by and the room that dictionaries leave free.
    private static func bytes(_ key: Key, _ hypotheses: [TokenHypothesis]) -> Int {
        let constraints = key.settings.constraints
        let tokens =
            key.source.count + key.settings.prefix.count + constraints.source.count + constraints.suppressedCount
        let array = 32
        return hypotheses.reduce(2 * MemoryLayout<Key>.stride + 4 * (array + tokens)) { bytes, hypothesis in
            bytes + MemoryLayout<TokenHypothesis>.stride + 2 * array
                + hypothesis.tokens.count * MemoryLayout<Int>.stride
                + hypothesis.tokenScores.count * MemoryLayout<Float>.stride
                + (hypothesis.headWeights.count + (hypothesis.alignment?.count ?? 0))
                * (array + key.source.count * MemoryLayout<Float>.stride)
        }
    }
}
