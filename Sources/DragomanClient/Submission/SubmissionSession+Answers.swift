import JobModel

/// What the session does with what a broker says.
extension SubmissionSession {
    mutating func hear(from broker: Int) {
        links[broker].heardAt = now
        links[broker].denial = nil
        guard !links[broker].answers else { return }
        links[broker].answers = true
        links[broker].probes = 0
        // It is back. What it was sent before may have been lost, so it is sent again soon: not at once, for a broker
        // that was only slow is about to answer the rest too.
        let soon = now + settings.answerTimeout / 8
        for (correlation, flight) in flights where flight.broker == broker {
            flights[correlation]?.due = min(flight.due, soon)
        }
    }

    /// Questions to this broker fail, and submissions when no other is left. It is asked again by later calls: its operator
    /// may have changed its mind.
    mutating func deny(_ error: ClientError, by broker: Int) {
        links[broker].denial = error
        if links.count > 1 { links[broker].answers = false }
        directives.append(.reconnect(broker))
        for (call, question) in questions.sorted(by: { $0.key < $1.key }) where question.broker == broker {
            fail(call, error)
        }
        guard links.allSatisfy({ $0.denial != nil }) else { return }
        for call in submissions.keys.sorted() { fail(call, error) }
        for index in links.indices { links[index].denial = nil }
    }

    mutating func take(_ envelope: Envelope, from broker: Int) {
        if case .fault(let fault) = envelope.body, envelope.correlation.isEmpty {
            return takeUnaddressed(fault, from: broker)
        }
        // Answers to what was asked twice, or is not waited for any more, find no flight.
        guard let correlation = UInt64(bigEndianBytes: envelope.correlation), let flight = flights[correlation] else {
            return
        }
        switch envelope.body {
        case .fault(let fault):
            if flight.isSubmit {
                takeSubmitFault(fault, correlation, from: broker)
            } else {
                takeQuestionFault(fault, correlation, from: broker)
            }
        case .submitReply(let verdicts) where flight.isSubmit:
            take(verdicts, correlation, from: broker)
        case let body where !flight.isSubmit:
            directives.append(.answer(flight.call, body))
            forget(flight.call)
        default:
            fail(flight.call, .unexpectedAnswer(from: settings.endpoints[broker]))
        }
    }

    private mutating func take(_ verdicts: [Verdict], _ correlation: UInt64, from broker: Int) {
        guard let flight = land(correlation), var submission = submissions[flight.call] else { return }
        guard verdicts.map(\.job) == flight.indices.map({ submission.jobs[$0].id }) else {
            return fail(flight.call, .unexpectedAnswer(from: settings.endpoints[broker]))
        }
        var refused: [Int] = []
        var wait = Duration.zero
        for (index, verdict) in zip(flight.indices, verdicts) {
            if case .rejected(let rejection) = verdict.outcome, rejection.code == .retryLater {
                refused.append(index)
                submission.verdicts[index] = verdict
                wait = max(wait, .milliseconds(rejection.retryAfterMilliseconds))
            } else {
                submission.settle(index, verdict.outcome)
            }
        }
        submissions[flight.call] = submission
        if !refused.isEmpty { retry(refused, of: flight, after: wait) }
        finishIfAnswered(flight.call)
    }

    /// The broker is left in peace for as long as it asks. The jobs are free to go to another, unless they were sent to
    /// this one twice: then one copy may be refused and the other accepted. Nor does a later refusal free them.
    private mutating func retry(_ indices: [Int], of flight: Flight, after asked: Duration) {
        let wait = asked > .zero ? backoff.atLeast(asked) : backoff.wait(after: flight.attempts)
        links[flight.broker].pausedUntil = max(links[flight.broker].pausedUntil, now + wait)
        let until = flight.boundUntil ?? (flight.attempts > 1 ? flight.began + settings.failover : nil)
        let bound = until.map { (broker: flight.broker, until: $0) }
        queue.append(QueuedFrame(call: flight.call, indices: indices, bound: bound))
    }

    private mutating func takeSubmitFault(_ fault: Fault, _ correlation: UInt64, from broker: Int) {
        guard let flight = land(correlation) else { return }
        switch fault.code {
        case .unavailable:
            for index in flight.indices {
                guard let id = submissions[flight.call]?.jobs[index].id else { continue }
                let refusal = Verdict(job: id, .rejected(Rejection(.retryLater, fault.message)))
                submissions[flight.call]?.verdicts[index] = refusal
            }
            retry(flight.indices, of: flight, after: .zero)
        case .tooLarge where flight.indices.count > 1:
            // The broker is configured for smaller messages than this client.
            let middle = flight.indices.count / 2
            for half in [flight.indices[..<middle], flight.indices[middle...]] {
                queue.append(QueuedFrame(call: flight.call, indices: Array(half), bound: nil))
            }
        case .tooLarge:
            settle(flight, as: Rejection(.tooLarge, fault.message))
        case .forbidden:
            settle(flight, as: Rejection(.forbidden, fault.message))
        default:
            fail(flight.call, .fault(fault, from: settings.endpoints[broker]))
        }
    }

    private mutating func settle(_ flight: Flight, as rejection: Rejection) {
        for index in flight.indices { submissions[flight.call]?.settle(index, .rejected(rejection)) }
        finishIfAnswered(flight.call)
    }

    private mutating func takeQuestionFault(_ fault: Fault, _ correlation: UInt64, from broker: Int) {
        guard let flight = flights[correlation] else { return }
        if fault.code == .unavailable {
            flights[correlation]?.due = now + backoff.wait(after: flight.attempts)
        } else {
            fail(flight.call, .fault(fault, from: settings.endpoints[broker]))
        }
    }

    /// The broker could not read so far as to find the correlation: no request of this client will be understood there.
    private mutating func takeUnaddressed(_ fault: Fault, from broker: Int) {
        guard [.malformed, .version, .forbidden].contains(fault.code) else { return }
        let calls = Set(flights.values.filter { $0.broker == broker }.map(\.call))
        for call in calls.sorted() { fail(call, .fault(fault, from: settings.endpoints[broker])) }
    }
}
