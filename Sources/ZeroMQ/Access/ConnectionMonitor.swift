internal import CZeroMQ
internal import Synchronization

/// What becomes of a socket's attempts to connect.
package struct ConnectionMonitor: ~Copyable {
    package enum Event: Sendable {
        case admitted
        /// The server said no.
        case refused
        /// The connection ended before it was one; the next attempt may fare better.
        case failed
    }

    private static let count = Atomic(0)

    /// To be polled for events.
    package let reports: Socket
    private let watched: SocketHandle

    package init(of socket: borrowing Socket, context: Context) throws(ZeroMQError) {
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        let endpoint = "inproc://dragoman.monitor.\(number)"
        let reports = try Socket(.pair, in: context)
        let watched = socket.handle
        let pointer = watched.pointer
        let events =
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        try zmqCheck("zmq_socket_monitor", endpoint: endpoint) { zmq_socket_monitor(pointer, endpoint, events) }
        try reports.connect(endpoint)
        self.reports = reports
        self.watched = watched
    }

    deinit {
        // zmq_socket_monitor(3): a null endpoint ends the monitoring.
        zmq_socket_monitor(watched.pointer, nil, 0)
    }

    /// The next event that has come; nil when none has.
    package func next() throws(ZeroMQError) -> Event? {
        // Two frames: the event's 16 bits and its value's 32, in the machine's byte order; then the endpoint.
        guard let frames = try reports.receiveFrames(), frames[0].count >= 2 else { return nil }
        let number = frames[0].withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
        return switch CInt(number) {
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: .admitted
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: .refused
        default: .failed
        }
    }
}
