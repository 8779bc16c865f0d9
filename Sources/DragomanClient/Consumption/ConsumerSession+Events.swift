import JobModel

extension ConsumerSession {
    mutating func take(_ body: Envelope.Body) {
        switch body {
        case .attached(let attached): take(attached)
        case .record(let record, _): take(record)
        case .acked(let sequence): confirmed = max(confirmed, sequence)
        case .heartbeat(let epoch, let lastSequence): takeHeartbeat(epoch, lastSequence)
        case .fault(let fault): take(fault)
        default: close(.unexpectedAnswer(from: settings.endpoint))
        }
    }

    private mutating func take(_ attached: Attached) {
        switch state {
        case .detached: break
        case .leaving:
            // Nothing of another log has been read.
            if !endsEarly(attached), otherLog(attached) == nil { sendAcknowledgement() }
            return
        // An answer to an ATTACH that was sent twice changes nothing.
        case .attached, .closed: return
        }
        if let other = otherLog(attached) { return close(.otherLog(other, expected: logID, settings.endpoint)) }
        let expected = next ?? settings.from
        if let expected, endsEarly(attached) {
            // Or it is the late answer to an ATTACH of some time ago, and the log has grown since: it is asked again.
            shortLogs += 1
            guard shortLogs > Self.shortLogsMaximum else { return }
            return close(.logEndsEarly(at: attached.lastSequence, before: expected - 1, settings.endpoint))
        }
        shortLogs = 0
        if let expected, attached.nextSequence > expected {
            directives.append(.dropped(expected...attached.nextSequence - 1))
            next = attached.nextSequence
        }
        next = next ?? attached.nextSequence
        logID = attached.logID ?? logID
        state = .attached(epoch: attached.epoch)
        sinceAttach = ResultCredit(records: 0, bytes: 0)
        progressAt = now
        heartbeat = .milliseconds(max(1, attached.heartbeatMilliseconds))
        directives.append(.attached(next: next ?? 0, last: attached.lastSequence, logID: logID))
        reach(attached.lastSequence)
        if acknowledged > confirmed { sendAcknowledgement() }
        directives.append(.send(.resultCredit(settings.window)))
    }

    /// Whether the log ends before what was delivered from it.
    private func endsEarly(_ attached: Attached) -> Bool { next.map { attached.lastSequence + 1 < $0 } ?? false }

    /// The history that the log tells, when it is another than before. A record's number means nothing there.
    private func otherLog(_ attached: Attached) -> LogID? { attached.logID.flatMap { $0 == logID ?? $0 ? nil : $0 } }

    private mutating func take(_ record: Record) {
        // Before the first ATTACHED, it is from another session's time.
        guard let next, record.sequence >= next else { return }
        guard record.sequence == next else { return takeGap(at: next, before: record.sequence) }
        gaps = 0
        self.next = next + 1
        progressAt = now
        outstanding.add(record)
        sinceAttach.records += 1
        sinceAttach.bytes += UInt64(record.roughBytes)
        reach(record.sequence)
        directives.append(.deliver(record))
    }

    private mutating func takeGap(at next: UInt64, before found: UInt64) {
        // What still comes before the broker has answered a new ATTACH is no news.
        guard case .attached = state else { return }
        gaps += 1
        if gaps > Self.gapsMaximum { return close(.gap(at: next, before: found, settings.endpoint)) }
        reattach()
    }

    /// A message can be lost, but not the same one so many times.
    private static let gapsMaximum = 16
    /// An answer can be late, but not so many in a row.
    private static let shortLogsMaximum = 3

    private mutating func takeHeartbeat(_ epoch: UInt64, _ lastSequence: UInt64) {
        guard case .attached(let known) = state else { return }
        guard epoch == known else { return reattach() }
        reach(lastSequence)
        directives.append(.send(.resultCredit(settings.window)))
        if acknowledged > confirmed { sendAcknowledgement() }
    }

    private mutating func take(_ fault: Fault) {
        switch fault.code {
        case .unknownPeer, .unavailable:
            switch state {
            case .attached: reattach(after: fault.code == .unavailable ? backoff.wait(after: 1) : .zero)
            case .leaving where fault.code == .unknownPeer: directives.append(.send(attachment))
            // A detached session has asked already, and does so again when it is due.
            case .detached, .leaving, .closed: break
            }
        case .replaced:
            close(.replaced(settings.consumer, settings.endpoint))
        default:
            close(.fault(fault, from: settings.endpoint))
        }
    }

    private mutating func reach(_ lastSequence: UInt64) {
        guard lastSequence > last else { return }
        // What has come into the log a moment ago is on its way.
        if let next, last < next { progressAt = now }
        last = lastSequence
        directives.append(.reached(lastSequence: last))
    }

