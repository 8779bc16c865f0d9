package import JobModel

/// What a worker says of itself to a broker.
package struct SessionSettings: Sendable, Hashable {
    /// What tells this worker from others.
    package var instance: String
    package var models: [ModelOffer]
    /// The most source tokens that may be leased to it at a time.
    package var windowTokens: UInt64
    /// How long it finishes what it has begun before it leaves.
    package var drainMilliseconds: UInt64

    package init(
        instance: String, models: [ModelOffer], windowTokens: UInt64, drainMilliseconds: UInt64
    ) {
        self.instance = instance
        self.models = models
        self.windowTokens = windowTokens
        self.drainMilliseconds = drainMilliseconds
    }
}
