import JobModel
import Wire
import ZeroMQ

/// Someone who speaks the protocol by hand, well or badly, on the thread that made it.
final class Peer {
    struct Silence: Error, CustomStringConvertible {
        let description: String
    }

    /// What a test waits at most, however busy the machine: reaching it is a failure.
    static let patience = Duration.seconds(120)
    private static let context = Result { () throws(ZeroMQError) in try Context() }

    // Before the socket, so that it ends before it.
    private let connections: ConnectionMonitor
    private let socket: Socket
    private var decoder: EnvelopeDecoder
    private var requests: UInt8 = 0
    /// What came before an answer that was waited for.
    private var passedOver: [Envelope] = []

    init(
        _ kind: Socket.Kind = .dealer, at endpoint: String, security: Security = .none, frameBytesMaximum: Int = 4 << 20
    ) throws {
        var options = SocketOptions()
        options.security = security
        options.frameBytesMaximum = frameBytesMaximum
        // The broker may be about to start.
        options.reconnectInterval = .milliseconds(10)
        options.reconnectIntervalMaximum = .milliseconds(100)
        let socket = try Socket(kind, in: Self.context.get(), options: options)
        let connections = try ConnectionMonitor(of: socket, context: Self.context.get())
        try socket.connect(endpoint)
        self.socket = socket
        self.connections = connections
        decoder = try EnvelopeDecoder(frameSizeLimit: frameBytesMaximum)
    }

    /// Connects to a further place.
    func connect(to endpoint: String) throws { try socket.connect(endpoint) }

    func send(_ body: Envelope.Body, correlation: [UInt8] = []) throws {
        try send(bytes: Envelope(body, correlation: correlation).encoded())
    }

    func send(bytes: [UInt8]) throws { try send(frames: [bytes]) }

    /// Waits for the connection, and for room.
    func send(frames: [[UInt8]]) throws {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            // A DEALER takes all of a message's frames or none.
            let outcome = frames.count == 1 ? try socket.send(frames[0]) : try socket.send(frames: frames)
            if outcome == .sent { return }
            guard try wait(for: .writable, until: deadline) else { throw Silence(description: "nobody listens") }
        }
    }

    func subscribe(to prefix: String) throws { try socket.subscribe(to: prefix.utf8) }

    /// The next message that is no mere beat. (Nobody is lost for his silence: see `Cluster.calm`.)
    ///
    /// - Returns: nil when there is none for so long.
    func next(within time: Duration = Peer.patience) throws -> Envelope? {
        if !passedOver.isEmpty { return passedOver.removeFirst() }
        return try heard(until: ContinuousClock.now + time)
    }

    private func heard(until deadline: ContinuousClock.Instant) throws -> Envelope? {
        while let envelope = try received(until: deadline) {
            switch envelope.body {
            case .brokerBeat(let beat) where beat.cancelled.isEmpty && !beat.isDraining: continue
            case .heartbeat: continue
            default: return envelope
            }
        }
        return nil
    }

    func receive() throws -> Envelope {
        guard let envelope = try next() else { throw Silence(description: "no answer") }
        return envelope
    }

    /// The next message that `find` knows; others before it are an error, unless they are beats.
    func receive<Value>(_ what: String, _ find: (Envelope.Body) -> Value?) throws -> Value {
        let envelope = try receive()
        guard let value = find(envelope.body) else {
            throw Silence(description: "\(what) was expected, and came: \(envelope.body)")
        }
        return value
    }

    /// The answer to a request, by its correlation; what comes before it is kept for `next`.
    func ask(_ body: Envelope.Body) throws -> Envelope.Body {
        requests &+= 1
        let correlation = Array("request \(requests)".utf8)
        try send(body, correlation: correlation)
        return try wait(for: "the answer to \(body)") { $0.correlation == correlation ? $0.body : nil }
    }

    /// The first message that `find` knows; others before it are kept for `next`.
    func wait<Value>(for what: String, _ find: (Envelope) -> Value?) throws -> Value {
        for (index, envelope) in passedOver.enumerated() {
            guard let value = find(envelope) else { continue }
            passedOver.remove(at: index)
            return value
        }
        while let envelope = try heard(until: ContinuousClock.now + Self.patience) {
            if let value = find(envelope) { return value }
            passedOver.append(envelope)
        }
        throw Silence(description: "\(what) does not come; what came is \(passedOver.map(\.body))")
    }

    /// The next fault.
    func fault() throws -> Fault {
        try receive("a fault") { if case .fault(let fault) = $0 { fault } else { nil } }
    }

    /// Waits until it is connected; after that, until it is again.
    ///
    /// - Returns: Whether it was let in.
    @discardableResult
    func waitForConnection(within time: Duration = Peer.patience) throws -> Bool {
        let deadline = ContinuousClock.now + time
        while true {
            switch try connections.next() {
            case .admitted: return true
            case .refused: return false
            case .failed: continue
            case nil:
                var poller = Poller()
                _ = poller.add(connections.reports)
                guard try poller.wait(until: deadline) else { throw Silence(description: "nobody listens") }
            }
        }
    }

    /// On a SUB.
    func publication() throws -> (topic: String, body: Envelope.Body) {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            switch try socket.receivePublication() {
            case .message(let publication):
                let topic = String(decoding: publication.topic, as: UTF8.self)
                return (topic, try decoder.decode(publication.body.bytes).body)
            case .malformed(let message): throw Silence(description: "not a publication: \(message)")
            case .wouldBlock:
                guard try wait(for: .readable, until: deadline) else { throw Silence(description: "no publication") }
            }
        }
    }

    private func received(until deadline: ContinuousClock.Instant) throws -> Envelope? {
        while true {
            switch try socket.receive() {
            case .message(let message): return try decoder.decode(message.bytes)
            case .malformed(let message): throw Silence(description: "not one frame: \(message)")
            case .wouldBlock: guard try wait(for: .readable, until: deadline) else { return nil }
            }
        }
    }

    private func wait(for events: Poller.Readiness, until deadline: ContinuousClock.Instant) throws -> Bool {
        var poller = Poller()
        _ = poller.add(socket, for: events)
        return try poller.wait(until: deadline)
    }
}
