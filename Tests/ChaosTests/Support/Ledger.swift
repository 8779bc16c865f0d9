import JobModel
import Synchronization
import TestKit

/// What the producers have submitted, and what they were told.
final class Ledger: Sendable {
    private struct State {
        var queue = TotalQueue()
        var sources: [JobID: [Source]] = [:]
        var problems: [String] = []
        var duplicates = 0
    }

    private let state = Mutex(State())

    func attempt(_ jobs: [Job]) {
        state.withLock { state in
            for job in jobs {
                state.queue.attempt(job.id)
                state.sources[job.id] = job.sources
            }
        }
    }

    func note(_ verdicts: [Verdict]) {
        state.withLock { state in
            for verdict in verdicts {
                switch verdict.outcome {
                case .accepted(let isDuplicate):
                    state.queue.acknowledge(verdict.job)
                    if isDuplicate { state.duplicates += 1 }
                case .rejected(let rejection):
                    state.problems.append("job \(verdict.job) was rejected: \(rejection)")
                }
            }
        }
    }

    func note(problem: String) { state.withLock { $0.problems.append(problem) } }

    var problems: [String] { state.withLock { $0.problems } }
    /// How many were accepted as known already.
    var duplicates: Int { state.withLock { $0.duplicates } }

    /// What a consumer has made of them.
    func report(on log: ConsumedLog) -> TotalQueue.Report {
        var queue = state.withLock { $0.queue }
        for job in log.deliveries { queue.deliver(job) }
        return queue.report
    }

    /// Records that do not say what they should.
    func problems(in log: ConsumedLog, _ phrases: Phrases) -> [String] {
        let sources = state.withLock { $0.sources }
        return log.records.lazy.compactMap { record in
            // A job that nobody knows is counted as unexpected.
            sources[record.job].flatMap { phrases.problem(with: record, of: $0) }
        }
    }
}
