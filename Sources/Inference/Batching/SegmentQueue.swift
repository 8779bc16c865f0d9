import Dispatch
package import Measures
import Synchronization

/// The meeting point of tasks that wait for segments and threads that decode them: performs what the `Batcher` directs.
package final class SegmentQueue: Sendable {
    /// What a replica is to do before its next step.
    package struct Work {
        package var started: [(id: UInt64, job: SegmentJob)] = []
        package var abandoned: [UInt64] = []
        package var isStopping = false
    }

    private typealias Continuation = CheckedContinuation<[TokenHypothesis], any Error>

    private struct State {
        var batcher: Batcher
        var jobs: [UInt64: SegmentJob] = [:]
        var continuations: [UInt64: Continuation] = [:]
        var abandoned: [[UInt64]]
        /// Of each replica.
        var progress: [ReplicaProgress]
        /// Whether each replica sleeps, and nobody has rung for it.
        var isAsleep: [Bool]
        /// Of all replicas' steps.
        var batchRows = Histogram(.powersOfTwo)
        var nextID: UInt64 = 0
        var isStopping = false
    }

    private let state: Mutex<State>
    private let bells: [Bell]
    private let sleepers = Atomic<Int>(0)

    /// What wakes a replica, or tells it that it is wanted while it helps another.
    private final class Bell: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private let rings = Atomic<Int>(0)

        var isRinging: Bool { rings.load(ordering: .relaxed) > 0 }

        func ring() {
            rings.add(1, ordering: .relaxed)
            semaphore.signal()
        }

        func wait() {
            semaphore.wait()
            rings.subtract(1, ordering: .relaxed)
        }
    }

    package init(replicas: Int, batchTokens: Int) {
        state = Mutex(
            State(
                batcher: Batcher(replicas: replicas, budget: batchTokens),
                abandoned: Array(repeating: [], count: replicas),
                progress: Array(repeating: ReplicaProgress(steps: 0, isBusy: false), count: replicas),
                isAsleep: Array(repeating: false, count: replicas)))
        bells = (0..<replicas).map { _ in Bell() }
    }

    /// How far each replica is. One that is busy and takes no step is stuck.
    package var progress: [ReplicaProgress] { state.withLock { $0.progress } }

    /// How many rows the steps of all replicas had.
    package var batchRows: Histogram { state.withLock { $0.batchRows } }

    package func decode(_ job: SegmentJob) async throws -> [TokenHypothesis] {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(job, id: id, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Called by a replica's thread between two steps.
    ///
    /// - Parameter rows: Of the step that it has taken; 0: none.
    package func nextWork(for replica: Int, after rows: Int = 0) -> Work {
        state.withLock { state in
            if rows > 0 { state.batchRows.record(UInt64(rows)) }
            var work = Work()
            work.isStopping = state.isStopping
            state.progress[replica].steps += 1
            state.progress[replica].isBusy = true
            if !state.abandoned[replica].isEmpty { swap(&work.abandoned, &state.abandoned[replica]) }
            for directive in state.batcher.on(.ready(replica: replica)) {
                if case .start(let ids, _) = directive {
                    for id in ids {
                        if let job = state.jobs.removeValue(forKey: id) { work.started.append((id, job)) }
                    }
                } else {
                    perform(directive, &state)
                }
            }
            return work
        }
    }

    /// Says that a replica has nothing of its own to do; it may help others, or sleep.
    package func rest(_ replica: Int) {
        state.withLock { $0.progress[replica].isBusy = false }
    }

    /// Sleeps until there may be work, for the replica itself or for one that helps.
    package func waitForWork(_ replica: Int) {
        state.withLock { setAsleep(true, replica, &$0) }
        bells[replica].wait()
        state.withLock { setAsleep(false, replica, &$0) }
    }

    /// Whether a replica that rests is wanted.
    package func isCalled(_ replica: Int) -> Bool { bells[replica].isRinging }

    package var hasBusyReplica: Bool { state.withLock { $0.progress.contains(where: \.isBusy) } }

    /// Wakes replicas that sleep, to help; at most so many.
    package func callForHelp(of count: Int) {
        guard count > 0, sleepers.load(ordering: .relaxed) > 0 else { return }
        state.withLock { state in
            for replica in state.isAsleep.indices.filter({ state.isAsleep[$0] }).prefix(count) { ring(replica, &state) }
        }
    }

    private func ring(_ replica: Int, _ state: inout State) {
        setAsleep(false, replica, &state)
        bells[replica].ring()
    }

    private func setAsleep(_ isAsleep: Bool, _ replica: Int, _ state: inout State) {
        guard state.isAsleep[replica] != isAsleep else { return }
        state.isAsleep[replica] = isAsleep
        sleepers.add(isAsleep ? 1 : -1, ordering: .relaxed)
    }

    /// - Parameters:
    ///   - hypotheses: nil when the segment was abandoned.
    ///   - work: What the replica has computed so far.
    package func finish(_ id: UInt64, with hypotheses: [TokenHypothesis]?, on replica: Int, after work: ComputedWork) {
        let continuation = state.withLock { state in
            state.progress[replica].work = work
            _ = state.batcher.on(.finished(id))
            return state.continuations.removeValue(forKey: id)
        }
        if let hypotheses {
            continuation?.resume(returning: hypotheses)
        } else {
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Ends the threads, and whatever still waits for them.
    package func stop() {
        let left = state.withLock { state in
            state.isStopping = true
            defer { state.continuations.removeAll() }
            return Array(state.continuations.values)
        }
        for continuation in left { continuation.resume(throwing: CancellationError()) }
        for bell in bells { bell.ring() }
    }

    private func submit(_ job: SegmentJob, id: UInt64, _ continuation: Continuation) {
        // A task that was cancelled before this point called `cancel` for a segment that nobody knew.
        if Task.isCancelled {
            continuation.resume(throwing: CancellationError())
            return
        }
        state.withLock { state in
            state.jobs[id] = job
            state.continuations[id] = continuation
            let entry = Batcher.Entry(id: id, length: job.source.count, cost: job.cost, priority: job.priority)
            for directive in state.batcher.on(.submitted(entry)) { perform(directive, &state) }
        }
        // One that was cancelled since then may have done so too early as well; to cancel twice is harmless.
        if Task.isCancelled { cancel(id) }
    }

    private func cancel(_ id: UInt64) {
        let dropped = state.withLock { state in
            var dropped: Continuation?
            for directive in state.batcher.on(.cancelled(id)) {
                if case .drop = directive {
                    state.jobs[id] = nil
                    dropped = state.continuations.removeValue(forKey: id)
                } else {
                    perform(directive, &state)
                }
            }
            return dropped
        }
        dropped?.resume(throwing: CancellationError())
    }

    private func perform(_ directive: Batcher.Directive, _ state: inout State) {
        switch directive {
        case .wake(let replica): ring(replica, &state)
        case .abandon(let id, let replica): state.abandoned[replica].append(id)
        case .start, .drop: preconditionFailure("answered where it is asked for")
        }
    }
}
