import Clocks
import JobModel

extension WorkerSession {
    mutating func received(_ envelope: Envelope, at now: UInt64, _ directives: inout [SessionDirective]) {
        heardAt = now
        switch envelope.body {
        case .welcome(let welcome): welcomed(welcome, envelope.correlation, at: now, &directives)
        case .assign(let assign): assigned(assign, at: now)
        case .brokerBeat(let beat): heard(beat, at: now, &directives)
        case .settled(let leases):
            for lease in leases where table[lease]?.isFinished == true { table.remove(lease) }
            drain?.handedBack.removeAll(where: Set(leases).contains)
            if envelope.correlation == Self.goodbyeCorrelation { drain?.answerUntil = now }
        case .fault(let fault): refused(fault, envelope.correlation, at: now, &directives)
        default: break
        }
    }

    private mutating func welcomed(
        _ welcome: Welcome, _ correlation: [UInt8], at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        // The answer to an older HELLO would drop what has come since.
        guard case .greeting = phase, correlation == Self.correlation(hellos) else { return }
        phase = .welcomed
        attempts = 0
        epoch = welcome.epoch
        heartbeat = UInt64(max(welcome.heartbeatMilliseconds, 10)) * nanosecondsPerMillisecond
        silence = max(UInt64(welcome.silenceMilliseconds) * nanosecondsPerMillisecond, 2 * heartbeat)
        pulseAt = now + heartbeat
        isHelloOwed = false
        directives.append(.welcomed(epoch: epoch))
        for lease in greetedLeases.subtracting(welcome.leases).sorted(by: { $0.token < $1.token }) {
            drop(lease, &directives)
        }
        greetedLeases = []
        for (lease, body) in table.unsettled(sentBy: now).prefix(Self.resendingsMaximum) {
            settle(lease, with: body, at: now, &directives)
        }
        if drain != nil { sayGoodbye(&directives) }
    }

    private mutating func assigned(_ assign: Assign, at now: UInt64) {
        guard table[assign.lease] == nil else { return }
        if drain != nil {
            // It was on its way when the worker said that it leaves.
            handBack(assign.lease)
        } else if table.count < Self.leasesMaximum {
            table.insert(assign, deadline: assign.deadlineMilliseconds.map { Self.deadline(in: $0, from: now) })
        }
    }

    private mutating func heard(_ beat: BrokerBeat, at now: UInt64, _ directives: inout [SessionDirective]) {
        for lease in beat.cancelled { drop(lease, &directives) }
        guard isWelcomed else { return }
        if beat.epoch != epoch {
            greet(at: now, because: .restart, &directives)
        } else if beat.isDraining {
            beginDrain(isAsked: true, at: now, &directives)
        }
    }

    private mutating func refused(
        _ fault: Fault, _ correlation: [UInt8], at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        switch fault.code {
        case .unknownPeer:
            if isWelcomed { greet(at: now, because: .unknown, &directives) }
        case .nameTaken:
            guard !isWelcomed, correlation == Self.correlation(hellos) else { return }
            // What this worker may have had is given to others.
            for lease in table.all { drop(lease, &directives) }
            // While a predecessor that has died is still taken to be alive, this passes.
            if attempts >= Self.nameAttemptsMinimum { tell(fault, &directives) }
        case .malformed, .tooLarge:
            directives.append(.refused(fault))
            if let lease = table.all.first(where: { Self.correlation($0.token) == correlation }) {
                refuseResult(of: lease, fault, at: now, &directives)
            }
        case .version, .unexpected, .forbidden, .replaced, .unavailable:
            tell(fault, &directives)
            // A worker that is not welcome tries again, in its own time.
            if isWelcomed { greet(at: now + nextPause(), &directives) }
        }
    }

    /// Of HELLOs that are refused again and again, the first is spoken of, the second, the fourth and so on.
    private func tell(_ fault: Fault, _ directives: inout [SessionDirective]) {
        if isWelcomed || attempts & (attempts - 1) == 0 { directives.append(.refused(fault)) }
    }

    /// To say the result again would be of no use, for ever.
    mutating func refuseResult(
        of lease: LeaseName, _ fault: Fault, at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        guard case .finished(.done, _)? = table[lease]?.stage else { return }
        let failure = Failure(
            "result_refused", "the result cannot be delivered: \(fault.message); ask for less in one job")
        settle(lease, with: .fail(Fail(lease: lease, failure: failure, isRetryable: false)), at: now, &directives)
    }

    /// Forgets a lease that nobody wants any more.
    private mutating func drop(_ lease: LeaseName, _ directives: inout [SessionDirective]) {
        if case .begun? = table.remove(lease)?.stage { directives.append(.cancel(lease)) }
    }

    /// Begins to say HELLO.
    ///
    /// - Parameter loss: Why the broker is lost; nil where it is not.
    mutating func greet(
        at time: UInt64, because loss: SessionDirective.Loss? = nil, _ directives: inout [SessionDirective]
    ) {
        if let loss, isWelcomed { directives.append(.lost(loss)) }
        // A broker that welcomes and then does not know the worker must not be asked as fast as the wire allows.
        let earliest = lastHelloAt.map { $0 + Self.helloPause.nanoseconds } ?? 0
        phase = .greeting(nextHelloAt: max(time, earliest))
        isBeatOwed = false
    }

    static func deadline(in milliseconds: UInt64, from now: UInt64) -> UInt64 {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: nanosecondsPerMillisecond)
        let (sum, overflowSum) = now.addingReportingOverflow(product)
        return overflow || overflowSum ? .max : sum
    }
}
