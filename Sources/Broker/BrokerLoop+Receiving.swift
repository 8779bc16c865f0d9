import Dispatching
import JobModel
import Logging
import SettingValues
import Wire
import ZeroMQ

extension BrokerLoop {
    func receive(from socket: Peer.Socket, if isReadable: Bool) throws(ZeroMQError) {
        guard isReadable else { return turn.drained(BrokerSockets.entry(socket)) }
        let end = Moment.now.monotonic + Self.turnNanoseconds
        for _ in 0..<Self.messagesPerTurn where Moment.now.monotonic < end {
            switch try sockets.receive(from: socket) {
            case .wouldBlock: return turn.drained(BrokerSockets.entry(socket))
            case .malformed(let message): try refuse(message, on: socket)
            case .message(let message): try receive(message, on: socket)
            }
        }
        // What is left is said again by the poller, which is level-triggered.
    }

    private func receive(_ message: consuming RouterMessage, on socket: Peer.Socket) throws(ZeroMQError) {
        let connection = gate.connection(of: message.body)
        if message.body.count > 4096 { receivedBytes += message.body.count }
        if let connection {
            turn.read(connection, bytes: message.body.count, frames: message.returnAddress.isDelimited ? 2 : 1)
        }
        let address = message.returnAddress
        guard
            let (peer, credentials) = try peer(
                message.body.userID, socket, address.routingID.bytes, isDelimited: address.isDelimited, by: connection)
        else { return }
        let envelope: Envelope
        do throws(WireError) {
            envelope = try decode(message.body)
        } catch {
            return try refuse(error, from: peer)
        }
        audit(envelope.body, by: credentials, on: connection)
        trace(received: envelope.body, from: peer)
        try handle(.received(envelope, from: peer))
    }

    /// Who has sent a message; nil when it is not to be heard.
    private func peer(
        _ userID: String?, _ socket: Peer.Socket, _ routingID: [UInt8], isDelimited: Bool,
        by connection: GateConnectionID?
    ) throws(ZeroMQError) -> (Peer, PeerCredentials?)? {
        var peer = Peer(socket: socket, routingID: routingID, identity: .everyone, isDelimited: isDelimited)
        switch hearing(userID, in: socket.domain) {
        case .unheard: return nil
        case .revoked(let credentials):
            try refuse(revoked: credentials, peer, by: connection)
            return nil
        case .heard(let identity, let credentials):
            peer.identity = identity
            guard try meet(credentials, in: socket.domain, as: peer, by: connection) else { return nil }
            let place = Offenders.Connection(socket: socket, routingID: routingID)
            return offenders.isBanned(place, at: Moment.now.monotonic) ? nil : (peer, credentials)
        }
    }

    /// Counts an offence, and says what was wrong.
    private func refuse(_ error: WireError, from peer: Peer) throws(ZeroMQError) {
        let connection = Offenders.Connection(socket: peer.socket, routingID: peer.routingID)
        count(offenceOf: connection, "message refused: \(error)")
        try send(error.answer, to: peer)
        if let lease = error.lease { try handle(.answerRefused(lease, from: peer)) }
    }

    private func refuse(_ message: MalformedMessage, on socket: Peer.Socket) throws(ZeroMQError) {
        let connection = gate.connection(of: message)
        if let connection { turn.read(connection, bytes: message.byteCount, frames: message.frameCount) }
        guard let routingID = message.routingID?.bytes,
            let (peer, _) = try peer(message.userID, socket, routingID, isDelimited: false, by: connection)
        else { return }
        let problem = "a message is one frame; this one had \(message.frameCount) of \(message.byteCount) bytes in all"
        count(offenceOf: Offenders.Connection(socket: socket, routingID: routingID), problem)
        try send(Envelope(.fault(Fault(.malformed, problem))), to: peer)
    }

    private func count(offenceOf peer: Offenders.Connection, _ problem: String) {
        if offenders.record(peer, at: Moment.now.monotonic) {
            logger.warning(
                "peer is not heard any more",
                metadata: [
                    "socket": "\(peer.socket)", "problem": "\(problem)",
                    "ban_ms": "\(configuration.dispatch.broker.banMs)",
                ])
        } else {
            logger.debug("malformed message", metadata: ["socket": "\(peer.socket)", "problem": "\(problem)"])
        }
    }

    /// - Returns: Whether the connection is closed, for what all observers subscribe to together.
    private func closesForTooMuch(_ bytes: Int, by connection: GateConnectionID) -> Bool {
        let most = subscriptionBytes.add(bytes + 1, of: connection) { gate.address(of: $0) != nil }
        guard let most else { return false }
        refusals.record(
            "connection closed", kind: "subscriptions",
            ["audit": "refused", "problem": "an observer subscribes to too much"])
        gate.close([most])
        return most == connection
    }

    func receiveSubscriptions(if isReadable: Bool) throws(ZeroMQError) {
        guard isReadable else { return turn.drained(BrokerSockets.feedEntry) }
        for _ in 0..<Self.messagesPerTurn {
            switch try sockets.feed.receive() {
            case .wouldBlock: return turn.drained(BrokerSockets.feedEntry)
            case .malformed: continue
            case .message(let message):
                let connection = gate.connection(of: message)
                if let connection { turn.read(connection, bytes: message.count, frames: 1) }
                let identity: Identity
                switch hearing(message.userID, in: .observer) {
                case .unheard: continue
                case .revoked(let credentials):
                    try refuse(revoked: credentials, nil, by: connection)
                    continue
                case .heard(let found, let credentials):
                    identity = found
                    guard try meet(credentials, in: .observer, as: nil, by: connection) else { continue }
                }
                // zmq_socket(3), ZMQ_XPUB: the first byte is 1 for a subscription and 0 for the end of one.
                let (first, prefix) = message.withUnsafeBytes { ($0.first, Array($0.dropFirst())) }
                let visible = FeedTopic.visible(through: prefix, to: identity)
                if first == 1 {
                    if let connection, closesForTooMuch(prefix.count, by: connection) { continue }
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

extension Peer.Socket {
    /// As what one connects there.
    var domain: AccessDomain {
        switch self {
        case .jobs: .producer
        case .work: .worker
        case .results: .consumer
        }
    }
}
