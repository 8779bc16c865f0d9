import JobModel

/// What a worker does, at a glance.
package struct WorkerStatus: Sendable, Hashable, CustomStringConvertible {
    package var brokers = 0
    package var welcomed = 0
    /// Chunks that the engine works at.
    package var begun = 0
    /// Chunks leased to it: begun, waiting, and done but not yet settled.
    package var leased = 0
    package var done: UInt64 = 0
    package var failed: UInt64 = 0
    package var sourceTokens: UInt64 = 0
    package var sentences: UInt64 = 0
    package var loadedModels: [String] = []
    package var isDraining = false
    /// Its engine has work and computes nothing.
    package var isStuck = false

    package init() {}

    /// One line, as for systemd's `STATUS=`.
    package var description: String {
        let models = loadedModels.isEmpty ? "no model in memory" : loadedModels.joined(separator: ", ")
        return
            "\(isDraining ? "Finishing" : "Working"): \(welcomed) of \(brokers.counted("broker")), \(begun) of \(leased.counted("chunk")) "
            + "begun, \(done) done, \(failed) failed; \(models)"
    }
}
