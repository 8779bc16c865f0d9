import Addresses
import JobModel
import Wire
import ZeroMQ

/// What the client's thread has: the machines, the sockets, and who waits for what.
///
/// Every socket's messages go into a machine, and what the machine directs is done. Nothing here decides anything.
struct Switchboard: ~Copyable {
    private let maker: ChannelMaker
    private let brokers: [BrokerAddresses]
    private let board: AddressBoard
    private let inbox: Inbox<Command>
    private let settings: Client.Settings
    private let start = ContinuousClock.now
    private var poller = Poller()
    private var producer: SubmissionSession
    /// One for each broker, from its first message on.
    private var jobs: [Int: BrokerLine] = [:]
    private var submits: [CallID: Reply<[Verdict]>] = [:]
    private var questions: [CallID: Reply<Envelope.Body>] = [:]
    private var consumers: [ObjectIdentifier: Consumer] = [:]
    /// Why no socket can be used.
    private var breakdown: ClientError?
    private var hasStopped = false

    private struct Consumer {
        var session: ConsumerSession
        let feed: ResultFeed
        let line: BrokerLine
    }

    /// - Parameters:
    ///   - brokers: Where jobs are submitted.
    ///   - board: Told where those are that have several addresses.
    init(
        _ settings: Client.Settings, brokers: [BrokerAddresses], board: AddressBoard, context: Context,
        security: Security, inbox: Inbox<Command>
    ) {
        self.settings = settings
        self.brokers = brokers
        self.board = board
        self.inbox = inbox
        maker = ChannelMaker(context, security)
        producer = SubmissionSession(settings: settings.submission, seed: .random(in: .min ... .max))
    }

    private var now: Duration { ContinuousClock.now - start }

    mutating func run() {
        _ = poller.add(inbox.wakeUp)
        do {
            var decoder = try EnvelopeDecoder(frameSizeLimit: EnvelopeDecoder.answerBytesMaximum)
            while !hasStopped {
                try poller.wait(until: nextDeadline.map { start + $0 })
                for command in inbox.take() { obey(command) }
                try receive(&decoder)
                try tick()
            }
        } catch {
            breakDown(ClientError(.connection, String(describing: error)))
        }
        // What is still asked for after a breakdown is told why it is not done.
        while !hasStopped {
            _ = try? poller.wait(until: nil)
            for command in inbox.take() { obey(command) }
        }
        breakDown(.cancelled)
    }

    private var nextDeadline: Duration? {
        let lines = Array(jobs.values) + consumers.values.map(\.line)
        return (consumers.values.map(\.session.nextDeadline) + lines.map(\.ring.nextDeadline) + [producer.nextDeadline])
            .compactMap(\.self).min()
    }

    private mutating func tick() throws(ZeroMQError) {
        let now = now
        for (broker, line) in jobs where line.ring.nextDeadline.map({ $0 <= now }) ?? false {
            try tell(broker, .tick)
        }
        for (id, consumer) in consumers where consumer.line.ring.nextDeadline.map({ $0 <= now }) ?? false {
            try tell(id, .tick)
        }
        if let due = producer.nextDeadline, due <= now { perform(producer.on(.tick, at: now)) }
        for id in consumers.keys {
            if let due = consumers[id]?.session.nextDeadline, due <= now { step(id, .tick) }
        }
    }

    private mutating func receive(_ decoder: inout EnvelopeDecoder) throws(ZeroMQError) {
        for (broker, line) in jobs {
            take(try line.takeReports(at: now, &poller), of: broker)
            guard let channel = line.channel else { continue }
            let readiness = poller.readiness(of: channel.slot)
            if readiness.contains(.writable) { try channel.flush(&poller) }
            while readiness.contains(.readable), let envelope = try channel.receive(&decoder) {
                try tell(broker, .heard)
                perform(producer.on(.received(envelope, from: broker), at: now))
            }
        }
        for (id, consumer) in consumers {
            take(try consumer.line.takeReports(at: now, &poller), of: id)
            guard let channel = consumer.line.channel else { continue }
            let readiness = poller.readiness(of: channel.slot)
            if readiness.contains(.writable) { try channel.flush(&poller) }
            while readiness.contains(.readable), let envelope = try channel.receive(&decoder) {
                try tell(id, .heard)
                step(id, .received(envelope))
            }
        }
    }

    // MARK: Addresses

    private mutating func tell(_ broker: Int, _ event: AddressRing.Event) throws(ZeroMQError) {
        guard let line = jobs[broker] else { return }
        take(try line.tell(event, at: now, &poller), of: broker)
    }

    private mutating func tell(_ id: ObjectIdentifier, _ event: AddressRing.Event) throws(ZeroMQError) {
        guard let line = consumers[id]?.line else { return }
        take(try line.tell(event, at: now, &poller), of: id)
    }

    private mutating func take(_ news: BrokerLine.News, of broker: Int) {
        pass(on: news)
        // Whether the broker has said that it will not talk to this client.
        if let error = news.denial { perform(producer.on(.denied(error, by: broker), at: now)) }
        guard news.isConnected else { return }
        board[broker] = jobs[broker]?.ring.address
        perform(producer.on(.connected(broker), at: now))
    }

    private mutating func take(_ news: BrokerLine.News, of id: ObjectIdentifier) {
        pass(on: news)
        if let error = news.denial { step(id, .denied(error)) }
        if news.isConnected { step(id, .connected) }
    }

    private func pass(on news: BrokerLine.News) {
        for move in news.moves { settings.onMove(move.description) }
        guard !news.names.isEmpty else { return }
        settings.resolver.lookUp(news.names) { [inbox] in inbox.post(.found($0)) }
    }

