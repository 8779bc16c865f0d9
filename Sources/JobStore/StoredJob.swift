package import JobModel

/// A job as the broker accepted it.
package struct StoredJob: Sendable, Hashable {
    package var tenant: String
    package var job: Job
    /// The producer's, or computed from the content.
    package var digest: [UInt8]
    /// The name that `job.model` stands for.
    package var model: String
    package var maximumAttempts: UInt32
    package var chunks: [ChunkPlan]
    /// Unix times in milliseconds.
    package var acceptedAt: UInt64
    package var expiresAt: UInt64?
    /// The dead job that this one repeats.
    package var retryOf: JobID?

    package init(
        tenant: String, job: Job, digest: [UInt8], model: String, maximumAttempts: UInt32, chunks: [ChunkPlan],
        acceptedAt: UInt64, expiresAt: UInt64? = nil, retryOf: JobID? = nil
    ) {
        self.tenant = tenant
        self.job = job
        self.digest = digest
        self.model = model
        self.maximumAttempts = maximumAttempts
        self.chunks = chunks
        self.acceptedAt = acceptedAt
        self.expiresAt = expiresAt
        self.retryOf = retryOf
    }
}

extension StoredJob {
    /// What the job's records repeat of it.
    package var draft: Record {
        var record = Record(draftOf: job.id)
        record.topic = job.topic
        record.trace = job.trace
        record.model = model
        record.acceptedAt = acceptedAt
        record.retryOf = retryOf
        return record
    }
}

/// A job's name in the store: ids are the producers' to choose, so each tenant has ids of its own.
package struct JobKey: Sendable, Hashable {
    package var tenant: String
    package var id: JobID

    package init(tenant: String, id: JobID) {
        self.tenant = tenant
        self.id = id
    }
}
