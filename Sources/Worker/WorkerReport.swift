package import Addresses
package import JobModel

/// What a worker tells the program that it runs in: for its log, systemd and its watchdog.
package enum WorkerReport: Sendable {
    /// The models that are to be there from the start are; from now on it asks brokers for work.
    case started
    /// A broker welcomed it, for the first time.
    case ready
    /// The loop runs, and the engine computes or has nothing to do. Said twice a second or more while that is so.
    case alive
    case welcomed(endpoint: String, epoch: UInt64)
    case lost(endpoint: String, SessionDirective.Loss)
    /// Of a broker with several addresses, the next is tried.
    case moved(AddressMove)
    /// The broker asked the worker to leave; it asks to come back after a while.
    case left(endpoint: String)
    case refused(endpoint: String, Fault)
    /// There is no connection to the broker: why, and for how long that is not said again.
    case unconnected(endpoint: String, String, again: Duration)
    /// The engine has work and computes nothing.
    case stuck
    case model(ModelNote)
    case failed(FailedChunk)
}
