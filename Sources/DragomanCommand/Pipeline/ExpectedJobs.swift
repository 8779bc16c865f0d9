package import JobModel
import Synchronization

/// Jobs whose records are waited for.
package final class ExpectedJobs: Sendable {
    package typealias Finish = @Sendable (Int, Outcome) -> Void

    private struct Expected {
        var index: Int
        var draft: DraftJob
        var finish: Finish
        var isAccepted = false
        /// It came before the verdict, which may yet be that the record is another job's with this id.
        var record: Record?
    }

    private struct State {
        /// More than one where the input has a job twice.
        var jobs: [JobID: [Expected]] = [:]
        var end: Result<Void, CommandError>?
        var waiting: CheckedContinuation<Result<Void, CommandError>, Never>?
    }

    private let outcome: JobOutcome
    private let state = Mutex(State())

    package init(outcome: JobOutcome) { self.outcome = outcome }

    package func expect(_ entries: [(index: Int, draft: DraftJob)], finish: @escaping Finish) {
        state.withLock { state in
            for entry in entries {
                let expected = Expected(index: entry.index, draft: entry.draft, finish: finish)
                state.jobs[entry.draft.job.id, default: []].append(expected)
            }
        }
    }

    /// Those that have no record yet, accepted or on their way.
    package var unfinished: [JobID] {
        state.withLock { $0.jobs.filter { $0.value.contains { $0.record == nil } }.map(\.key) }
    }

    package func contains(_ id: JobID) -> Bool { state.withLock { $0.jobs[id] != nil } }

    /// The broker has the entry's job.
    package func accept(_ id: JobID, index: Int) {
        finish(id, where: { $0.index == index }) { $0.isAccepted = true }
    }

    /// The broker has not taken the entry's job; another entry's with its id perhaps.
    package func forget(_ id: JobID, index: Int) {
        state.withLock { state in
            state.jobs[id]?.removeAll { $0.index == index }
            if state.jobs[id]?.isEmpty == true { state.jobs[id] = nil }
        }
        wakeIfDone()
    }

    /// A record; of other jobs, and partial ones, are none of ours.
    package func take(_ record: Record) {
        // Once nobody waits for more, it would only say what was cancelled.
        guard !record.isPartial, state.withLock({ $0.end == nil }) else { return }
        finish(record.job, where: { _ in true }) { $0.record = record }
    }

    /// Changes entries, and finishes those that are accepted and have their record.
    private func finish(_ id: JobID, where isMeant: (Expected) -> Bool, change: (inout Expected) -> Void) {
        let done = state.withLock { state in
            guard var entries = state.jobs[id] else { return [Expected]() }
            for index in entries.indices where isMeant(entries[index]) { change(&entries[index]) }
            let done = entries.filter { $0.isAccepted && $0.record != nil }
            entries.removeAll { $0.isAccepted && $0.record != nil }
            state.jobs[id] = entries.isEmpty ? nil : entries
            return done
        }
        for entry in done {
            if let record = entry.record { entry.finish(entry.index, outcome.finished(entry.draft, record)) }
        }
        if !done.isEmpty { wakeIfDone() }
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
