internal import JobModel
internal import Synchronization

/// Jobs whose final records somebody waits for.
final class PendingJobs: Sendable {
    fileprivate final class Wait: Sendable {
        struct State {
            var records: [JobID: Record] = [:]
            var outcome: Result<Void, GatewayError>?
            var waiting: CheckedContinuation<Result<Void, GatewayError>, Never>?
        }

        let jobs: [JobID]
        let state = Mutex(State())

        init(_ jobs: [JobID]) { self.jobs = jobs }

        func take(_ record: Record) {
            let waiting = state.withLock { state -> CheckedContinuation<Result<Void, GatewayError>, Never>? in
                state.records[record.job] = record
                guard state.outcome == nil, state.records.count == jobs.count else { return nil }
                state.outcome = .success(())
                return state.waiting.take()
            }
            waiting?.resume(returning: .success(()))
        }

        func fail(_ error: GatewayError) {
            let waiting = state.withLock { state -> CheckedContinuation<Result<Void, GatewayError>, Never>? in
                guard state.outcome == nil else { return nil }
                state.outcome = .failure(error)
                return state.waiting.take()
            }
            waiting?.resume(returning: .failure(error))
        }
    }

    /// What `expect` gives, to wait with.
    struct Ticket: Sendable {
        fileprivate let wait: Wait
        var jobs: [JobID] { wait.jobs }
    }

    private let waits = Mutex<[JobID: Wait]>([:])

    /// The ids, all different, of jobs that will be submitted.
    func expect(_ jobs: [JobID]) -> Ticket {
        let wait = Wait(jobs)
        waits.withLock { waits in
            for job in jobs { waits[job] = wait }
        }
        return Ticket(wait: wait)
    }

    func forget(_ ticket: Ticket) {
        waits.withLock { waits in
            for job in ticket.jobs { waits[job] = nil }
        }
    }

    /// Those that have no record yet.
    var unfinished: [JobID] { waits.withLock { Array($0.keys) } }

    func take(_ record: Record) {
        guard !record.isPartial else { return }
        waits.withLock { $0.removeValue(forKey: record.job) }?.take(record)
    }

    /// Ends the wait of a ticket.
    func fail(_ ticket: Ticket, _ error: GatewayError) { ticket.wait.fail(error) }

    /// - Returns: The records, in the order of the ticket's jobs.
    func records(_ ticket: Ticket) async throws(GatewayError) -> [Record] {
        let wait = ticket.wait
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = wait.state.withLock { state in
                    if state.outcome == nil { state.waiting = continuation }
                    return state.outcome
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            wait.fail(GatewayError(.cancelled, "the request was given up"))
        }
        try outcome.get()
        return wait.state.withLock { state in wait.jobs.compactMap { state.records[$0] } }
    }
}
