package import JobModel

/// What a worker says of itself to a broker.
package struct SessionSettings: Sendable, Hashable {
    /// What tells this worker from others.
    package var instance: String
    /// What tells this process from others of that name.
    package var incarnation: UInt64
    /// Those that it can load.
    package var models: [ModelOffer]
    /// Those that it is to have and cannot load.
    package var unavailableModels: [UnavailableModel]
    /// The most source tokens that may be leased to it at a time.
    package var windowTokens: UInt64
    /// How long it finishes what it has begun before it leaves.
    package var drainMilliseconds: UInt64

    package init(
        instance: String, incarnation: UInt64, models: [ModelOffer], unavailableModels: [UnavailableModel] = [],
        windowTokens: UInt64, drainMilliseconds: UInt64
    ) {
        self.instance = instance
        self.incarnation = incarnation
        self.models = models
        self.unavailableModels = unavailableModels
        self.windowTokens = windowTokens
        self.drainMilliseconds = drainMilliseconds
    }
}
