import JobModel
import Worker

/// A session, and the time.
struct SessionDriver {
    var session: WorkerSession
    var now: UInt64 = 1000 * millisecond
    /// Of the last HELLO.
    private(set) var correlation: [UInt8] = []

    init(_ settings: SessionSettings = .sample, seed: UInt64 = 1) {
        session = WorkerSession(settings: settings, seed: seed, at: now)
    }

    /// One that has been welcomed.
    static func welcomed(_ settings: SessionSettings = .sample) -> SessionDriver {
        var driver = SessionDriver(settings)
        _ = driver.on(.tick)
        _ = driver.welcome()
        _ = driver.on(.progress)
        return driver
    }

    mutating func on(_ event: SessionEvent) -> [SessionDirective] {
        let directives = session.on(event, at: now)
        for case .send(let envelope) in directives {
            if case .hello = envelope.body { correlation = envelope.correlation }
        }
        return directives
    }

    mutating func receive(_ body: Envelope.Body) -> [SessionDirective] { on(.received(Envelope(body))) }

    mutating func welcome(
        leases: [LeaseName] = [], epoch: UInt64 = 1, correlation: [UInt8]? = nil
    ) -> [SessionDirective] {
        let welcome = Welcome(
            epoch: epoch, heartbeatMilliseconds: 1000, silenceMilliseconds: 5000,
            leases: leases)
        return on(.received(Envelope(.welcome(welcome), correlation: correlation ?? self.correlation)))
    }

    mutating func assign(_ assigns: Assign...) {
        for assign in assigns { _ = receive(.assign(assign)) }
    }

    mutating func answerGoodbye(_ leases: [LeaseName]) -> [SessionDirective] {
        on(.received(Envelope(.settled(leases), correlation: Array("goodbye".utf8))))
    }

    /// Begins the next that waits.
    mutating func begin() -> [SessionDirective] {
        guard let next = session.nextWaiting() else { return [] }
        return on(.begin(next.lease))
    }

    mutating func finish(_ number: UInt64) -> [SessionDirective] { on(.finished(LeaseName(number), .sample)) }

    /// Lets time pass, with progress, ticking whenever a tick is due.
    mutating func pass(milliseconds: UInt64, progress: Bool = true) -> [SessionDirective] {
        let end = now + milliseconds * millisecond
        var directives: [SessionDirective] = []
        while let next = session.nextDeadline, next <= end {
            now = max(now, next)
            if progress { directives += on(.progress) }
            directives += on(.tick)
        }
        now = end
        return directives
    }
}
