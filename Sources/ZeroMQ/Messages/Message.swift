internal import CZeroMQ

/// One received frame: libzmq's own bytes, lent and not copied.
///
/// To be read and let go: small messages share the buffer that they arrived in (8 KiB), which lives as long as any of them.
package struct Message: ~Copyable {
    // On the heap, because libzmq says nothing about moving a `zmq_msg_t` in memory.
    let pointer: UnsafeMutablePointer<zmq_msg_t>
    /// Whether the socket asks an authenticator about every peer. If it does not, a peer may claim to be anyone: what it
    /// sends as `User-Id` when it connects is handed out like the real one.
    private let isAuthenticated: Bool

    init(isAuthenticated: Bool) {
        pointer = .allocate(capacity: 1)
        // zmq_msg_init(3): always 0.
        zmq_msg_init(pointer)
        self.isAuthenticated = isAuthenticated
    }

    deinit {
        // zmq_msg_close(3) can only say that it is not a message.
        zmq_msg_close(pointer)
        pointer.deallocate()
    }

    package var count: Int { zmq_msg_size(pointer) }

    /// Lends the bytes, for the time of the call.
    package func withUnsafeBytes<Result: ~Copyable, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: zmq_msg_data(pointer), count: count))
    }

    /// A copy of the bytes.
    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Who sent it, according to the authenticator; nil on a socket without one.
    package var identity: PeerIdentity? { userID.flatMap(PeerCredentials.init)?.identity }

    /// The authenticator's word for who sent it, with the key that was shown; nil on a socket without one.
    package var userID: String? { isAuthenticated ? property("User-Id") : nil }

    /// The sender's network address; for ipc what libzmq has in place of one, `localhost:UID:GID:PID`.
    package var peerAddress: String? { property("Peer-Address").map(plainAddress) }

    /// The descriptor, in this process, of the connection that it came by; nil when there is none.
    var sourceDescriptor: CInt? {
        // zmq_msg_get(3), ZMQ_SRCFD.
        let descriptor = zmq_msg_get(pointer, ZMQ_SRCFD)
        return descriptor >= 0 ? descriptor : nil
    }

    var hasMore: Bool { zmq_msg_more(pointer) != 0 }

    private func property(_ name: String) -> String? {
        // zmq_msg_gets(3): the result is owned by the message; null when there is no such property.
        zmq_msg_gets(pointer, name).map { String(cString: $0) }
    }
}

/// An address as people write it: what connects by IPv4 to a socket that may do both is `::ffff:192.0.2.1` to the system.
func plainAddress(_ address: String) -> String {
    let prefix = "::ffff:"
    return address.hasPrefix(prefix) && address.contains(".") ? String(address.dropFirst(prefix.count)) : address
}
