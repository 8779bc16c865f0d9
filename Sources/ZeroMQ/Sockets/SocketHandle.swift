internal import CZeroMQ
internal import Glibc

/// The C socket behind a `Socket`: shared with pollers, so that polling one that was closed is a precondition's failure
/// and not a read of freed memory.
final class SocketHandle {
    let kind: Socket.Kind
    let security: Security
    /// The last endpoint bound or connected to, for messages.
    var endpoint: String?
    private let context: Context
    private var open: UnsafeMutableRawPointer?
    private var owner = pthread_self()

    init(_ kind: Socket.Kind, in context: Context, security: Security) throws(ZeroMQError) {
        self.kind = kind
        self.security = security
        self.context = context
        open = try zmqCheckHandle("zmq_socket") { zmq_socket(context.pointer, kind.rawValue) }
    }

    deinit { close() }

    /// zmq_socket(3): "sockets are not thread safe"; the one exception is moving one with a full memory barrier between
    /// its last use here and its first use there, which is what `adopt` is called after.
    var pointer: UnsafeMutableRawPointer {
        precondition(
            pthread_equal(owner, pthread_self()) != 0, "a \(kind) socket is used on a thread that is not its own")
        guard let open else { preconditionFailure("a \(kind) socket is used after it was closed") }
        return open
    }

    func adopt() { owner = pthread_self() }

    /// On any thread: it is called by whoever held the only reference, so no other thread is inside a call.
    func close() {
        // zmq_close(3) can only say that it is not a socket.
        if let open { zmq_close(open) }
        open = nil
    }

    func set(_ option: CInt, _ name: String, _ value: CInt) throws(ZeroMQError) {
        let pointer = pointer
        try zmqCheck("zmq_setsockopt \(name)", endpoint: endpoint) {
            withUnsafeBytes(of: value) { zmq_setsockopt(pointer, option, $0.baseAddress, $0.count) }
        }
    }

    func set(_ option: CInt, _ name: String, _ value: Int64) throws(ZeroMQError) {
        let pointer = pointer
        try zmqCheck("zmq_setsockopt \(name)", endpoint: endpoint) {
            withUnsafeBytes(of: value) { zmq_setsockopt(pointer, option, $0.baseAddress, $0.count) }
        }
    }

    func set(_ option: CInt, _ name: String, _ value: [UInt8]) throws(ZeroMQError) {
        let pointer = pointer
        try zmqCheck("zmq_setsockopt \(name)", endpoint: endpoint) {
            value.withUnsafeBytes { zmq_setsockopt(pointer, option, $0.baseAddress, $0.count) }
        }
    }

    /// The endpoint that was last bound, with what a wildcard stood for.
    func lastEndpoint() throws(ZeroMQError) -> String {
        let pointer = pointer
        // Longer than any: a host name has at most 255 bytes, a path 107.
        var text = [CChar](repeating: 0, count: 512)
        var count = text.count
        try zmqCheck("zmq_getsockopt ZMQ_LAST_ENDPOINT", endpoint: endpoint) {
            zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &text, &count)
        }
        // The count includes the terminating NUL.
        return String(decoding: text.prefix(max(count - 1, 0)).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
}
