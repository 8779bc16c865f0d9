/// What a ROUTER received: one frame, and where it came from.
package struct RouterMessage: ~Copyable {
    package let returnAddress: ReturnAddress
    package let body: Message
}

/// What a SUB received.
package struct Publication: ~Copyable {
    package let topic: [UInt8]
    package let body: Message
}

/// A message with more or fewer frames than there should be. It was taken off the socket, and none of it was kept.
package struct MalformedMessage: Sendable, Equatable {
    /// On a ROUTER.
    package let routingID: RoutingID?
    package let userID: String?
    package var identity: PeerIdentity? { userID.flatMap(PeerCredentials.init)?.identity }
    package let peerAddress: String?
    /// Without the routing id that a ROUTER puts in front.
    package let frameCount: Int
    package let byteCount: Int
    let sourceDescriptor: CInt?
}

package enum Receipt<Content: ~Copyable>: ~Copyable {
    case message(Content)
    case malformed(MalformedMessage)
    /// There is nothing; a `Poller` says when there is.
    case wouldBlock
}
