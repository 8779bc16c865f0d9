/// What became of one submitted job.
package struct Verdict: Sendable, Hashable {
    package var job: JobID
    package var outcome: Outcome

    package init(job: JobID, _ outcome: Outcome) {
        self.job = job
        self.outcome = outcome
    }

    package enum Outcome: Sendable, Hashable {
        case accepted(duplicate: Bool)
        case rejected(Rejection)
    }
}

package enum DeadLetterRequest: Sendable, Hashable {
    /// Dead jobs that died after a sequence number, oldest first.
    case list(after: UInt64, limit: Int)
    case retry([JobID])
    case drop([JobID])
}
