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

    /// The same, as far as libzmq tells more.
    package struct Report: Sendable, Equatable {
        package enum Kind: Sendable {
            case admitted
            /// The server said no to the key.
            case refused
            /// One side uses keys, and the other does not.
            case mechanismMismatch
            case protocolError
            /// The connection ended before it was one.
            case brokenOff
            /// There was no connection; it will be tried again.
            case unreachable
        }

        package let kind: Kind
        /// ZAP's status code, a ZMQ_PROTOCOL_ERROR or an `errno`.
        package let value: Int32

        package init(_ kind: Kind, value: Int32 = 0) {
            self.kind = kind
            self.value = value
        }
    }

    private static let count = Atomic(0)

    /// To be polled for events.
    package let reports: Socket
    private let watched: SocketHandle

    /// - Parameter tellsUnreachable: Whether attempts count too that find nobody.
    package init(
        of socket: borrowing Socket, context: Context, tellsUnreachable: Bool = false
    ) throws(ZeroMQError) {
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        let endpoint = "inproc://dragoman.monitor.\(number)"
        let reports = try Socket(.pair, in: context)
        let watched = socket.handle
        let pointer = watched.pointer
        var events =
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        if tellsUnreachable { events |= ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_RETRIED }
        let wanted = events
        try zmqCheck("zmq_socket_monitor", endpoint: endpoint) { zmq_socket_monitor(pointer, endpoint, wanted) }
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
        switch try nextReport()?.kind {
        case .admitted?: .admitted
        case .refused?: .refused
        case .some: .failed
        case nil: nil
        }
    }

    package func nextReport() throws(ZeroMQError) -> Report? {
        // Two frames: the event's 16 bits and its value's 32, in the machine's byte order; then the endpoint.
        while let frames = try reports.receiveFrames(), frames[0].count >= 6 {
            let (number, value) = frames[0].withUnsafeBytes {
                (CInt($0.loadUnaligned(as: UInt16.self)), $0.loadUnaligned(fromByteOffset: 2, as: Int32.self))
            }
            switch number {
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return Report(.admitted)
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return Report(.refused, value: value)
            case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return Report(.brokenOff, value: value)
            case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL where value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
                return Report(.mechanismMismatch, value: value)
            case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: return Report(.protocolError, value: value)
            case ZMQ_EVENT_CONNECT_RETRIED: return Report(.unreachable)
            default: continue
            }
        }
        return nil
    }
}
