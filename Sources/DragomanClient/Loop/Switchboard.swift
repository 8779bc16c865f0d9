import JobModel
import Wire
import ZeroMQ

/// What the client's thread has: the machines, the sockets, and who waits for what.
///
/// Every socket's messages go into a machine, and what the machine directs is done. Nothing here decides anything.
struct Switchboard: ~Copyable {
    private let context: Context
    private let security: Security
    private let inbox: Inbox<Command>
    private let settings: Client.Settings
    private let start = ContinuousClock.now
    private var poller = Poller()
    private var producer: SubmissionSession
    /// One for each broker, from its first message on.
    private var jobs: [Int: Channel] = [:]
    private var submits: [CallID: Reply<[Verdict]>] = [:]
    private var questions: [CallID: Reply<Envelope.Body>] = [:]
    private var consumers: [ObjectIdentifier: Consumer] = [:]
    /// By endpoint: what its connections have come to.
    private var diagnoses: [String: ConnectionDiagnosis] = [:]
    /// Why no socket can be used.
    private var breakdown: ClientError?
    private var hasStopped = false

    private struct Consumer {
        var session: ConsumerSession
        let feed: ResultFeed
        let endpoint: String
        var channel: Channel?
    }

    init(_ settings: Client.Settings, context: Context, security: Security, inbox: Inbox<Command>) {
        self.settings = settings
        self.context = context
        self.security = security
        self.inbox = inbox
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
                tick()
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
        (consumers.values.map(\.session.nextDeadline) + [producer.nextDeadline]).compactMap(\.self).min()
    }

    private mutating func tick() {
        let now = now
        if let due = producer.nextDeadline, due <= now { perform(producer.on(.tick, at: now)) }
        for id in consumers.keys {
            if let due = consumers[id]?.session.nextDeadline, due <= now { step(id, .tick) }
        }
    }

    private mutating func receive(_ decoder: inout EnvelopeDecoder) throws(ZeroMQError) {
        for (broker, channel) in jobs {
            if let error = try denial(channel, as: .producer) {
                perform(producer.on(.denied(error, by: broker), at: now))
                continue
            }
            let readiness = poller.readiness(of: channel.slot)
            if readiness.contains(.writable) { try channel.flush(&poller) }
            while readiness.contains(.readable), let envelope = try channel.receive(&decoder) {
                perform(producer.on(.received(envelope, from: broker), at: now))
            }
        }
        for (id, consumer) in consumers {
            guard let channel = consumer.channel else { continue }
            if let error = try denial(channel, as: .consumer) {
                step(id, .denied(error))
                continue
            }
            let readiness = poller.readiness(of: channel.slot)
            if readiness.contains(.writable) { try channel.flush(&poller) }
            while readiness.contains(.readable), let envelope = try channel.receive(&decoder) {
                step(id, .received(envelope))
            }
        }
    }

    /// Whether the broker has said that it will not talk to this client.
    private mutating func denial(_ channel: Channel, as role: AccessDomain) throws(ZeroMQError) -> ClientError? {
        guard poller.readiness(of: channel.reportSlot).contains(.readable) else { return nil }
        while let report = try channel.nextReport() {
            let usesKeys = security.usesKeys
            let problem = diagnoses[channel.endpoint, default: ConnectionDiagnosis(usesKeys: usesKeys)]
                .problem(in: report)
            guard let problem, problem.isDenial else { continue }
            return ClientError(.accessDenied, problem.message(at: channel.endpoint, role: role))
        }
        return nil
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
        case .consume(let settings, let feed):
            if let breakdown { return feed.end(breakdown) }
            let session = ConsumerSession(settings: settings, seed: .random(in: .min ... .max), at: now)
            let id = ObjectIdentifier(feed)
            consumers[id] = Consumer(session: session, feed: feed, endpoint: settings.endpoint)
            step(id, .start)
        case .acknowledged(let feed):
            step(ObjectIdentifier(feed), .acknowledge(upTo: feed.takeAcknowledgement()))
        case .leave(let feed):
            step(ObjectIdentifier(feed), .leave)
        case .stop:
            hasStopped = true
        }
    }

    // MARK: Directives

    private mutating func perform(_ directives: [SubmissionSession.Directive]) {
        for directive in directives {
            switch directive {
            case .send(let envelope, let broker): send(envelope, to: broker)
            case .reconnect(let broker): close(jobs.removeValue(forKey: broker))
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
            case .reconnect: close(consumers[id]?.channel.take())
            case .deliver(let record): feed.deliver(record)
            case .dropped(let sequences): feed.drop(sequences)
            case .attached(let next, let last, let logID):
                feed.attach(at: Results.Position(first: next, last: last, log: logID))
            case .reached(let last): feed.reach(last)
            case .close(let error):
                close(consumers.removeValue(forKey: id)?.channel)
                feed.end(error)
            }
        }
    }

    // MARK: Sockets

    private mutating func send(_ envelope: Envelope, to broker: Int) {
        do throws(ZeroMQError) {
            let channel = try open(jobs[broker], to: settings.jobsEndpoints[broker])
            jobs[broker] = channel
            try channel.send(envelope, &poller)
        } catch {
            breakDown(ClientError(.connection, error.description))
        }
    }

    private mutating func send(_ envelope: Envelope, from id: ObjectIdentifier) {
        guard let consumer = consumers[id] else { return }
        do throws(ZeroMQError) {
            let channel = try open(consumer.channel, to: consumer.endpoint)
            consumers[id]?.channel = channel
            try channel.send(envelope, &poller)
        } catch {
            consumers[id] = nil
            consumer.feed.end(ClientError(.connection, error.description))
        }
    }

    private mutating func open(_ channel: Channel?, to endpoint: String) throws(ZeroMQError) -> Channel {
        if let channel { return channel }
        return try Channel(to: endpoint, in: context, security: security, poller: &poller)
    }

    private mutating func close(_ channel: Channel?) {
        guard let channel else { return }
        poller.remove(channel.slot)
        poller.remove(channel.reportSlot)
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
            close(consumer.channel)
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
