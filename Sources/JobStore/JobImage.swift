package import JobModel

/// All that a store has of a job, but its texts and what became of its chunks.
package struct JobImage: Sendable, Hashable {
    /// In the order of acceptance.
    package var number: Int64
    package var key: JobKey
    package var digest: [UInt8]
    package var state = JobState.queued
    /// With all that its records have in common. Without chunks: what the row had is damaged.
    package var plan: JobPlan
    package var priority: Int
    package var maximumAttempts: UInt32
    package var expiresAt: UInt64?
    package var byteCount: Int
    package var wantsPartial: Bool
    package var chunksDone = 0
    package var attempts: UInt32 = 0
    /// Of the chunks that are done.
    package var outputBytes = 0
    package var failure: Failure?
    package var sequence: UInt64?
    package var finishedAt: UInt64?
    package var isDeadLetter = false

    package init(
        number: Int64, key: JobKey, digest: [UInt8], plan: JobPlan, priority: Int, maximumAttempts: UInt32,
        expiresAt: UInt64?, byteCount: Int, wantsPartial: Bool
    ) {
        self.number = number
        self.key = key
        self.digest = digest
        self.plan = plan
        self.priority = priority
        self.maximumAttempts = maximumAttempts
        self.expiresAt = expiresAt
        self.byteCount = byteCount
        self.wantsPartial = wantsPartial
    }
}

extension JobImage {
    package init(_ stored: StoredJob, number: Int64) {
        self.init(
            number: number, key: JobKey(tenant: stored.tenant, id: stored.job.id), digest: stored.digest,
            plan: JobPlan(draft: stored.draft, chunks: stored.chunks, languages: stored.job.model.languages),
            priority: stored.job.priority, maximumAttempts: stored.maximumAttempts, expiresAt: stored.expiresAt,
            byteCount: stored.job.byteCount, wantsPartial: stored.job.wantsPartialResults)
    }

    /// A dead job, submitted again.
    package init(retrying dead: JobImage, as id: JobID, number: Int64, at time: UInt64) {
        self = dead
        self.number = number
        key.id = id
        plan.draft.job = id
        plan.draft.acceptedAt = time
        plan.draft.retryOf = dead.key.id
        expiresAt = dead.expiresAt.map { time + ($0 - min($0, dead.plan.draft.acceptedAt)) }
        state = .queued
        chunksDone = 0
        attempts = 0
        outputBytes = 0
        failure = nil
        sequence = nil
        finishedAt = nil
        isDeadLetter = false
    }

    package var queued: QueuedJob {
        QueuedJob(
            key: key, model: plan.draft.model, languages: plan.languages, priority: priority,
            maximumAttempts: maximumAttempts, acceptedAt: plan.draft.acceptedAt, expiresAt: expiresAt,
            byteCount: byteCount, chunks: plan.chunks.map { QueuedJob.Chunk(cost: $0.cost) })
    }

    package var report: JobReport {
        var report = JobReport(job: key.id, state: state)
        report.tenant = key.tenant
        report.chunks = plan.chunks.count
        report.chunksDone = chunksDone
        report.attempts = Int(attempts)
        report.priority = priority
        report.sequence = sequence
        report.acceptedAt = plan.draft.acceptedAt
        report.finishedAt = finishedAt
        report.expiresAt = expiresAt
        report.failure = failure
        report.model = plan.draft.model
        report.topic = plan.draft.topic
        report.retryOf = plan.draft.retryOf
        return report
    }
}

/// What a store has of a chunk of an unfinished job.
package struct ChunkImage: Sendable, Hashable {
    package var isDone = false
    package var attempts: UInt32 = 0
    package var lease: LeaseMark?
    /// Of one that is done, where they were read.
    package var outputs: [Output]?

    package init(isDone: Bool = false, attempts: UInt32 = 0, lease: LeaseMark? = nil, outputs: [Output]? = nil) {
        self.isDone = isDone
        self.attempts = attempts
        self.lease = lease
        self.outputs = outputs
    }
}
