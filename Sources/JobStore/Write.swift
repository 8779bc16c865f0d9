package import JobModel

/// One change of the store. The store, not the caller, decides what it comes to: it alone sees all that was committed.
package enum Write: Sendable, Hashable {
    /// → `.inserted`, `.duplicate` or `.conflict`.
    case insert(StoredJob)
    /// A worker has been given the chunk. → `.noted`, also when the job has ended.
    case lease(JobKey, chunk: UInt32, LeaseMark)
    /// A chunk is back in the queue, with the attempts it has been charged. → `.noted`, also when the job has ended.
    case requeue(JobKey, chunk: UInt32, attempts: UInt32, Failure?)
    /// The first finish of a chunk wins. The last chunk's ends the job, in the same transaction.
    /// → `.finished` or `.alreadyTerminal`.
    case finish(JobKey, chunk: UInt32, ChunkResult)
    /// Ends a job that has not ended: dead, expired or cancelled. → `.ended` or `.alreadyTerminal`.
    case end(JobKey, JobState, Failure, attempts: UInt32, at: UInt64)
    /// Moves a consumer's cursor forward, never back. → `.acknowledged`.
    case acknowledge(tenant: String, consumer: String, upTo: UInt64)
    /// Submits a dead job again as `newID`, and takes it off the list of the dead. → `.inserted` as `newID` would be,
    /// or `.notDead`.
    case retryDead(JobKey, newID: JobID, at: UInt64)
    /// Takes a dead job off the list. → `.noted` or `.notDead`.
    case dropDead(JobKey)
    /// A model that some worker has said to have. → `.noted`.
    case offer(ModelOffer)
    /// Removes what is kept no longer: jobs whose terminal record is older than `before` (Unix milliseconds), or all
    /// consumers of the tenant have acknowledged and is older than `acknowledgedBefore`; at most `limit` jobs.
    /// → `.purged`.
    case purge(before: UInt64, acknowledgedBefore: UInt64, limit: Int)
}

/// That a chunk is with a worker, so that a broker that was killed knows whom to expect back.
package struct LeaseMark: Sendable, Hashable {
    package var token: UInt64
    package var attempt: UInt32
    package var instance: String

    package init(token: UInt64, attempt: UInt32, instance: String) {
        self.token = token
        self.attempt = attempt
        self.instance = instance
    }
}

package struct ChunkResult: Sendable, Hashable {
    package var outputs: [Output]
    package var attempts: UInt32
    /// Unix time in milliseconds.
    package var finishedAt: UInt64

    package init(outputs: [Output], attempts: UInt32, finishedAt: UInt64) {
        self.outputs = outputs
        self.attempts = attempts
        self.finishedAt = finishedAt
    }
}

/// What a write came to.
package enum WriteOutcome: Sendable, Hashable {
    /// - job: as it was stored (of `retryDead`, without its sources' text being repeated by the caller).
    case inserted(QueuedJob)
    /// The same job (id and digest) was there.
    case duplicate
    /// A job with this id and another digest was there.
    case conflict
    case noted
    /// - records: those that the write added to the log: a partial one, the terminal one, both, or none.
    case finished(records: [LogEntry])
    case ended(LogEntry)
    case alreadyTerminal
    case acknowledged(upTo: UInt64)
    case notDead
    case purged(jobs: Int)
}

/// Where and what a new record is; the record itself is read from the store.
package struct LogEntry: Sendable, Hashable {
    package var tenant: String
    package var sequence: UInt64
    package var job: JobID
    package var state: JobState
    package var topic: String
    /// What the record takes on the wire, in bytes, roughly.
    package var byteCount: Int

    package init(tenant: String, sequence: UInt64, job: JobID, state: JobState, topic: String, byteCount: Int) {
        self.tenant = tenant
        self.sequence = sequence
        self.job = job
        self.state = state
        self.topic = topic
        self.byteCount = byteCount
    }
}
