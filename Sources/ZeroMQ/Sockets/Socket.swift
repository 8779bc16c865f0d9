internal import CZeroMQ

/// A ZeroMQ socket. It belongs to the thread that made it, and every use on another is a precondition's failure.
///
/// Sends and receives never wait: what cannot be done now is said by a value, and a `Poller` waits.
package struct Socket: ~Copyable {
    package enum Kind: CInt, Sendable {
        case pair = 0
        case sub = 2
        case req = 3
        case rep = 4
        case dealer = 5
        case router = 6
        case xpub = 9
    }

    let handle: SocketHandle

    package var kind: Kind { handle.kind }

    package init(_ kind: Kind, in context: Context, options: SocketOptions = SocketOptions()) throws(ZeroMQError) {
        // All that can fail before the field is set: a `deinit` does not run for what a throwing `init` left half made.
        let handle = try SocketHandle(kind, in: context, security: options.security)
        try options.apply(to: handle)
        self.handle = handle
    }

    deinit { handle.close() }

    /// Makes the socket the calling thread's own.
    ///
    /// Between its last use on the old thread and this there must be a full memory barrier: the start of a thread, a lock,
    /// a semaphore.
    package func adopt() { handle.adopt() }

    /// Listens at an endpoint; for `ipc://`, in place of a file that a dead process left behind.
    ///
    /// With `ipc://`, libzmq ends the process (`abort`) when a peer connects and no file descriptor is left; with `tcp://`
    /// the peer waits. So the limit of open files has to be far above what may connect.
    ///
    /// - Parameter mode: For `ipc://`, the socket file's mode, set once it is there (until then it has the process's
    ///   umask: what keeps others out for sure is the folder). Connecting takes the right to write.
    /// - Returns: The endpoint, with the port that a `*` stood for.
    @discardableResult
    package func bind(_ endpoint: String, mode: UInt32? = nil) throws(ZeroMQError) -> String {
        let pointer = handle.pointer
        let file = IPCFile(endpoint: endpoint)
        try file?.makeWay()
        handle.endpoint = endpoint
        try zmqCheck("zmq_bind", endpoint: endpoint) { zmq_bind(pointer, endpoint) }
        if let mode { try file?.set(mode: mode) }
        let bound = Self.plainEndpoint(try handle.lastEndpoint())
        handle.endpoint = bound
        return bound
    }

    /// Listens for a gate, and for nobody else.
    package func bind(_ target: GateTarget) throws(ZeroMQError) { try bind(target.endpoint) }

    /// `tcp://[::ffff:127.0.0.1]:7411`, which is how a socket for both versions of IP calls it, as people write it.
    private static func plainEndpoint(_ endpoint: String) -> String {
        let prefix = "tcp://["
        guard endpoint.hasPrefix(prefix), let end = endpoint.lastIndex(of: "]") else { return endpoint }
        let address = String(endpoint[..<end].dropFirst(prefix.count))
        let plain = plainAddress(address)
        return plain == address ? endpoint : "tcp://" + plain + endpoint[end...].dropFirst()
    }

    /// Stops listening. libzmq does so a little later: to bind to the same address again at once, end the context first.
    package func unbind(_ endpoint: String) throws(ZeroMQError) {
        let pointer = handle.pointer
        try zmqCheck("zmq_unbind", endpoint: endpoint) { zmq_unbind(pointer, endpoint) }
    }

    /// Begins to connect, and connects again whenever the connection is lost.
    ///
    /// But not after the peer refused this socket's key: libzmq then gives up for good. Whoever gets no answer for long
    /// makes a new socket.
    ///
    /// Of a server's several possible keys each has a connection, and only that with the right one is ever up.
    package func connect(_ endpoint: String) throws(ZeroMQError) {
        let pointer = handle.pointer
        try IPCFile(endpoint: endpoint)?.checkLength(call: "zmq_connect")
        handle.endpoint = endpoint
        guard case .curveClient(_, let servers) = handle.security else {
            try zmqCheck("zmq_connect", endpoint: endpoint) { zmq_connect(pointer, endpoint) }
            return
        }
        if servers.count > 1 {
            // Those with another key fail for as long as they are tried, each time from the first interval on.
            try handle.set(ZMQ_RECONNECT_IVL, "ZMQ_RECONNECT_IVL", Self.reconnectIntervalOfSeveral.milliseconds)
        }
        for (index, server) in servers.enumerated() {
            // zmq_setsockopt(3): options "only take effect for subsequent socket bind/connects".
            try handle.set(ZMQ_CURVE_SERVERKEY, "ZMQ_CURVE_SERVERKEY", server.bytes)
            let spelling = Self.spelling(index, of: endpoint)
            try zmqCheck("zmq_connect", endpoint: endpoint) { zmq_connect(pointer, spelling) }
        }
    }

    private static let reconnectIntervalOfSeveral = Duration.seconds(1)

    /// The same place in other letters: a DEALER or SUB ignores a second connection to the same text (socket_base.cpp,
    /// `connect_internal`: "is_single_connect").
    private static func spelling(_ index: Int, of endpoint: String) -> String {
        guard index > 0 else { return endpoint }
        if endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":") {
            return endpoint[...colon] + String(repeating: "0", count: index) + endpoint[colon...].dropFirst()
        }
        let path = endpoint.dropFirst("ipc://".count)
        return "ipc://" + (path.hasPrefix("/") ? "" : ".") + String(repeating: "/", count: index) + path
    }

    /// Lets through what has a topic that begins with `prefix`; an empty one is everything.
    ///
    /// On an XPUB that grants subscriptions (`ZMQ_XPUB_MANUAL`): to the peer whose request was received last.
    package func subscribe(to prefix: some Sequence<UInt8>) throws(ZeroMQError) {
        precondition(kind == .sub || kind == .xpub)
        try handle.set(ZMQ_SUBSCRIBE, "ZMQ_SUBSCRIBE", Array(prefix))
    }

    package func unsubscribe(from prefix: some Sequence<UInt8>) throws(ZeroMQError) {
        precondition(kind == .sub || kind == .xpub)
        try handle.set(ZMQ_UNSUBSCRIBE, "ZMQ_UNSUBSCRIBE", Array(prefix))
    }
}
