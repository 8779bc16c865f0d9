package import JobModel
package import JobStore

/// What the broker's shell is to do.
package enum Directive: Sendable {
    case send(Envelope, to: Peer)
    /// Sends a record, as it was written.
    case deliver(EncodedRecord, epoch: UInt64, to: Peer)
    /// Reads the chunk's content, completes the message with it, and sends it; or answers with `.unreadable`.
    case assign(Assignment, to: Peer)
    /// Makes writes durable, all or none; answered by `.committed` or `.commitFailed`. The shell may join many commits
    /// into one transaction, and wait so long (in milliseconds) for others to join this one; it keeps their order.
    case commit(CommitID, [Write], delay: UInt64)
    /// Answered by `.read` or `.readFailed`.
    case read(Query, as: ReadID)
    /// Copies new records to the observers; comes before the event's other directives.
    case publish([LogEntry])
    /// Tells observers how far each tenant's log goes.
    case publishHeartbeat(lastSequences: [String: UInt64])
    /// For the operator.
    case note(Note)
    /// All that was to be done before the end is done.
    case drained
}

/// An ASSIGN without its content.
package struct Assignment: Sendable, Hashable {
    package var job: JobKey
    package var lease: LeaseName
    /// 1 for the first.
    package var attempt: UInt32
    package var cost: UInt32
    package var deadlineMilliseconds: UInt64?
    package var priority: Int
    package var isAlone: Bool

    package init(
        job: JobKey, lease: LeaseName, attempt: UInt32, cost: UInt32, deadlineMilliseconds: UInt64?, priority: Int,
        isAlone: Bool
    ) {
        self.job = job
        self.lease = lease
        self.attempt = attempt
        self.cost = cost
        self.deadlineMilliseconds = deadlineMilliseconds
        self.priority = priority
        self.isAlone = isAlone
    }
}

package enum Query: Sendable, Hashable {
    case records(tenant: String, after: UInt64, limit: Int, bytes: Int)
    case firstSequence(tenant: String)
    case report(JobKey)
    case deadLetters(tenant: String, after: UInt64, limit: Int)
    case allDeadLetters(fromTenant: String, after: UInt64, limit: Int)
    case jobs(JobSelection)
    case tenants(of: [JobID])
}

/// A line of the log: what happened, and fields without any text of a user's.
package struct Note: Sendable, Hashable {
    package enum Level: Sendable, Hashable { case debug, info, notice, warning, error }

    package var level: Level
    package var message: String
    package var fields: [String: String]

    package init(_ level: Level, _ message: String, _ fields: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.fields = fields
    }
}
