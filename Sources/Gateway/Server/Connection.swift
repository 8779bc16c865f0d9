internal import Synchronization

/// What one connection is at, as its requests' tasks see it.
final class Connection: Sendable {
    private struct State {
        var requestsComplete = 0
        var requestsBegun = 0
        var hasHungUp = false
        var onHangup: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    // MARK: The event loop's side

    /// A request has come to its end.
    func completeRequest() { state.withLock { $0.requestsComplete += 1 } }

    /// The client sends nothing more.
    func hangUp() {
        let action = state.withLock { state in
            state.hasHungUp = true
            return state.onHangup.take()
        }
        action?()
    }

    // MARK: The requests' side

    /// The next request is dealt with. Requests that a client sends without waiting may have come before.
    func beginRequest() { state.withLock { $0.requestsBegun += 1 } }

    /// Whether the request that was begun last has come whole; a connection that ends looks like the end of a body.
    var isRequestComplete: Bool { state.withLock { $0.requestsComplete >= $0.requestsBegun } }

    /// Calls `action` when the client hangs up, at once if it has; only the last one that was given.
    func whenHungUp(_ action: (@Sendable () -> Void)?) {
        let hasHungUp = state.withLock { state in
            state.onHangup = state.hasHungUp ? nil : action
            return state.hasHungUp
        }
        if hasHungUp { action?() }
    }
}
