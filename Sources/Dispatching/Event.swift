package import JobModel
package import JobStore

/// What happens to the broker.
package enum Event: Sendable {
    /// A message came, and was understood.
    case received(Envelope, from: Peer)
    /// A worker's answer for a lease came, and was not understood.
    case answerRefused(LeaseName, from: Peer)
    /// The socket has no way to the peer any more; found out by sending.
    case unreachable(Peer)
    /// The peer's key may not do this any more; its connection is closed.
    case revoked(Peer)
    /// Writes are durable; commits are answered in the order of their directives.
    case committed(CommitID, [WriteOutcome])
    /// Writes have not happened.
    case commitFailed(CommitID, StoreError)
    /// What a `.read` asked for.
    case read(Reading, for: ReadID)
    case readFailed(StoreError, for: ReadID)
    /// The text of a chunk that was to be assigned cannot be read; its worker has not heard of the lease.
    case unreadable(LeaseName, StoreError)
    /// Time has passed; the shell sends one when `nextDeadline` is reached.
    case tick
    /// The broker is to stop: no new jobs, no new leases, and workers are asked to finish.
    case drain
    /// The configuration was read anew.
    case reconfigured(DispatchSettings)
    /// The disk has less free space than it needs, or has enough again.
    case diskIsLow(Bool)
    /// What keeps the store from taking jobs: its files are gone (`.lost`), or it cannot be written to since the start. nil:
    /// nothing does.
    case storeProblem(StoreError?)
}

/// What a read found.
package enum Reading: Sendable {
    /// Records of one tenant, in order.
    case records([EncodedRecord])
    case firstSequence(UInt64?)
    case report(JobReport?)
    case deadLetters([JobReport])
    case jobs(JobList)
    /// Of each id, those that have a job.
    case tenants([[String]])
}

package struct CommitID: Sendable, Hashable {
    package var value: UInt64
    package init(_ value: UInt64) { self.value = value }
}

package struct ReadID: Sendable, Hashable {
    package var value: UInt64
    package init(_ value: UInt64) { self.value = value }
}
