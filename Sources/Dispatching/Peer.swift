/// Who sent a message, or is to get one.
package struct Peer: Sendable, Hashable {
    package enum Socket: Sendable, Hashable { case jobs, work, results }

    package var socket: Socket
    /// What the socket calls the connection. Never an identity: the peer may choose it.
    package var routingID: [UInt8]
    /// Whose key the peer has shown; that of everyone where no keys are used.
    package var identity: Identity
    /// Whether it expects an empty frame before answers, as a REQ socket does.
    package var isDelimited: Bool

    package init(socket: Socket, routingID: [UInt8], identity: Identity, isDelimited: Bool = false) {
        self.socket = socket
        self.routingID = routingID
        self.identity = identity
        self.isDelimited = isDelimited
    }
}

/// What a peer's key says of it.
package struct Identity: Sendable, Hashable {
    package var tenant: String
    /// Whether it may act for the broker's operator, who sees all.
    package var isOperator: Bool

    package init(tenant: String, isOperator: Bool) {
        self.tenant = tenant
        self.isOperator = isOperator
    }

    /// Where no keys are used, everyone.
    package static let everyone = Identity(tenant: "default", isOperator: true)
}