    mutating func acknowledge(upTo sequence: UInt64) {
        guard let next, sequence > acknowledged else { return }
        precondition(sequence < next, "acknowledged record \(sequence), and only those before \(next) were delivered")
        acknowledged = sequence
        outstanding.remove(upTo: sequence)
        guard case .attached = state else { return }
        if settings.movesCursor {
            sendAcknowledgement()
        } else if outstanding.count == 0, isWindowUsed {
            // Only by attaching anew does the window open without the cursor being moved.
            reattach()
        }
    }

    private var isWindowUsed: Bool {
        sinceAttach.records >= settings.window.records / 2 || sinceAttach.bytes >= settings.window.bytes / 2
    }

    private mutating func sendAcknowledgement() {
        if settings.movesCursor { directives.append(.send(.ack(upTo: acknowledged))) }
    }

    mutating func leave() {
        if case .leaving = state { return }
        guard settings.movesCursor, acknowledged > confirmed else { return depart() }
        // A broker that may have forgotten this consumer takes no acknowledgement before it knows it again.
        if case .detached = state { directives.append(.send(attachment)) } else { sendAcknowledgement() }
        state = .leaving(until: now + settings.answerTimeout)
    }

    private mutating func depart() {
        directives.append(.send(.detach))
        close(nil)
    }

    mutating func close(_ error: ClientError?) {
        state = .closed
        directives.append(.close(error))
    }

    /// Goes on at a broker that may be another one, over the same log.
    mutating func connect() {
        attemptsPerConnection = 1
        switch state {
        case .attached: reattach()
        case .detached(let attempts, _):
            guard !isFull else { return reattach() }
            // One that is slow to answer is left later each time, up to a point.
            let sent = min(max(attempts - 1, 0), 2) + 1
            directives.append(.send(attachment))
            state = .detached(attempts: sent, due: now + backoff.wait(after: sent))
        case .leaving: directives.append(.send(attachment))
        case .closed: break
        }
    }

    private mutating func reattach(after wait: Duration = .zero) {
        state = .detached(attempts: 0, due: now + wait)
    }

    /// What time, or the last event, makes due.
    mutating func keepGoing() {
        switch state {
        case .detached(let attempts, let due):
            if let patienceEnd, patienceEnd <= now {
                return close(.noAnswer(from: [settings.endpoint], after: now - heardAt))
            }
            guard due <= now, !isFull else { return }
            if attempts > 0, attempts.isMultiple(of: attemptsPerConnection) { directives.append(.reconnect) }
            directives.append(.send(attachment))
            state = .detached(attempts: attempts + 1, due: now + backoff.wait(after: attempts + 1))
        case .attached:
            if now - heardAt >= silence * 2 || isStalled && now - progressAt >= silence {
                let isLost = now - heardAt >= silence * 2
                reattach()
                if isMovable, isLost {
                    // It attaches when there is another connection.
                    directives.append(.reconnect)
                    state = .detached(attempts: 0, due: now + settings.answerTimeout)
                } else {
                    keepGoing()
                }
            } else if now - heardAt >= silence, !isProbing {
                // A broker that has forgotten this consumer answers UNKNOWN_PEER.
                isProbing = true
                directives.append(.send(.resultCredit(settings.window)))
            }
        case .leaving(let until):
            if confirmed >= acknowledged || until <= now { depart() }
        case .closed: break
        }
    }
}

extension ClientError {
    fileprivate static func gap(at next: UInt64, before found: UInt64, _ endpoint: String) -> ClientError {
        ClientError(
            .brokenLog,
            """
            \(endpoint) does not send record \(next), but \(found), although asked for it; tell the broker's operator: \
            its result log is damaged
            """)
    }

    fileprivate static func otherLog(_ found: LogID, expected: LogID?, _ endpoint: String) -> ClientError {
        ClientError(
            .otherLog,
            """
            the result log at \(endpoint) is not the one that was read before: it is \(found), and that was \
            \(expected?.description ?? "unknown"). The broker's store was restored from a backup or copied, so records may \
            be missing, or be others under the same numbers. Nothing was acknowledged there. Ask the broker's operator \
            what was restored; then go on from where the consumer's name is, or begin with a new name
            """)
    }

    fileprivate static func logEndsEarly(at last: UInt64, before known: UInt64, _ endpoint: String) -> ClientError {
        ClientError(
            .brokenLog,
            """
            the result log at \(endpoint) ends at \(last), but record \(known) was already read from it: the broker's \
            store has been replaced; begin again with another consumer's name
            """)
    }

    fileprivate static func replaced(_ consumer: String, _ endpoint: String) -> ClientError {
        ClientError(
            .replaced,
            "another consumer attached at \(endpoint) as \(consumer), and has taken over; every consumer needs its own name"
        )
    }
}
