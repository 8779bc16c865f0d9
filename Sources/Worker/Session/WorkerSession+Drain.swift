import JobModel

extension WorkerSession {
    /// By which the broker's answer to a GOODBYE is known.
    static let goodbyeCorrelation = Array("goodbye".utf8)

    /// - Parameter isAsked: Whether the broker asked for it, and so assigns nothing more.
    mutating func beginDrain(isAsked: Bool = false, at now: UInt64, _ directives: inout [SessionDirective]) {
        let until = Self.deadline(in: settings.drainMilliseconds, from: now)
        if let earlier = drain?.until {
            drain?.until = min(earlier, until)
            if !isAsked { drain?.isAsked = false }
            return
        }
        let isAnswered = isAsked || !isWelcomed
        drain = Drain(
            until: until, answerUntil: isAnswered ? now : min(until, now + 2 * heartbeat), isAsked: isAsked)
        for lease in table.waiting { handBack(lease) }
        // No more, please; what crosses this on its way is handed back too. Others can begin at once what this worker has
        // not begun, though it stays until its own work is done.
        guard isWelcomed else { return }
        directives.append(.send(Envelope(.workCredit(window: 0))))
        sayGoodbye(&directives)
    }

    mutating func handBack(_ lease: LeaseName) {
        table.remove(lease)
        drain?.handedBack.append(lease)
    }

    /// May be lost, so it is said again at every beat until it is answered.
    mutating func sayGoodbye(_ directives: inout [SessionDirective]) {
        let goodbye = Envelope.Body.goodbye(unstarted: drain?.handedBack ?? [])
        directives.append(.send(Envelope(goodbye, correlation: Self.goodbyeCorrelation)))
    }

    mutating func leaveIfDrained(at now: UInt64, _ directives: inout [SessionDirective]) {
        guard let drain, now >= drain.until || (table.isEmpty && now >= drain.answerUntil) else { return }
        for lease in table.begun { directives.append(.cancel(lease)) }
        // Once HELLO is said, the broker may know this worker though it has not been heard yet.
        if hellos > 0 { sayGoodbye(&directives) }
        phase = .left
        table = LeaseTable()
        directives.append(.left)
    }
}
