package import JobModel

/// A worker's side of the protocol `work` towards one broker, as a pure state machine: events in, directives out.
///
///     greeting ──WELCOME──▶ welcomed ──GOODBYE said, nothing left──▶ left
///        ▲                     │
///        └─ silence, UNKNOWN_PEER, another epoch, other models
///
/// - What comes in is translated in order of arrival and priority, as the shell finds room: it looks at `nextWaiting` and
///   answers with `.begin`. What has not begun can be handed back at no charge.
/// - A result is kept, and said again at every beat and after every WELCOME, until the broker has settled it. Sending
///   proves nothing: any message may be lost.
/// - A BEAT, or a HELLO that names leases, is said only when there was progress since the last of them. A worker whose
///   engine is stuck falls silent, and the broker gives its work to others.
package struct WorkerSession: Sendable {
    enum Phase: Sendable {
        /// HELLO is said at `nextHelloAt` (again).
        case greeting(nextHelloAt: UInt64)
        case welcomed
        case left
    }

    /// What the worker still does before it leaves.
    struct Drain: Sendable {
        var until: UInt64
        /// The broker may have assigned more before it knew: until it has answered, or this time has come, something may
        /// still be on its way that is to be handed back.
        var answerUntil: UInt64
        /// Whether it is the broker that asked for it.
        var isAsked: Bool
        /// Leases that GOODBYE names.
        var handedBack: [LeaseName] = []
    }

    /// More than any window needs; a broker that assigns more is told nothing, and its leases lapse.
    static let leasesMaximum = 65_536
    /// At the least, between two HELLOs.
    static let helloPause = Duration.milliseconds(100)
    /// HELLOs without an answer, after which the next of several addresses is tried.
    static let hellosHereMaximum = 4
    /// To how many HELLOs without an answer the waits after a new connection correspond at most.
    static let helloWaitsMaximum = 3
    /// HELLOs that may be refused for a name that is taken before that is spoken of.
    static let nameAttemptsMinimum = 4
    /// Results said again at a time, so that a broker that is slow is not made slower.
    static let resendingsMaximum = 64

    var settings: SessionSettings
    var phase: Phase
    var table = LeaseTable()
    var drain: Drain?
    /// Of HELLOs.
    var backoff: Backoff
    /// HELLOs and refusals since the last WELCOME.
    var attempts = 0
    /// HELLOs said on this connection, of a broker with several addresses.
    var hellosHere: Int?
    var loadedModels: [String] = []
    /// The number of HELLOs said: the correlation of the last one, by which its WELCOME is known from an older one's.
    var hellos: UInt64 = 0
    /// What the last HELLO named: of these, WELCOME says which are wanted.
    var greetedLeases: Set<LeaseName> = []
    var lastHelloAt: UInt64?
    var heardAt: UInt64
    /// From WELCOME; in nanoseconds.
    var epoch: UInt64 = 0
    var heartbeat: UInt64 = 1000 * nanosecondsPerMillisecond
    var silence: UInt64 = 5000 * nanosecondsPerMillisecond
    /// When to beat next.
    var pulseAt: UInt64
    var hasProgress = true
    /// A BEAT or HELLO waits for progress.
    var isBeatOwed = false
    var isHelloOwed = false

    /// - Parameters:
    ///   - seed: Of the back-off's jitter.
    ///   - now: Of a monotonic clock, in nanoseconds, as everywhere here.
    ///   - pause: How long to wait before the first HELLO, in nanoseconds.
    package init(settings: SessionSettings, seed: UInt64, at now: UInt64, pause: UInt64 = 0) {
        self.settings = settings
        phase = .greeting(nextHelloAt: now + pause)
        backoff = Backoff(base: Self.helloPause, maximum: .seconds(10), seed: seed)
        heardAt = now
        pulseAt = now
    }

    package var isWelcomed: Bool { if case .welcomed = phase { true } else { false } }
    package var hasLeft: Bool { if case .left = phase { true } else { false } }
    package var isDraining: Bool { drain != nil }

    /// All that the worker holds, in the order of arrival.
    package var leases: [LeaseName] { table.all }

    package var leaseCount: Int { table.count }

    /// The chunk to begin next, when there is room.
    package mutating func nextWaiting() -> Assign? { table.firstWaiting() }

    package mutating func on(_ event: SessionEvent, at now: UInt64) -> [SessionDirective] {
        if hasLeft { return [] }
        var directives: [SessionDirective] = []
        switch event {
        case .received(let envelope): received(envelope, at: now, &directives)
        case .disconnected:
            phase = .greeting(nextHelloAt: .max)
            (isBeatOwed, isHelloOwed) = (false, false)
        case .connected: connect(at: now, &directives)
        case .progress: progress(at: now, &directives)
        case .begin(let lease):
            if let assign = table.begin(lease) { directives.append(.translate(assign)) }
        case .finished(let lease, let outcome): finished(lease, outcome, at: now, &directives)
        case .unsendable(let lease, let fault): refuseResult(of: lease, fault, at: now, &directives)
        case .reconfigured(let settings): reconfigure(settings, at: now, &directives)
        case .loadedModels(let names): loadedModels = names
        case .drain: beginDrain(at: now, &directives)
        case .tick: tick(at: now, &directives)
        }
        leaveIfDrained(at: now, &directives)
        return directives
    }

    /// When the next `.tick` is due, on the monotonic clock; nil: nothing waits for time.
    package var nextDeadline: UInt64? {
        var deadlines = [table.nextExpiry, drain?.until]
        if table.isEmpty { deadlines.append(drain?.answerUntil) }
        switch phase {
        case .greeting(let nextHelloAt): if !isHelloOwed { deadlines.append(nextHelloAt) }
        case .welcomed: deadlines += [pulseAt, heardAt + silence]
        case .left: return nil
        }
        return deadlines.compactMap { $0 }.min()
    }

    private mutating func connect(at now: UInt64, _ directives: inout [SessionDirective]) {
        hellosHere = 0
        // What a broker that is gone has asked for is no matter of the next one's.
        if drain?.isAsked == true { drain = nil }
        // Whoever is slow to answer is left later each time, up to a point.
        attempts = min(attempts, Self.helloWaitsMaximum)
        greet(at: now, &directives)
        tick(at: now, &directives)
    }

    private mutating func reconfigure(
        _ new: SessionSettings, at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        let old = settings
        settings = new
        guard isWelcomed, !isDraining else { return }
        if (old.instance, old.models, old.unavailableModels) != (new.instance, new.models, new.unavailableModels) {
            greet(at: now, &directives)
        } else if old.windowTokens != new.windowTokens {
            directives.append(.send(Envelope(.workCredit(window: new.windowTokens))))
        }
    }

    private mutating func finished(
        _ lease: LeaseName, _ outcome: ChunkOutcome, at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        // One that was cancelled meanwhile is not wanted any more.
        guard case .begun? = table[lease]?.stage else { return }
        let body: Envelope.Body =
            switch outcome {
            case .done(let outputs, let sourceTokens, let sentences):
                .done(
                    Done(
                        lease: lease, outputs: outputs, sourceTokens: sourceTokens, sentences: sentences))
            case .failed(let failure, let isRetryable):
                .fail(Fail(lease: lease, failure: failure, isRetryable: isRetryable))
            }
        settle(lease, with: body, at: now, &directives)
    }

    /// Keeps what became of a chunk, and says it for the first time.
    mutating func settle(
        _ lease: LeaseName, with body: Envelope.Body, at now: UInt64, _ directives: inout [SessionDirective]
    ) {
        table.finish(lease, with: body, sentAt: now)
        if isWelcomed { directives.append(.send(result(body, of: lease))) }
    }

    /// Results carry their lease's token, by which a refusal of one is known.
    func result(_ body: Envelope.Body, of lease: LeaseName) -> Envelope {
        Envelope(body, correlation: Self.correlation(lease.token))
    }

    static func correlation(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
