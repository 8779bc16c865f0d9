import JobModel

extension WorkerSession {
    mutating func beginDrain(at now: UInt64, _ directives: inout [SessionDirective]) {
        let until = Self.deadline(in: settings.drainMilliseconds, from: now)
        if let earlier = drain?.until {
            drain?.until = min(earlier, until)
            return
        }
        drain = Drain(until: until)
        for lease in table.waiting { handBack(lease) }
        // No more, please; what crosses this on its way is handed back too.
        if isWelcomed { directives.append(.send(Envelope(.workCredit(window: 0)))) }
        sayGoodbye(&directives)
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
        guard let drain, table.isEmpty || now >= drain.until else { return }
        for lease in table.begun { directives.append(.cancel(lease)) }
        if isWelcomed { directives.append(.send(Envelope(.goodbye(unstarted: drain.handedBack)))) }
        phase = .left
        table = LeaseTable()
        directives.append(.left)
    }
}
