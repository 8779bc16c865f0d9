package import JobModel
import SettingValues

/// A producer's side of the `jobs` sockets as a pure state machine: events in, directives out.
///
/// The network may lose, double, delay and reorder messages; the session asks again until it is answered, with waits
/// that grow, and a broker takes a job that it has seen before for what it is. What a call ends in:
///
///     submit ──▶ cut into frames ──▶ in flight ──▶ all answered ───────────────▶ `.verdicts`
///                     ▲   ▲             │  │ silence: sent again, to the same broker
///                     │   └── queued ◀──┘  └ silence for `failover`: to another that answers
///                     └ RETRY_LATER, after the wait that the broker asks for
///     ask ───▶ in flight (to one broker) ─────────────────────────────────────▶ `.answer`
///     either ─▶ no broker that it could go to lets the client in ──────────────▶ `.fail`
///     either ─▶ its deadline passes, or the broker cannot be talked to ────────▶ `.fail`
///
/// Of several brokers, those that answer are given new frames in turn. Who answers is found out by asking for the
/// status; a single broker is simply sent to. Two brokers may share a store or not: a frame that failed over was perhaps
/// accepted by the first broker all the same, and where they do not share a store, its jobs are translated twice.
package struct SubmissionSession: Sendable {
    package struct Settings: Sendable, Hashable {
        /// Their names in messages, one for each broker.
        package var endpoints: [String]
        /// Before a request is sent again for the first time.
        package var answerTimeout = Duration.seconds(2)
        package var waitMaximum = Duration.seconds(30)
        /// After so long without an answer, jobs go to another broker.
        package var failover = Duration.milliseconds(ClientSettings().timeoutMs)
        package var jobsPerFrame = LimitSettings().jobsPerSubmitMax
        package var bytesPerFrame = BrokerSettings().clientFrameBytesMax
        /// Of SUBMITs, for each broker.
        package var framesInFlight = 4

        package init(endpoints: [String]) { self.endpoints = endpoints }
    }

    package enum Event: Sendable {
        case submit(CallID, [Job], deadline: Duration?)
        /// Any other request of a producer, to one broker.
        case ask(CallID, Envelope.Body, of: Int, deadline: Duration?)
        /// Nobody waits for the call any more.
        case abandon(CallID)
        case received(Envelope, from: Int)
        /// The broker does not let this client in.
        case denied(ClientError, by: Int)
        /// Of a broker with several addresses: there is a new connection, and what was sent before has to be sent again.
        case connected(Int)
        case tick
    }

    package enum Directive: Sendable, Hashable {
        /// It replaces what has the same correlation and has not gone out yet.
        case send(Envelope, to: Int)
        /// Silence may be the socket's: one whose key was refused does not connect again. Of a broker with several
        /// addresses: the next one is to be tried.
        case reconnect(Int)
        /// One for each job, in their order.
        case verdicts(CallID, [Verdict])
        case answer(CallID, Envelope.Body)
        case fail(CallID, ClientError)
    }

    var settings: Settings
    var links: [BrokerLink]
    var submissions: [CallID: Submission] = [:]
    var questions: [CallID: Question] = [:]
    /// By correlation.
    var flights: [UInt64: Flight] = [:]
    /// Frames that wait for a broker: refused for now, or too large and cut in two.
    var queue: [QueuedFrame] = []
    var backoff: Backoff
    /// The broker whose turn it is.
    var turn = 0
    /// Of the last event.
    var now = Duration.zero
    var directives: [Directive] = []
    private var lastCorrelation: UInt64 = 0

    package init(settings: Settings, seed: UInt64) {
        precondition(!settings.endpoints.isEmpty, "a session without a broker")
        self.settings = settings
        // With one broker there is no choice to be made, so nobody needs to know whether it answers.
        let isOnlyOne = settings.endpoints.count == 1
        links = settings.endpoints.map { _ in BrokerLink(answers: isOnlyOne) }
        backoff = Backoff(base: settings.answerTimeout, maximum: settings.waitMaximum, seed: seed)
    }

    /// - Parameter now: On a clock that never jumps, from whatever beginning.
    package mutating func on(_ event: Event, at now: Duration) -> [Directive] {
        self.now = now
        switch event {
        case .submit(let call, let jobs, let deadline):
            submissions[call] = Submission(jobs: jobs, began: now, deadline: deadline)
            finishIfAnswered(call)
        case .ask(let call, let body, let broker, let deadline):
            questions[call] = Question(body: body, broker: broker, began: now, deadline: deadline)
            send(Flight(call: call, indices: [], broker: broker, began: now))
        case .abandon(let call):
            forget(call)
        case .received(let envelope, let broker):
            hear(from: broker)
            take(envelope, from: broker)
        case .denied(let error, let broker):
            deny(error, by: broker)
        case .connected(let broker):
            connect(broker)
        case .tick:
            break
        }
        endOverdueCalls()
        resendOverdueFlights()
        sendWaitingFrames()
        probe()
        defer { directives.removeAll() }
        return directives
    }

    /// What a broker is called in messages, from now on.
    package mutating func rename(_ broker: Int, _ name: String) { settings.endpoints[broker] = name }

    /// When the next `.tick` is due; nil: nothing waits for time.
    package var nextDeadline: Duration? {
        // What was due by now has been done, or waits for something else than time.
        var times = flights.values.map(\.due) + queue.compactMap(\.bound?.until)
        times += submissions.values.compactMap(\.deadline) + questions.values.compactMap(\.deadline)
        if isWaitingForBroker { times += links.filter { !$0.answers }.map(\.probeDue) }
        if hasWaitingFrames { times += links.map(\.pausedUntil) }
        return times.filter { $0 > now }.min()
    }

    mutating func send(_ flight: Flight) {
        lastCorrelation += 1
        flights[lastCorrelation] = flight
        if flight.isSubmit { links[flight.broker].submitsInFlight += 1 }
        transmit(lastCorrelation)
    }

    mutating func forget(_ call: CallID) {
        submissions[call] = nil
        questions[call] = nil
        queue.removeAll { $0.call == call }
        for correlation in flights.keys where flights[correlation]?.call == call { land(correlation) }
    }

    /// - Returns: The flight that has ended.
    @discardableResult
    mutating func land(_ correlation: UInt64) -> Flight? {
        guard let flight = flights.removeValue(forKey: correlation) else { return nil }
        if flight.isSubmit { links[flight.broker].submitsInFlight -= 1 }
        return flight
    }

    mutating func finishIfAnswered(_ call: CallID) {
        guard let submission = submissions[call], submission.openCount == 0 else { return }
        directives.append(.verdicts(call, submission.verdicts.compactMap(\.self)))
        forget(call)
    }

    mutating func fail(_ call: CallID, _ error: ClientError) {
        var error = error
        error.verdicts = submissions[call]?.verdicts ?? []
        directives.append(.fail(call, error))
        forget(call)
    }
}
