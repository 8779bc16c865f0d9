import Synchronization

/// The wish that a session end before its input does.
package final class Interruption: Sendable {
    private struct State {
        var isRequested = false
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { state.withLock(\.isRequested) }

    package func request() {
        let handler = state.withLock { state in
            state.isRequested = true
            return state.handler.take()
        }
        handler?()
    }

    /// - Parameter handler: Called once, also when the wish has come before.
    func onRequest(_ handler: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            if !state.isRequested { state.handler = handler }
            return state.isRequested
        }
        if hasCome { handler() }
    }
}
