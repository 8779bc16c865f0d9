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
        let peer = Peer(
            socket: socket, routingID: message.returnAddress.routingID.bytes,
            identity: identity(message.body.identity), isDelimited: message.returnAddress.isDelimited)
        guard !offenders.isBanned(peer.routingID, at: Moment.now.monotonic) else { return }
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
        count(offenceOf: peer.routingID, "message refused: \(error)", on: peer.socket)
        try send(error.answer, to: peer)
    }

    private func refuse(_ message: MalformedMessage, on socket: Peer.Socket) throws(ZeroMQError) {
        guard let routingID = message.routingID else { return }
        guard !offenders.isBanned(routingID.bytes, at: Moment.now.monotonic) else { return }
        let problem = "a message is one frame; this one had \(message.frameCount) of \(message.byteCount) bytes in all"
        count(offenceOf: routingID.bytes, problem, on: socket)
        let peer = Peer(
            socket: socket, routingID: routingID.bytes, identity: identity(message.identity), isDelimited: false)
        try send(Envelope(.fault(Fault(.malformed, problem))), to: peer)
    }

    private func count(offenceOf peer: [UInt8], _ problem: String, on socket: Peer.Socket) {
        if offenders.record(peer, at: Moment.now.monotonic) {
            logger.warning(
                "peer is not heard any more",
                metadata: [
                    "socket": "\(socket)", "problem": "\(problem)", "ban_ms": "\(configuration.banMilliseconds)",
                ])
        } else {
            logger.debug("malformed message", metadata: ["socket": "\(socket)", "problem": "\(problem)"])
        }
    }

    /// Where keys are asked for, whoever has none is this process's own worker: CURVE does not apply to inproc.
    private func identity(_ identity: PeerIdentity?) -> Identity {
        guard let identity else { return .everyone }
        return Identity(tenant: identity.tenant, isOperator: identity.role == .operator)
    }

    func receiveSubscriptions() throws(ZeroMQError) {
        for _ in 0..<Self.messagesPerTurn {
            switch try sockets.feed.receive() {
            case .wouldBlock: return
            case .malformed: continue
            case .message(let message):
                // zmq_socket(3), ZMQ_XPUB: the first byte is 1 for a subscription and 0 for the end of one.
                let first = message.withUnsafeBytes { $0.first }
                if first == 1 { subscriptions += 1 }
                if first == 0 { subscriptions = max(0, subscriptions - 1) }
            }
        }
    }
}
