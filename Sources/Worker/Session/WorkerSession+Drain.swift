import JobModel

extension WorkerSession {
    /// - Parameter isAsked: Whether the broker asked for it, and so assigns nothing more.
    mutating func beginDrain(isAsked: Bool = false, at now: UInt64, _ directives: inout [SessionDirective]) {
        let until = Self.deadline(in: settings.drainMilliseconds, from: now)
        if let earlier = drain?.until {
            drain?.until = min(earlier, until)
            return
        }
        let isAnswered = isAsked || !isWelcomed
        drain = Drain(until: until, answerUntil: isAnswered ? now : min(until, now + 2 * heartbeat))
        for lease in table.waiting { handBack(lease) }
        // No more, please; what crosses this on its way is handed back too.
        if isWelcomed { directives.append(.send(Envelope(.workCredit(window: 0)))) }
        sayGoodbye(&directives)
        if !isAnswered { beatSoon(&directives) }
    }

    mutating func handBack(_ lease: LeaseName) {
        table.remove(lease)
        drain?.handedBack.append(lease)
    }

    /// Hands back at once what others can begin, though this worker stays until its own work is done. Said again at every
    /// beat, for it may be lost.
    mutating func sayGoodbye(_ directives: inout [SessionDirective]) {
        guard isWelcomed, let handedBack = drain?.handedBack, !handedBack.isEmpty, !table.isEmpty else { return }
        directives.append(.send(Envelope(.goodbye(unstarted: handedBack))))
    }

    mutating func leaveIfDrained(at now: UInt64, _ directives: inout [SessionDirective]) {
        guard let drain, now >= drain.until || (table.isEmpty && now >= drain.answerUntil) else { return }
        for lease in table.begun { directives.append(.cancel(lease)) }
        // Once HELLO is said, the broker may know this worker though it has not been heard yet.
        if hellos > 0 { directives.append(.send(Envelope(.goodbye(unstarted: drain.handedBack)))) }
        phase = .left
        table = LeaseTable()
        directives.append(.left)
    }
}
