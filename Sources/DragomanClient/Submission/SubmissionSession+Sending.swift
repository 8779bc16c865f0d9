import JobModel

/// What the session does because time has passed, or because there is room.
extension SubmissionSession {
    var hasWaitingFrames: Bool { !queue.isEmpty || submissions.values.contains(where: \.hasUncutJobs) }

    /// Whether it is of use to know which brokers answer.
    var isWaitingForBroker: Bool {
        links.count > 1 && (hasWaitingFrames || flights.values.contains { $0.isSubmit && !links[$0.broker].answers })
    }

    mutating func endOverdueCalls() {
        // Few at a time are overdue, and there may be very many.
        let overdueQuestions = questions.filter { isOverdue($0.value.deadline) }
        for (call, question) in overdueQuestions.sorted(by: { $0.key < $1.key }) {
            fail(call, .noAnswer(from: [settings.endpoints[question.broker]], after: now - question.began))
        }
        let overdueSubmissions = submissions.filter { isOverdue($0.value.deadline) }
        for (call, submission) in overdueSubmissions.sorted(by: { $0.key < $1.key }) {
            // What is on the way may be accepted yet. What is not has been refused for now, or never sent.
            let isOnTheWay = flights.values.contains { $0.call == call }
            let wasHeard = links.contains { $0.heardAt.map { $0 >= submission.began } ?? false }
            guard !isOnTheWay, wasHeard else {
                fail(call, .noAnswer(from: settings.endpoints, after: now - submission.began))
                continue
            }
            directives.append(.verdicts(call, submission.verdictsAtDeadline))
            forget(call)
        }
    }

    private func isOverdue(_ deadline: Duration?) -> Bool { deadline.map { $0 <= now } ?? false }

    mutating func resendOverdueFlights() {
        for correlation in flights.filter({ $0.value.due <= now }).keys.sorted() {
            guard let flight = flights[correlation] else { continue }
            let link = links[flight.broker]
            if link.heardAt.map({ $0 < flight.sentAt }) ?? true {
                if link.answers { links[flight.broker].probeDue = now }
                links[flight.broker].answers = false
                if flight.attempts.isMultiple(of: link.attemptsPerConnection) {
                    directives.append(.reconnect(flight.broker))
                }
            }
            if flight.isSubmit, links.count > 1, now - flight.began >= settings.failover,
                let other = brokerInTurn(except: flight.broker)
            {
                failOver(correlation, to: other)
            }
            transmit(correlation)
        }
    }

    /// What is not answered yet was lost with the old connection.
    mutating func connect(_ broker: Int) {
        // One that only is slow is left later each time, up to a point.
        let waitsMaximum = 4
        links[broker].attemptsPerConnection = 1
        if !links[broker].answers {
            links[broker].probes = 0
            links[broker].probeDue = now
        }
        for correlation in flights.keys.sorted() where flights[correlation]?.broker == broker {
            transmit(correlation)
            guard let flight = flights[correlation] else { continue }
            // Before the last time, it got nowhere.
            let wait = backoff.wait(after: min(flight.attempts - 1, waitsMaximum))
            flights[correlation]?.due = min(flight.due, now + wait)
        }
    }

    private mutating func failOver(_ correlation: UInt64, to other: Int) {
        guard var flight = land(correlation) else { return }
        flight.broker = other
        flight.began = now
        flight.attempts = 0
        flights[correlation] = flight
        links[other].submitsInFlight += 1
    }

    mutating func sendWaitingFrames() {
        var waiting: [QueuedFrame] = []
        for frame in queue {
            guard let broker = broker(for: frame) else {
                waiting.append(frame)
                continue
            }
            for index in frame.indices { submissions[frame.call]?.verdicts[index] = nil }
            var flight = Flight(call: frame.call, indices: frame.indices, broker: broker, began: now)
            flight.boundUntil = frame.bound.flatMap { $0.broker == broker ? $0.until : nil }
            send(flight)
        }
        queue = waiting
        for call in submissions.keys.sorted() {
            while submissions[call]?.hasUncutJobs == true, let broker = brokerInTurn() {
                let indices =
                    submissions[call]?.cutFrame(jobs: settings.jobsPerFrame, bytes: settings.bytesPerFrame) ?? []
                if !indices.isEmpty { send(Flight(call: call, indices: indices, broker: broker, began: now)) }
            }
            finishIfAnswered(call)
        }
    }

    mutating func transmit(_ correlation: UInt64) {
        guard var flight = flights[correlation] else { return }
        flight.attempts += 1
        flight.sentAt = now
        flight.due = now + backoff.wait(after: flight.attempts)
        let failover = flight.began + settings.failover
        if flight.isSubmit, links.count > 1, failover > now { flight.due = min(flight.due, failover) }
        flights[correlation] = flight
        guard let body = body(of: flight) else { return }
        directives.append(.send(Envelope(body, correlation: correlation.bigEndianBytes), to: flight.broker))
    }

    private func body(of flight: Flight) -> Envelope.Body? {
        if let question = questions[flight.call] { return question.body }
        guard let submission = submissions[flight.call] else { return nil }
        return .submit(flight.indices.map { submission.jobs[$0] })
    }

    private mutating func broker(for frame: QueuedFrame) -> Int? {
        guard let bound = frame.bound, now < bound.until else { return brokerInTurn() }
        return takesFrame(bound.broker) ? bound.broker : nil
    }

    /// The next broker that takes a new frame.
    private mutating func brokerInTurn(except: Int? = nil) -> Int? {
        for step in 0..<links.count {
            let index = (turn + step) % links.count
            if index != except, takesFrame(index) {
                turn = index + 1
                return index
            }
        }
        return nil
    }

    private func takesFrame(_ broker: Int) -> Bool {
        let link = links[broker]
        let isReachable = link.answers || links.count == 1
        return isReachable && link.pausedUntil <= now && link.submitsInFlight < settings.framesInFlight
    }

    /// Asks silent brokers how they are: any answer says that they can be given jobs.
    mutating func probe() {
        guard isWaitingForBroker else { return }
        for index in links.indices where !links[index].answers && links[index].probeDue <= now {
            if links[index].probes > 0, links[index].probes.isMultiple(of: links[index].attemptsPerConnection) {
                directives.append(.reconnect(index))
            }
            links[index].probes += 1
            links[index].probeDue = now + backoff.wait(after: links[index].probes)
            directives.append(.send(Envelope(.statusQuery(), correlation: Self.probeCorrelation), to: index))
        }
    }

    static var probeCorrelation: [UInt8] { UInt64.max.bigEndianBytes }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) } }

    /// - Returns: nil when there are not 8 bytes.
    init?(bigEndianBytes bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
