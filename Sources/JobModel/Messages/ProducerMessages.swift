/// What became of one submitted job.
public struct Verdict: Sendable, Hashable {
    public var job: JobID
    public var outcome: Outcome

    public init(job: JobID, _ outcome: Outcome) {
        self.job = job
        self.outcome = outcome
    }

    public enum Outcome: Sendable, Hashable {
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
