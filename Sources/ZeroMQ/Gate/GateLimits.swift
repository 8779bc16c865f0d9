/// What all connections together may take, and how long a message may be on its way.
package struct GateLimits: Sendable, Equatable {
    package var connectionsMaximum: Int
    /// Of one network address; of one user where sockets are files.
    package var connectionsPerAddressMaximum: Int
    /// Messages that are coming in, that wait to be read, and that were read and are not dealt with yet.
    package var bytesMaximum: Int
    /// From a message's first byte to its last.
    package var messageTimeout: Duration

    package init(
        connectionsMaximum: Int, connectionsPerAddressMaximum: Int, bytesMaximum: Int, messageTimeout: Duration
    ) {
        self.connectionsMaximum = connectionsMaximum
        self.connectionsPerAddressMaximum = connectionsPerAddressMaximum
        self.bytesMaximum = bytesMaximum
        self.messageTimeout = messageTimeout
    }
}

/// What became of a connection that the gate closed or did not let in.
package struct GateRefusal: Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case tooManyConnections(Int)
        case tooManyOfAddress(Int)
        /// No file descriptor is left, or no memory for a socket.
        case noDescriptor
        case notZMTP3
        case frameTooLarge(bytes: UInt64, most: UInt64)
        /// A message began and did not end in time.
        case incomplete
        /// A message stood still while others waited for its room.
        case stalled
        /// Frames came and came, and made no message.
        case endless
    }

    package let reason: Reason
    /// The name of the socket: `jobs`.
    package let socket: String
    package let address: String

    package var description: String {
        let problem =
            switch reason {
            case .tooManyConnections(let most):
                "there are \(most) connections, which is the most; raise limits.connections_max"
            case .tooManyOfAddress(let most):
                "there are \(most) connections from there, which is the most; raise limits.address_connections_max"
            case .noDescriptor: "no file descriptor is left; raise the limit of open files (systemd: LimitNOFILE=)"
            case .notZMTP3: "it does not speak ZMTP 3, as libzmq does from 4.0 on"
            case .frameTooLarge(let bytes, let most): "a message of \(bytes) bytes; at most \(most) are taken"
            case .incomplete: "a message did not arrive completely within limits.message_arrival_ms_max"
            case .stalled: "a message stood still halfway while others waited for room"
            case .endless: "frames arrived that make no complete message"
            }
        return "\(problem) (\(socket), from \(address))"
    }

    /// What many are counted by.
    package var kind: String {
        switch reason {
        case .tooManyConnections: "too many connections"
        case .tooManyOfAddress: "too many connections from one address"
        case .noDescriptor: "no file descriptor left"
        case .notZMTP3: "not ZMTP 3"
        case .frameTooLarge: "message too large"
        case .incomplete: "incomplete message"
        case .stalled: "message stood still"
        case .endless: "endless message"
        }
    }
}
