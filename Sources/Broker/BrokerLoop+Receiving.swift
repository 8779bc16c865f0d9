import Dispatching
import JobModel
import Logging
import Wire
import ZeroMQ

extension BrokerLoop {
    func receive(from socket: Peer.Socket) throws(ZeroMQError) {
        let end = Moment.now.monotonic + Self.turnNanoseconds
        for _ in 0..<Self.messagesPerTurn where Moment.now.monotonic < end {
            switch try sockets.receive(from: socket) {
            case .wouldBlock: return
            case .malformed(let message): try refuse(message, on: socket)
            case .message(let message): try receive(message, on: socket)
            }
        }
        // What is left is said again by the poller, which is level-triggered.
    }

    private func receive(_ message: consuming RouterMessage, on socket: Peer.Socket) throws(ZeroMQError) {
        guard let identity = identity(message.body.identity, on: socket) else { return }
        let peer = Peer(
            socket: socket, routingID: message.returnAddress.routingID.bytes, identity: identity,
            isDelimited: message.returnAddress.isDelimited)
        let connection = Offenders.Connection(socket: socket, routingID: peer.routingID)
        guard !offenders.isBanned(connection, at: Moment.now.monotonic) else { return }
        let envelope: Envelope
        do throws(WireError) {
            envelope = try decode(message.body)
        } catch {
            return try refuse(error, from: peer)
        }
        try handle(.received(envelope, from: peer))
    }

    /// Counts an offence, and says what was wrong.
    private func refuse(_ error: WireError, from peer: Peer) throws(ZeroMQError) {
        let connection = Offenders.Connection(socket: peer.socket, routingID: peer.routingID)
        count(offenceOf: connection, "message refused: \(error)")
        try send(error.answer, to: peer)
    }

    private func refuse(_ message: MalformedMessage, on socket: Peer.Socket) throws(ZeroMQError) {
        guard let routingID = message.routingID, let identity = identity(message.identity, on: socket) else { return }
        let connection = Offenders.Connection(socket: socket, routingID: routingID.bytes)
        guard !offenders.isBanned(connection, at: Moment.now.monotonic) else { return }
        let problem = "a message is one frame; this one had \(message.frameCount) of \(message.byteCount) bytes in all"
        count(offenceOf: connection, problem)
        let peer = Peer(
            socket: socket, routingID: routingID.bytes, identity: identity, isDelimited: false)
        try send(Envelope(.fault(Fault(.malformed, problem))), to: peer)
    }

    private func count(offenceOf peer: Offenders.Connection, _ problem: String) {
        if offenders.record(peer, at: Moment.now.monotonic) {
            logger.warning(
                "peer is not heard any more",
                metadata: [
                    "socket": "\(peer.socket)", "problem": "\(problem)", "ban_ms": "\(configuration.banMilliseconds)",
                ])
        } else {
            logger.debug("malformed message", metadata: ["socket": "\(peer.socket)", "problem": "\(problem)"])
        }
    }

    /// Where keys are asked for, a worker without one is this process's own: CURVE does not apply to inproc. Nobody else
    /// gets here without a key, and would not be heard.
    private func identity(_ identity: PeerIdentity?, on socket: Peer.Socket) -> Identity? {
        guard let identity else { return configuration.access == nil || socket == .work ? .everyone : nil }
        return Identity(tenant: identity.tenant, isOperator: identity.role == .operator)
    }

    func receiveSubscriptions() throws(ZeroMQError) {
        for _ in 0..<Self.messagesPerTurn {
            switch try sockets.feed.receive() {
            case .wouldBlock: return
            case .malformed: continue
            case .message(let message):
                // zmq_socket(3), ZMQ_XPUB: the first byte is 1 for a subscription and 0 for the end of one.
                let (first, prefix) = message.withUnsafeBytes { ($0.first, Array($0.dropFirst())) }
                // Observers are as much strangers as consumers are.
                guard let identity = identity(message.identity, on: .results) else { continue }
                let visible = FeedTopic.visible(through: prefix, to: identity)
                if first == 1 {
                    subscriptions += 1
                    for prefix in visible { try sockets.feed.subscribe(to: prefix) }
                } else if first == 0 {
                    subscriptions = max(0, subscriptions - 1)
                    for prefix in visible { try sockets.feed.unsubscribe(from: prefix) }
                }
            }
        }
    }
}
