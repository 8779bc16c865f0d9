/// The broker at a glance.
public struct StatusReport: Sendable, Hashable {
    public var version = ""
    /// Grows by one at every start of the broker.
    public var epoch: UInt64 = 0
    public var uptimeMilliseconds: UInt64 = 0
    public var isDraining = false
    /// Why no new job is accepted at present; empty: jobs are accepted.
    public var refusal = ""
    public var queuedJobs = 0
    public var queuedChunks = 0
    public var leasedChunks = 0
    /// Of the sources of unfinished jobs.
    public var queuedBytes = 0
    public var deadJobs = 0
    /// How old the oldest job is that waits, with all of it or a part; 0: none does.
    public var oldestQueuedMilliseconds: UInt64 = 0
    /// From the acceptance of jobs to the first worker; nil: the broker is of a version that does not say.
    public var jobWait: Latency?
    /// From the acceptance of jobs to their being done.
    public var jobDuration: Latency?
    /// Since the broker's start.
    public var accepted: UInt64 = 0
    public var rejected: UInt64 = 0
    public var done: UInt64 = 0
    /// Dead.
    public var failed: UInt64 = 0
    public var expired: UInt64 = 0
    public var cancelled: UInt64 = 0
    /// Leases that were taken back from workers that died, or did not answer.
    public var leasesLost: UInt64 = 0
    public var sourceTokens: UInt64 = 0
    public var sentences: UInt64 = 0
    public var workers: [WorkerStatus] = []
    public var models: [ModelStatus] = []
    public var consumers: [ConsumerStatus] = []
    /// The newest record of `tenant`; 0: none.
    public var lastSequence: UInt64 = 0
    /// Which history the broker's result logs tell; nil: the broker is of a version that does not say.
    public var logID: LogID?
    /// Whose numbers these are, where they are not those of all tenants; empty: the broker does not say.
    public var tenant = ""
    public var isOfAllTenants = false
    /// All that are connected; `workers` has them only for operators.
    public var workerCount = 0

    public init() {}

    /// How long jobs took, of those of the last five to ten minutes. Each number is what so many of a hundred did not
    /// exceed, at most a tenth too large up to 28 hours; what is longer counts as that.
    public struct Latency: Sendable, Hashable {
        /// 0: there was no such job, and the other numbers mean nothing.
        public var count: UInt64 = 0
        public var p50Milliseconds: UInt64 = 0
        public var p90Milliseconds: UInt64 = 0
        public var p99Milliseconds: UInt64 = 0

        public init() {}
    }

    public struct WorkerStatus: Sendable, Hashable {
        public var instance = ""
        public var silentMilliseconds: UInt64 = 0
        public var leasedChunks = 0
        public var leasedTokens = 0
        public var windowTokens = 0
        public var models: [String] = []
        /// Those of `models` that are in its memory.
        public var loadedModels: [String] = []
        /// Models that it is to have and cannot load.
        public var unavailableModels: [UnavailableModel] = []
        public var isDraining = false
        /// Its connection is gone. It has a few seconds to come back before its work is given to others.
        public var isUnreachable = false
        public var done: UInt64 = 0
        public var failed: UInt64 = 0
        /// Of the last minute; 0 while nothing is done.
        public var sourceTokensPerSecond = 0.0

        public init() {}
    }

    public struct ModelStatus: Sendable, Hashable {
        public var name = ""
        public var sourceLanguage = ""
        public var targetLanguage = ""
        /// As in `ModelOffer`.
        public var languages: [LanguageSet] = []
        /// All that offer it now, whoever asks. The other numbers are those of the report's tenants.
        public var workers = 0
        public var queuedChunks = 0
        public var leasedChunks = 0
        public var done: UInt64 = 0
        /// Of the last minute; 0 while nothing is done.
        public var sourceTokensPerSecond = 0.0
        public var sentencesPerSecond = 0.0
        /// Since a worker offered it, or a job needed it; 0 while one does.
        public var absentMilliseconds: UInt64 = 0

        public init() {}
    }

    public struct ConsumerStatus: Sendable, Hashable {
        public var name = ""
        public var acknowledged: UInt64 = 0
        public var isAttached = false
        public var tenant = ""
        /// The newest record of its tenant; 0: none.
        public var lastSequence: UInt64 = 0
        /// Records that it has not acknowledged. One that has acknowledged nothing, as a gateway does, has none: the broker
        /// keeps no place and no record for it.
        public var lag: UInt64 { acknowledged == 0 ? 0 : lastSequence - min(lastSequence, acknowledged) }
        /// Since it was attached.
        public var absentMilliseconds: UInt64 = 0
        /// It has been away for so long that it no longer holds records back.
        public var isAbandoned = false

        public init() {}
    }
}
