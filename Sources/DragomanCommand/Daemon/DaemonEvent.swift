/// What a daemon waits for.
enum DaemonEvent: Sendable {
    case signal(Int32)
    /// - term: Which time it is that the parts run: what one of before has said counts no more.
    case part(DaemonPart, PartEvent, term: Int)
    case standby(Standby.Event)
}

/// What runs in a daemon's process.
enum DaemonPart: Sendable, Hashable {
    case broker, worker, gateway

    /// The one whose settings are meant where a process has one of something.
    static func main(of parts: Set<DaemonPart>) -> DaemonPart {
        [.broker, .worker].first(where: parts.contains) ?? .gateway
    }
}

enum PartEvent: Sendable {
    /// It reads a model before it serves.
    case loading(model: String)
    /// It can do nothing more for itself: a worker waits for its broker.
    case started
    /// It serves.
    case ready
    /// It refuses new jobs for a reason that may pass; nil: no longer.
    case refusing(String?)
    /// All that it had begun is done; it may be stopped.
    case drained
    /// It cannot go on.
    case failed(any Error)
}
