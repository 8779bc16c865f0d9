package import Addresses
package import SettingValues
package import ZeroMQ

/// What a worker works with, and for whom.
package struct WorkerConfiguration: Sendable {
    /// The brokers, each with its address, or several with commas between. The window is divided among them.
    package var endpoints: [String]
    package var resolver = Resolver.system
    package var security = Security.none
    /// What tells this worker from the others of its brokers.
    package var instance: String
    package var models: [HostedModel]
    package var settings = WorkerSettings()
    /// Of each model: `settings.threads`, with the number of processors in place of 0.
    package var threads = 1
    /// See `Translator.Settings`.
    package var instructionSet: String?
    /// How long the worker stays away from a broker that asked it to leave.
    package var absenceMilliseconds: UInt64 = 5000
    /// The largest message, in either direction.
    package var frameBytesMaximum = BrokerSettings().workerFrameBytesMax

    package init(endpoints: [String], instance: String, models: [HostedModel]) {
        self.endpoints = endpoints
        self.instance = instance
        self.models = models
    }

    /// What all batches hold.
    var batchesTokens: UInt64 { UInt64(threads) * UInt64(settings.batchTokens) }

    /// What the engine is given at a time. More than its batches hold: some segments of a chunk are done before others,
    /// and something must be there to take their places.
    var roomTokens: UInt64 { 3 * batchesTokens }

    /// For each broker: what the engine is given, and what comes next.
    var brokerWindowTokens: UInt64 {
        let window = settings.windowTokens > 0 ? UInt64(settings.windowTokens) : 4 * batchesTokens
        return max(window / UInt64(max(endpoints.count, 1)), 1)
    }
}
