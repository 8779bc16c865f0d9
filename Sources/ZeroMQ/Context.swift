internal import CZeroMQ

/// libzmq's threads and everything that its sockets share; by convention one a process.
///
/// It ends when the last reference goes. Every socket holds one, so it never waits for a socket that someone forgot to
/// close ("zmq_ctx_term() shall block until all sockets have been closed"), and sockets linger for a bounded time (none
/// unless asked), so it never waits for a peer.
package final class Context: Sendable {
    // zmq.h: contexts are thread safe and may be shared among as many threads as necessary.
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// - Parameter ioThreads: libzmq's own threads; one is good for a gigabyte of traffic a second.
    package init(ioThreads: Int = 1) throws(ZeroMQError) {
        precondition((1...64).contains(ioThreads))
        let pointer = try zmqCheckHandle("zmq_ctx_new") { zmq_ctx_new() }
        do throws(ZeroMQError) {
            try zmqCheck("zmq_ctx_set ZMQ_IO_THREADS") { zmq_ctx_set(pointer, ZMQ_IO_THREADS, CInt(ioThreads)) }
        } catch {
            zmq_ctx_term(pointer)
            throw error
        }
        self.pointer = pointer
    }

    deinit {
        // No socket is left, so the only failure is EINTR, which the funnel retries.
        _ = zmqRetrying { zmq_ctx_term(pointer) }
    }
}
