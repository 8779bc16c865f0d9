package import JobModel

/// What happens to a `WorkerSession`.
package enum SessionEvent: Sendable {
    /// A message of the broker came, and was understood.
    case received(Envelope)
    /// Of a broker with several addresses: the connection is given up, and the next address is tried. Nothing that is
    /// sent gets anywhere until there is another.
    case disconnected
    /// Of a broker with several addresses: there is a new connection, to a broker that may be another.
    case connected
    /// The engine computes, or has nothing to compute. Without this the session does not beat: a worker that is stuck
    /// must look dead.
    case progress
    /// There is room for what `nextWaiting` names.
    case begin(LeaseName)
    /// A begun chunk has ended.
    case finished(LeaseName, ChunkOutcome)
    /// A result cannot be sent as it is: it is too large, say.
    case unsendable(LeaseName, Fault)
    /// What the worker says of itself has changed.
    case reconfigured(SessionSettings)
    /// The models in memory are others.
    case loadedModels([String])
    /// The worker is to leave: it hands back what is not begun, and has its drain time for the rest. Said again, the time
    /// of the settings counts anew if it ends earlier.
    case drain
    /// Time has passed; the shell sends one when `nextDeadline` is reached.
    case tick
}

/// How a begun chunk ended.
package enum ChunkOutcome: Sendable, Hashable {
    /// The counts are the engine's.
    case done([Output], sourceTokens: UInt64, sentences: UInt64)
    case failed(Failure, isRetryable: Bool)
}
