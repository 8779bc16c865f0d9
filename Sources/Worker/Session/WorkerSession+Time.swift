import Clocks
import JobModel

extension WorkerSession {
    mutating func tick(at now: UInt64, _ directives: inout [SessionDirective]) {
        expire(at: now, &directives)
        if isWelcomed, now >= heardAt + silence { greet(at: now, because: .silence, &directives) }
        switch phase {
        case .greeting(let nextHelloAt): if now >= nextHelloAt { sayHello(at: now, &directives) }
        case .welcomed: if now >= pulseAt { pulse(at: now, &directives) }
        case .left: break
        }
    }

    mutating func progress(at now: UInt64, _ directives: inout [SessionDirective]) {
        hasProgress = true
        if isHelloOwed { sayHello(at: now, &directives) }
        if isBeatOwed { beat(&directives) }
    }

    private mutating func sayHello(at now: UInt64, _ directives: inout [SessionDirective]) {
        if let here = hellosHere, here >= Self.hellosHereMaximum {
            hellosHere = 0
            phase = .greeting(nextHelloAt: now + nextPause())
            return directives.append(.reconnect)
        }
        guard hasProgress || table.isEmpty else {
            isHelloOwed = true
            return
        }
        isHelloOwed = false
        hasProgress = false
        // Again and again no answer: the connection itself may be given up.
        if let here = hellosHere {
            hellosHere = here + 1
        } else if attempts > 0, attempts % 5 == 0 {
            directives.append(.reconnect)
        }
        hellos += 1
        lastHelloAt = now
        phase = .greeting(nextHelloAt: now + nextPause())
        let leases = table.all
        greetedLeases = Set(leases)
        let hello = Hello(
            instance: settings.instance, models: settings.models, leases: leases,
            window: isDraining ? 0 : settings.windowTokens, incarnation: settings.incarnation,
            unavailableModels: settings.unavailableModels)
        directives.append(.send(Envelope(.hello(hello), correlation: Self.correlation(hellos))))
    }

    /// Until the next attempt, in nanoseconds.
    mutating func nextPause() -> UInt64 {
        attempts += 1
        return backoff.wait(after: attempts).nanoseconds
    }

    /// What is done at every beat.
    private mutating func pulse(at now: UInt64, _ directives: inout [SessionDirective]) {
        pulseAt = now + heartbeat
        if hasProgress { beat(&directives) } else { isBeatOwed = true }
        for (lease, body) in table.unsettled(sentBy: now - min(now, heartbeat)).prefix(Self.resendingsMaximum) {
            settle(lease, with: body, at: now, &directives)
        }
        if let drain, now < drain.answerUntil || !drain.handedBack.isEmpty { sayGoodbye(&directives) }
    }

    private mutating func beat(_ directives: inout [SessionDirective]) {
        isBeatOwed = false
        hasProgress = false
        directives.append(.send(Envelope(.workerBeat(WorkerBeat(leases: table.all, loadedModels: loadedModels)))))
    }

    /// Gives up what is of no use any more. The broker decides what becomes of it, by its own clock: hence retryable.
    private mutating func expire(at now: UInt64, _ directives: inout [SessionDirective]) {
        for lease in table.expired(at: now) {
            if case .begun? = table[lease]?.stage { directives.append(.cancel(lease)) }
            let failure = Failure("expired", "the deadline passed before the translation was done")
            settle(lease, with: .fail(Fail(lease: lease, failure: failure, isRetryable: true)), at: now, &directives)
        }
    }
}
