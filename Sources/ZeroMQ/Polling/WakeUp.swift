internal import CZeroMQ
internal import Glibc

/// Wakes the thread that waits in a `Poller`, from any other.
package final class WakeUp: Sendable {
    let descriptor: CInt

    package init() throws(ZeroMQError) {
        descriptor = try zmqCheck("eventfd") { eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)) }
    }

    deinit { close(descriptor) }

    /// Wakes the poller: now if it waits, at once when it does next; several signals may wake it once.
    ///
    /// May be called in a signal handler: write(2) is all it is.
    package func signal() {
        var one: UInt64 = 1
        // eventfd(2): fails with EAGAIN when the counter is full, and then the poller will wake anyway.
        _ = zmqRetrying { CInt(truncatingIfNeeded: write(descriptor, &one, 8)) }
    }

    func reset() {
        var counter: UInt64 = 0
        _ = zmqRetrying { CInt(truncatingIfNeeded: read(descriptor, &counter, 8)) }
    }
}
