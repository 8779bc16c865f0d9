/// The bounds that the broker keeps. Times in milliseconds, sizes in bytes; 0 of a quota is "none of its own".
package struct DispatchSettings: Sendable, Hashable {
    package var heartbeat: UInt64 = 1000
    /// Silence after which a worker is dead.
    package var workerSilence: UInt64 = 5000
    package var lease: UInt64 = 30_000
    /// How long after a start workers may come back with their leases.
    package var resumeGrace: UInt64 = 10_000
    package var drain: UInt64 = 30_000
    package var attempts: UInt32 = 5
    package var backoffBase: UInt64 = 1000
    package var backoffMaximum: UInt64 = 300_000
    /// The model of jobs that name neither a model nor languages; nil: the only one there is.
    package var defaultModel: String?
    /// The most source tokens of a chunk.
    package var chunkTokens: UInt32 = 2048
    /// How long a waiting chunk takes to rise by one priority.
    package var ageing: UInt64 = 60_000

    package var queuedJobs = 1_000_000
    package var queuedBytes = 4 << 30
    package var tenantQueuedJobs = 0
    package var tenantQueuedBytes = 0
    /// Of tenants that have some of their own, by name.
    package var tenantLimits: [String: TenantLimits] = [:]
    /// Received, and not yet durable.
    package var uncommittedBytes = 64 << 20
    /// The most that all outputs of a job take together; consumers get them in one message.
    package var resultBytes = 48 << 20
    package var sourcesPerJob = 10_000
    package var jobsPerSubmit = 1000
    package var retryAfter: UInt32 = 1000
    /// How long records are kept.
    package var retention: UInt64 = 7 * 24 * 3600 * 1000
    /// How long after all consumers of a tenant have acknowledged a record it is kept, for `dragoman job` and replay.
    package var acknowledgedRetention: UInt64 = 24 * 3600 * 1000
    /// How long a consumer that does not attach holds records back that all others have acknowledged.
    package var consumerAbandonment: UInt64 = 30 * 24 * 3600 * 1000
    /// How long a model is remembered that no worker offers and no job needs.
    package var offerRetention: UInt64 = 7 * 24 * 3600 * 1000

    /// Whether each step of a job's life is noted: at debug, and so often that the notes are not even made otherwise.
    package var notesJobs = false

    package init() {}
}

extension DispatchSettings {
    /// The most unfinished jobs that a tenant may have.
    func queuedJobsMaximum(_ limits: TenantLimits) -> Int {
        limits.queuedJobs ?? (tenantQueuedJobs > 0 ? tenantQueuedJobs : .max)
    }

    func queuedBytesMaximum(_ limits: TenantLimits) -> Int {
        limits.queuedBytes ?? (tenantQueuedBytes > 0 ? tenantQueuedBytes : .max)
    }
}
