package import ZeroMQ

/// What a worker works with, and for whom.
package struct WorkerConfiguration: Sendable {
    /// The brokers. The window is divided among them.
    package var endpoints: [String]
    package var security = Security.none
    /// What tells this worker from the others of its brokers.
    package var instance: String
    package var models: [HostedModel]
    package var limits = ModelLimits()
    /// Of each model.
    package var threads = 1
    package var batchTokens = 1024
    /// See `Translator.Settings`.
    package var instructionSet: String?
    /// The most source tokens that may be leased to the worker at a time; 0: enough for the engine and the next chunks.
    package var windowTokens: UInt64 = 0
    /// An engine that has work and takes no step for so long is stuck.
    package var progressTimeoutMilliseconds: UInt64 = 20_000
    /// How long what is begun is finished when the worker is to stop.
    package var drainMilliseconds: UInt64 = 30_000
    /// How long the worker stays away from a broker that asked it to leave.
    package var absenceMilliseconds: UInt64 = 5000
    /// The largest message, in either direction.
    package var frameBytesMaximum = 4 << 20

    package init(endpoints: [String], instance: String, models: [HostedModel]) {
        self.endpoints = endpoints
        self.instance = instance
        self.models = models
    }

    /// What all batches hold.
    var batchesTokens: UInt64 { UInt64(threads) * UInt64(batchTokens) }

    /// What the engine is given at a time. More than its batches hold: some segments of a chunk are done before others,
    /// and something must be there to take their places.
    var roomTokens: UInt64 { 3 * batchesTokens }

    /// For each broker: what the engine is given, and what comes next.
    var brokerWindowTokens: UInt64 {
        let window = windowTokens > 0 ? windowTokens : 4 * batchesTokens
        return max(window / UInt64(max(endpoints.count, 1)), 1)
    }
}
