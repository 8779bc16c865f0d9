package import JobModel
import Synchronization

/// Jobs whose records are waited for.
package final class ExpectedJobs: Sendable {
    package typealias Finish = @Sendable (Int, Outcome) -> Void

    private struct Expected {
        var index: Int
        var draft: DraftJob
        var finish: Finish
    }

    private struct State {
        var jobs: [JobID: Expected] = [:]
        var end: Result<Void, CommandError>?
        var waiting: CheckedContinuation<Result<Void, CommandError>, Never>?
    }

    private let outcome: JobOutcome
    private let state = Mutex(State())

    package init(outcome: JobOutcome) { self.outcome = outcome }

    package func expect(_ entries: [(index: Int, draft: DraftJob)], finish: @escaping Finish) {
        state.withLock { state in
            for entry in entries {
                state.jobs[entry.draft.job.id] = Expected(index: entry.index, draft: entry.draft, finish: finish)
            }
        }
    }

    package func contains(_ id: JobID) -> Bool { state.withLock { $0.jobs[id] != nil } }

    package func forget(_ id: JobID) {
        state.withLock { $0.jobs[id] = nil }
        wakeIfDone()
    }

    /// A record; of other jobs, and partial ones, are none of ours.
    package func take(_ record: Record) {
        guard !record.isPartial, let job = state.withLock({ $0.jobs.removeValue(forKey: record.job) }) else { return }
        job.finish(job.index, outcome.finished(job.draft, record))
        wakeIfDone()
    }

    /// Waits until no job is expected any more.
    package func wait() async throws(CommandError) {
        try await withCheckedContinuation { continuation in
            let end = state.withLock { state -> Result<Void, CommandError>? in
                if state.jobs.isEmpty { return .success(()) }
                if state.end == nil { state.waiting = continuation }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }.get()
    }

    /// Nothing will come any more.
    package func fail(_ error: CommandError) {
        let waiting = state.withLock { state in
            state.end = .failure(error)
            return state.waiting.take()
        }
        waiting?.resume(returning: .failure(error))
    }

    private func wakeIfDone() {
        let waiting = state.withLock { $0.jobs.isEmpty ? $0.waiting.take() : nil }
        waiting?.resume(returning: .success(()))
    }
}
