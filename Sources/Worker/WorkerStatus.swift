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
    /// Since its thread was last there to hear of anything; 0 before it has begun, and when it has ended.
    package var silentNanoseconds: UInt64 = 0

    package init() {}

    /// The thread turns several times a second, with work or without. systemd waits as long for a sign of life.
    package static let silenceMaximum: UInt64 = 30_000_000_000

    /// Why the worker does not go on; nil: it does.
    package var death: String? {
        if silentNanoseconds >= Self.silenceMaximum {
            return "the worker's thread has done nothing for \(silentNanoseconds / 1_000_000_000) s"
        }
        return isStuck ? "the engine has work and computes nothing" : nil
    }

    /// One line, as for systemd's `STATUS=`.
    package var description: String {
        let models = loadedModels.isEmpty ? "no model in memory" : loadedModels.joined(separator: ", ")
        return
            "\(isDraining ? "Finishing" : "Working"): \(welcomed) of \(brokers.counted("broker")), \(begun) of \(leased.counted("chunk")) "
            + "begun, \(done) done, \(failed) failed; \(models)"
    }
}
