package struct Hello: Sendable, Hashable {
    package var instance: String
    package var models: [ModelOffer]
    /// What it goes on working at.
    package var leases: [LeaseName]
    /// The most source tokens that may be leased to it at a time.
    package var window: UInt64
    /// What tells a process from the others that have had its name; nil from workers that do not say.
    package var incarnation: UInt64?
    /// Models that it is to have and cannot load.
    package var unavailableModels: [UnavailableModel]

    package init(
        instance: String, models: [ModelOffer], leases: [LeaseName], window: UInt64, incarnation: UInt64? = nil,
        unavailableModels: [UnavailableModel] = []
    ) {
        self.instance = instance
        self.models = models
        self.leases = leases
        self.window = window
        self.incarnation = incarnation
        self.unavailableModels = unavailableModels
    }
}

package struct Welcome: Sendable, Hashable {
    package var epoch: UInt64
    package var heartbeatMilliseconds: UInt32
    /// After so much silence of the broker, say HELLO again.
    package var silenceMilliseconds: UInt32
    /// Of the leases in Hello, those that are still wanted.
    package var leases: [LeaseName]

    package init(
        epoch: UInt64, heartbeatMilliseconds: UInt32, silenceMilliseconds: UInt32,
        leases: [LeaseName]
    ) {
        self.epoch = epoch
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.silenceMilliseconds = silenceMilliseconds
        self.leases = leases
    }
}

package struct Assign: Sendable, Hashable {
    package var lease: LeaseName
    /// 1 for the first.
    package var attempt: UInt32
    /// The broker's estimate, in source tokens.
    package var cost: UInt32
    /// Until the result is of no use; nil: never.
    package var deadlineMilliseconds: UInt64?
    package var priority: Int
    /// Whether it is suspected of having killed a worker, and is translated with no other beside it.
    package var isAlone: Bool
    package var content: ChunkContent

    package init(
        lease: LeaseName, attempt: UInt32, cost: UInt32, deadlineMilliseconds: UInt64?, priority: Int, isAlone: Bool,
        content: ChunkContent
    ) {
        self.lease = lease
        self.attempt = attempt
        self.cost = cost
        self.deadlineMilliseconds = deadlineMilliseconds
        self.priority = priority
        self.isAlone = isAlone
        self.content = content
    }
}

package struct WorkerBeat: Sendable, Hashable {
    /// All that the worker holds, unstarted ones too.
    package var leases: [LeaseName]
    package var loadedModels: [String]

    package init(leases: [LeaseName], loadedModels: [String]) {
        self.leases = leases
        self.loadedModels = loadedModels
    }
}

package struct BrokerBeat: Sendable, Hashable {
    package var epoch: UInt64
    /// Leases whose work is no longer wanted.
    package var cancelled: [LeaseName]
    /// Whether the worker is to finish what it has begun, hand the rest back and leave.
    package var isDraining: Bool

    package init(epoch: UInt64, cancelled: [LeaseName] = [], isDraining: Bool = false) {
        self.epoch = epoch
        self.cancelled = cancelled
        self.isDraining = isDraining
    }
}

package struct Done: Sendable, Hashable {
    package var lease: LeaseName
    /// One for each source of the chunk.
    package var outputs: [Output]
    /// As the engine counted them.
    package var sourceTokens: UInt64
    package var sentences: UInt64

    package init(lease: LeaseName, outputs: [Output], sourceTokens: UInt64, sentences: UInt64) {
        self.lease = lease
        self.outputs = outputs
        self.sourceTokens = sourceTokens
        self.sentences = sentences
    }
}

package struct Fail: Sendable, Hashable {
    package var lease: LeaseName
    package var failure: Failure
    /// Whether another attempt may succeed.
    package var isRetryable: Bool

    package init(lease: LeaseName, failure: Failure, isRetryable: Bool) {
        self.lease = lease
        self.failure = failure
        self.isRetryable = isRetryable
    }
}
