package import JobModel
import Wire

/// One change of the store. The store, not the caller, decides what it comes to: it alone sees all that was committed.
package enum Write: Sendable, Hashable {
    /// → `.inserted`, `.duplicate` or `.conflict`.
    case insert(StoredJob)
    /// Whether a job is there, of which it is not known whether it could be inserted. It changes nothing, and sees all that was
    /// committed. → `.duplicate` or `.conflict`, as `insert`; `.noted` when there is no job of that id.
    case recognize(JobKey, digest: [UInt8])
    /// A worker has been given the chunk. → `.noted`, also when the job has ended.
    case lease(JobKey, chunk: UInt32, LeaseMark)
    /// A chunk is back in the queue, with the attempts it has been charged. → `.noted`, also when the job has ended.
    case requeue(JobKey, chunk: UInt32, attempts: UInt32, Failure?)
    /// The first finish of a chunk wins. The last chunk's ends the job, in the same transaction; so does, with a record of
    /// a dead job, the one with which the job's outputs are too large to be delivered.
    /// → `.finished`, `.alreadyTerminal` or `.mismatch`.
    case finish(JobKey, chunk: UInt32, ChunkResult)
    /// Ends a job that has not ended: dead, expired or cancelled. → `.ended` or `.alreadyTerminal`.
    case end(JobKey, JobState, Failure, attempts: UInt32, at: UInt64)
    /// Moves a consumer's cursor forward, never back and never past the end of the log; a consumer that is new begins to
    /// be waited for by `purge`. → `.acknowledged`, with where the cursor is.
    case acknowledge(tenant: String, consumer: String, upTo: UInt64)
    /// Submits a dead job again as `newID`, and takes it off the list of the dead. → `.inserted`, `.notDead`, or
    /// `.conflict` when there is a job `newID`.
    case retryDead(JobKey, newID: JobID, at: UInt64)
    /// Takes a dead job off the list, and forgets its texts. → `.noted` or `.notDead`.
    case dropDead(JobKey)
    /// A model that some worker has said to have. → `.noted`.
    case offer(ModelOffer)
    /// Removes an offer. → `.noted`.
    case forgetOffer(String)
    /// Removes a consumer and its cursor. → `.noted`.
    case removeConsumer(ConsumerKey)
    /// These consumers were attached, and these models offered, at this age of the store. Those that the store does not
    /// have are passed over. → `.noted`.
    case seen(consumers: [ConsumerKey], models: [String], at: UInt64)
    /// Keeps a glossary for a tenant, in the place of that of the same name. → `.noted`.
    case keepGlossary(NamedGlossary, tenant: String)
    /// → `.noted`.
    case removeGlossary(GlossaryKey)
    /// Notes how far each log goes at this `age` of the store (see `LogAge`), and removes what has expired, from the front
    /// of each tenant's log, so that what is left has no gap: records that have been there for `retention` milliseconds,
    /// or that all consumers of the tenant (and there are some) have acknowledged and that have been there for
    /// `acknowledgedRetention`; with the terminal record, its job. Consumers that were last seen more than
    /// `consumerAbandonment` ago, or never acknowledged a record, have no say in that. A job on the list of the dead stays
    /// for `retention`, even when its record is gone. At most `limit` records and such jobs. → `.purged`.
    case purge(
        age: UInt64, retention: UInt64, acknowledgedRetention: UInt64, consumerAbandonment: UInt64 = .max, limit: Int)
}

/// A consumer's name in the store: each tenant has names of its own.
package struct ConsumerKey: Sendable, Hashable {
    package var tenant: String
    package var name: String

    package init(tenant: String, name: String) {
        self.tenant = tenant
        self.name = name
    }
}

/// A glossary's name in the store: each tenant has names of its own.
package struct GlossaryKey: Sendable, Hashable {
    package var tenant: String
    package var name: String

    package init(tenant: String, name: String) {
        self.tenant = tenant
        self.name = name
    }
}

/// That a chunk is with a worker, so that a broker that was killed knows whom to expect back.
package struct LeaseMark: Sendable, Hashable {
    package var token: UInt64
    package var attempt: UInt32
    package var instance: String
    /// Whether it was a suspect: if its broker, or its worker, died with it, it was the cause.
    package var isAlone: Bool

    package init(token: UInt64, attempt: UInt32, instance: String, isAlone: Bool = false) {
        self.token = token
        self.attempt = attempt
        self.instance = instance
        self.isAlone = isAlone
    }
}

package struct ChunkResult: Sendable, Hashable {
    package var outputs: [Output]
    package var attempts: UInt32
    /// Unix time in milliseconds.
    package var finishedAt: UInt64
    /// The most that all outputs of the job may take together, in bytes: they are delivered in one message.
    package var jobBytesMaximum: Int

    package init(outputs: [Output], attempts: UInt32, finishedAt: UInt64, jobBytesMaximum: Int = .max) {
        self.outputs = outputs
        self.attempts = attempts
        self.finishedAt = finishedAt
        self.jobBytesMaximum = jobBytesMaximum
    }

    package var publishedByteCount: Int { outputs.reduce(0) { $0 + $1.publishedByteCount } }

    /// - Parameter bytes: What the job's outputs take, as far as they are there, with these.
    /// - Returns: Why the job cannot be done; nil: it can.
    package func problem(ofJobWith bytes: Int) -> Failure? {
        guard bytes > jobBytesMaximum else { return nil }
        return Failure(
            "result_too_large",
            "the job's outputs take \(bytes) bytes or more, and at most \(jobBytesMaximum) can be delivered; "
                + "submit its texts as several jobs, or ask for less of each")
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
    /// The worker did not send an output, with a hypothesis at least, for each piece of the chunk, or there is no such
    /// chunk: nothing was written.
    case mismatch
    case acknowledged(upTo: UInt64)
    case notDead
    /// - records: with those of unfinished jobs, which stay, and jobs on the list of the dead whose record was gone.
    /// - dead: how many jobs of each tenant went that were on the list of the dead.
    case purged(records: Int, dead: [String: Int])
}

/// A new record, and whose log it is in.
package struct LogEntry: Sendable, Hashable {
    package var tenant: String
    package var record: Record
    package var encoded: EncodedRecord

    package init(_ record: Record, of tenant: String) {
        self.record = record
        self.tenant = tenant
        encoded = EncodedRecord(record)
    }
}
