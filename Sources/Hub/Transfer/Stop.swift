internal import Dispatch
internal import Synchronization

/// An order to end what is going on, from another thread.
package final class Stop: Sendable {
    private let isOrdered = Mutex(false)
    private let order = DispatchSemaphore(value: 0)

    package init() {}

    package var isRequested: Bool { isOrdered.withLock(\.self) }

    package func request() {
        isOrdered.withLock { $0 = true }
        order.signal()
    }

    /// Waits on this thread.
    ///
    /// - Returns: Whether all of the time has passed without an order.
    package func wait(_ time: Duration) -> Bool {
        let milliseconds = Int(time / .milliseconds(1))
        guard order.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return true }
        // For others that wait.
        order.signal()
        return false
    }
}
