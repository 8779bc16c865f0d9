package import JobModel

/// What a broker must know of a job that has not ended; without its texts.
package struct QueuedJob: Sendable, Hashable {
    package var key: JobKey
    package var model: String
    package var languages: LanguageSelection
    package var priority: Int
    package var maximumAttempts: UInt32
    /// Unix times in milliseconds.
    package var acceptedAt: UInt64
    package var expiresAt: UInt64?
    package var byteCount: Int
    package var chunks: [Chunk]

    package init(
        key: JobKey, model: String, languages: LanguageSelection = LanguageSelection(), priority: Int,
        maximumAttempts: UInt32, acceptedAt: UInt64, expiresAt: UInt64?, byteCount: Int, chunks: [Chunk]
    ) {
        self.key = key
        self.model = model
        self.languages = languages
        self.priority = priority
        self.maximumAttempts = maximumAttempts
        self.acceptedAt = acceptedAt
        self.expiresAt = expiresAt
        self.byteCount = byteCount
        self.chunks = chunks
    }

    package struct Chunk: Sendable, Hashable {
        package var cost: UInt32
        package var attempts: UInt32
        package var isDone: Bool
        /// The last lease that was written down and not given back.
        package var lease: LeaseMark?

        package init(cost: UInt32, attempts: UInt32 = 0, isDone: Bool = false, lease: LeaseMark? = nil) {
            self.cost = cost
            self.attempts = attempts
            self.isDone = isDone
            self.lease = lease
        }
    }
}

extension QueuedJob {
    package init(_ stored: StoredJob) {
        self.init(
            key: JobKey(tenant: stored.tenant, id: stored.job.id), model: stored.model,
            languages: stored.job.model.languages, priority: stored.job.priority,
            maximumAttempts: stored.maximumAttempts, acceptedAt: stored.acceptedAt, expiresAt: stored.expiresAt,
            byteCount: stored.job.byteCount, chunks: stored.chunks.map { Chunk(cost: $0.cost) })
    }
}

/// What a broker finds when it starts.
package struct Recovery: Sendable, Hashable {
    /// One more than that of the start before; durable before `recover` returns, if there is no `problem`.
    package var epoch: UInt64
    /// In the order of their acceptance.
    package var jobs: [QueuedJob]
    /// Of each tenant.
    package var lastSequences: [String: UInt64]
    package var consumers: [Consumer]
    package var offers: [Offer]
    package var glossaries: [KeptGlossary]
    /// How many are on the list of the dead, of each tenant that has any.
    package var deadJobs: [String: Int]
    /// How long brokers have run on this store, in milliseconds; see `LogAge`.
    package var age: UInt64
    /// Whether the last broker closed the store, rather than being killed.
    package var wasClosed: Bool
    /// Why nothing can be written yet. Until it can, no lease may be given out: the epoch is not durable.
    package var problem: StoreError?
    /// Which history the logs tell.
    package var logID: LogID

    package init(
        epoch: UInt64, jobs: [QueuedJob] = [], lastSequences: [String: UInt64] = [:], consumers: [Consumer] = [],
        offers: [Offer] = [], glossaries: [KeptGlossary] = [], deadJobs: [String: Int] = [:], age: UInt64 = 0,
        wasClosed: Bool = true,
        logID: LogID = .random()
    ) {
        self.epoch = epoch
        self.jobs = jobs
        self.lastSequences = lastSequences
        self.consumers = consumers
        self.offers = offers
        self.glossaries = glossaries
        self.deadJobs = deadJobs
        self.age = age
        self.wasClosed = wasClosed
        self.logID = logID
    }

    package struct Consumer: Sendable, Hashable {
        package var tenant: String
        package var name: String
        package var acknowledged: UInt64
        /// The store's age when it was last noted as attached; 0: never.
        package var seenAt: UInt64

        package init(tenant: String, name: String, acknowledged: UInt64, seenAt: UInt64 = 0) {
            self.tenant = tenant
            self.name = name
            self.acknowledged = acknowledged
            self.seenAt = seenAt
        }
    }

    package struct KeptGlossary: Sendable, Hashable {
        package var tenant: String
        package var glossary: NamedGlossary

        package init(_ glossary: NamedGlossary, tenant: String) {
            self.tenant = tenant
            self.glossary = glossary
        }
    }

    package struct Offer: Sendable, Hashable {
        package var offer: ModelOffer
        /// The store's age when it was last noted as offered; 0: never.
        package var seenAt: UInt64

        package init(_ offer: ModelOffer, seenAt: UInt64 = 0) {
            self.offer = offer
            self.seenAt = seenAt
        }
    }
}
