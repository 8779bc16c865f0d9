import DragomanClient
import JobModel
import TestKit
import Testing

@Suite("The consumer's session on a network that loses, doubles and reorders")
struct ConsumerPropertyTests {
    @Test(
        "all records are delivered once and in order, through restarts of the broker, or from one to its standby",
        arguments: 0..<60, [false, true])
    func delivery(seed: Int, hasStandby: Bool) throws {
        var world = ConsumerWorld(seed: UInt64(seed), hasStandby: hasStandby)
        try world.run()
        #expect(world.delivered == Array(1...world.log), "seed \(seed)")
        #expect(world.outstandingMaximum <= 2 * Int(world.window), "seed \(seed)")
        #expect(world.cursor == (world.movesCursor ? world.log : 0), "seed \(seed)")
    }
}

/// A session, a broker that is started anew now and then, and the network between.
private struct ConsumerWorld {
    enum Message {
        case toBroker(Envelope.Body)
        case toConsumer(Envelope)
    }

    var session: ConsumerSession
    var network: LossyNetwork<Message>
    let log: UInt64
    let window: UInt32
    let movesCursor: Bool
    let hasStandby: Bool
    /// The next address is to be tried.
    var isLost = false
    var delivered: [UInt64] = []
    var acknowledged: UInt64 = 0
    var outstandingMaximum = 0
    var isClosed = false
    var now = Duration.zero
    // The broker's.
    var epoch: UInt64 = 1
    var cursor: UInt64 = 0
    var isAttached = false
    /// Sent to the consumer, and acknowledged by it, since it attached.
    var sent: UInt64 = 0
    var released: UInt64 = 0
    var credit: UInt32 = 0
    var nextBeat = Duration.seconds(1)

    init(seed: UInt64, hasStandby: Bool) {
        self.hasStandby = hasStandby
        network = LossyNetwork(seed: seed)
        log = UInt64(network.integer(1...60))
        window = UInt32(network.integer(1...10))
        movesCursor = !network.oneIn(4)
        var settings = ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "reader")
        settings.window = ResultCredit(records: window, bytes: 1 << 20)
        settings.movesCursor = movesCursor
        session = ConsumerSession(settings: settings, seed: seed, at: .zero)
    }

    mutating func run() throws {
        perform(session.on(.start, at: now))
        var steps = 0
        while !isClosed {
            steps += 1
            try #require(steps < 50_000, "the session does not come to an end")
            now =
                [network.nextArrival, session.nextDeadline, nextBeat].compactMap(\.self).min().map { max(now, $0) }
                ?? now
            if network.oneIn(200) { restart() }
            if isLost || hasStandby && network.oneIn(100) { failOver() }
            if let message = network.receive(at: now) {
                deliver(message)
            } else if nextBeat <= now {
                beat()
            } else {
                perform(session.on(.tick, at: now))
            }
            if acknowledged < delivered.count, network.oneIn(3) { acknowledgeSome() }
            if delivered.count == log, acknowledged == log, cursor == (movesCursor ? log : 0) {
                perform(session.on(.leave, at: now))
            }
        }
    }

    private mutating func acknowledgeSome() {
        acknowledged += UInt64(network.integer(1...delivered.count - Int(acknowledged)))
        perform(session.on(.acknowledge(upTo: acknowledged), at: now))
    }

    private mutating func perform(_ directives: [ConsumerSession.Directive]) {
        for directive in directives {
            switch directive {
            case .send(let body): network.send(.toBroker(body), at: now)
            case .deliver(let record):
                delivered.append(record.sequence)
                outstandingMaximum = max(outstandingMaximum, delivered.count - Int(acknowledged))
            case .close(let error):
                #expect(error == nil)
                isClosed = true
            case .dropped: Issue.record("\(directive)")
            case .reconnect: isLost = hasStandby
            case .attached, .reached: break
            }
        }
    }

    private mutating func deliver(_ message: Message) {
        switch message {
        case .toConsumer(let envelope): perform(session.on(.received(envelope), at: now))
        case .toBroker(let body): receive(body)
        }
    }

    private mutating func receive(_ body: Envelope.Body) {
        if case .attach(_, let from) = body {
            isAttached = true
            sent = (from ?? cursor + 1) - 1
            released = sent
            credit = 0
            network.send(.toConsumer(.attached(epoch: epoch, next: sent + 1, last: log)), at: now)
            return
        }
        guard isAttached else {
            network.send(.toConsumer(Envelope(.fault(Fault(.unknownPeer, "say ATTACH first")))), at: now)
            return
        }
        switch body {
        case .resultCredit(let window): credit = window.records
        case .ack(let sequence):
            cursor = max(cursor, sequence)
            released = max(released, sequence)
            network.send(.toConsumer(Envelope(.acked(upTo: cursor))), at: now)
        case .detach: isAttached = false
        default: Issue.record("\(body)")
        }
        while sent < log, sent < released + UInt64(credit) {
            sent += 1
            network.send(.toConsumer(.record(sent)), at: now)
        }
    }

    private mutating func beat() {
        nextBeat = now + .seconds(1)
        if isAttached { network.send(.toConsumer(Envelope(.heartbeat(epoch: epoch, lastSequence: log))), at: now) }
    }

    /// A new connection: nothing of the old one comes any more, and nobody there knows the consumer.
    private mutating func failOver() {
        isLost = false
        restart()
        network.lose { _ in true }
        perform(session.on(.connected, at: now))
    }

    private mutating func restart() {
        epoch += 1
        isAttached = false
    }
}