    private mutating func find(_ addresses: [String: [String]]) {
        do throws(ZeroMQError) {
            for (broker, line) in jobs {
                try tell(broker, .found(addresses))
                producer.rename(broker, line.ring.description)
            }
            for (id, consumer) in consumers {
                try tell(id, .found(addresses))
                consumers[id]?.session.rename(consumer.line.ring.description)
            }
        } catch {
            breakDown(ClientError(.connection, error.description))
        }
    }

    // MARK: Commands

    private mutating func obey(_ command: Command) {
        switch command {
        case .submit(let call, let jobs, let patience, let reply):
            if let breakdown { return reply.resume(returning: .failure(breakdown)) }
            submits[call] = reply
            perform(producer.on(.submit(call, jobs, deadline: patience.map { now + $0 }), at: now))
        case .ask(let call, let body, let broker, let patience, let reply):
            if let breakdown { return reply.resume(returning: .failure(breakdown)) }
            questions[call] = reply
            perform(producer.on(.ask(call, body, of: broker, deadline: patience.map { now + $0 }), at: now))
        case .abandon(let call):
            _ = producer.on(.abandon(call), at: now)
            fail(call, .cancelled)
        case .consume(let settings, let broker, let feed):
            if let breakdown { return feed.end(breakdown) }
            let session = ConsumerSession(settings: settings, seed: .random(in: .min ... .max), at: now)
            let id = ObjectIdentifier(feed)
            consumers[id] = Consumer(session: session, feed: feed, line: BrokerLine(to: broker, as: .consumer, maker))
            step(id, .start)
        case .acknowledged(let feed):
            step(ObjectIdentifier(feed), .acknowledge(upTo: feed.takeAcknowledgement()))
        case .leave(let feed):
            step(ObjectIdentifier(feed), .leave)
        case .found(let addresses):
            if breakdown == nil { find(addresses) }
        case .stop:
            hasStopped = true
        }
    }

    // MARK: Directives

    private mutating func perform(_ directives: [SubmissionSession.Directive]) {
        for directive in directives {
            switch directive {
            case .send(let envelope, let broker): send(envelope, to: broker)
            case .reconnect(let broker): reconnect { (board) throws(ZeroMQError) in try board.tell(broker, .silent) }
            case .verdicts(let call, let verdicts):
                submits.removeValue(forKey: call)?.resume(returning: .success(verdicts))
            case .answer(let call, let body):
                questions.removeValue(forKey: call)?.resume(returning: .success(body))
            case .fail(let call, let error): fail(call, error)
            }
        }
    }

    private mutating func fail(_ call: CallID, _ error: ClientError) {
        submits.removeValue(forKey: call)?.resume(returning: .failure(error))
        questions.removeValue(forKey: call)?.resume(returning: .failure(error))
    }

    private mutating func step(_ id: ObjectIdentifier, _ event: ConsumerSession.Event) {
        let now = now
        // A consumer that has left is told things by those who do not know yet.
        guard let directives = consumers[id]?.session.on(event, at: now), let feed = consumers[id]?.feed else { return }
        for directive in directives {
            switch directive {
            case .send(let body): send(Envelope(body, correlation: body.outboxPlace), from: id)
            case .reconnect: reconnect { (board) throws(ZeroMQError) in try board.tell(id, .silent) }
            case .deliver(let record): feed.deliver(record)
            case .dropped(let sequences): feed.drop(sequences)
            case .attached(let next, let last, let logID):
                feed.attach(at: Results.Position(first: next, last: last, log: logID))
            case .reached(let last): feed.reach(last)
            case .close(let error):
                consumers.removeValue(forKey: id)?.line.close(&poller)
                feed.end(error)
            }
        }
    }

    // MARK: Sockets

    private mutating func reconnect(_ work: (inout Switchboard) throws(ZeroMQError) -> Void) {
        do throws(ZeroMQError) { try work(&self) } catch {
            breakDown(ClientError(.connection, error.description))
        }
    }

    private mutating func send(_ envelope: Envelope, to broker: Int) {
        let line = jobs[broker] ?? BrokerLine(to: brokers[broker], as: .producer, maker)
        jobs[broker] = line
        do throws(ZeroMQError) {
            try tell(broker, .begin)
            try line.send(envelope, &poller)
        } catch {
            breakDown(ClientError(.connection, error.description))
        }
    }

    private mutating func send(_ envelope: Envelope, from id: ObjectIdentifier) {
        guard let consumer = consumers[id] else { return }
        do throws(ZeroMQError) {
            try tell(id, .begin)
            try consumer.line.send(envelope, &poller)
        } catch {
            consumers[id] = nil
            consumer.feed.end(ClientError(.connection, error.description))
        }
    }

    /// Ends all that anybody waits for.
    private mutating func breakDown(_ error: ClientError) {
        breakdown = error
        for call in Array(submits.keys) + Array(questions.keys) {
            _ = producer.on(.abandon(call), at: now)
            fail(call, error)
        }
        for id in consumers.keys {
            guard let consumer = consumers.removeValue(forKey: id) else { continue }
            consumer.line.close(&poller)
            consumer.feed.end(error)
        }
    }
}

extension Envelope.Body {
    /// A consumer's message supersedes the last one of its kind.
    fileprivate var outboxPlace: [UInt8] {
        switch self {
        case .attach: [1]
        case .resultCredit: [2]
        case .ack: [3]
        default: [4]
        }
    }
}
