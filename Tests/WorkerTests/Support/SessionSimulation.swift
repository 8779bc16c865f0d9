import JobModel
import TestKit
import Worker

/// A session, a model broker, and a network between them that drops, doubles, delays and reorders.
struct SessionSimulation {
    private struct Packet {
        var at: UInt64
        var envelope: Envelope
        var isForBroker: Bool
    }

    var broker: ModelBroker
    var session: WorkerSession
    var now: UInt64 = 0
    var isHealthy = false
    /// Whether the broker has a standby, which takes its place now and then.
    let hasStandby: Bool
    /// When there will be a connection again; nil: there is one.
    private var connectsAt: UInt64?
    /// What went against a promise.
    private(set) var violations: [String] = []
    private(set) var welcomes = 0
    private var random: SeededRandom
    private var packets: [Packet] = []
    private var room = EngineRoom(capacity: 4)
    /// What the engine works at, and when it will be done.
    private var running: [LeaseName: UInt64] = [:]
    private var translated: [LeaseName: Int] = [:]
    private var deliveries: [LeaseName: Int] = [:]
    private var hasProgress = true
    private var stuckUntil: UInt64 = 0

    init(seed: UInt64, chunks: UInt64, hasStandby: Bool = false) {
        self.hasStandby = hasStandby
        random = SeededRandom(seed: seed)
        broker = ModelBroker(chunks: chunks)
        var settings = SessionSettings.sample
        settings.windowTokens = 12
        session = WorkerSession(settings: settings, seed: seed, at: 0)
    }

    /// Ten milliseconds.
    mutating func step() {
        now += 10 * millisecond
        if !isHealthy, random.oneIn(500) { broker.restart() }
        if hasStandby, !isHealthy, random.oneIn(500) { failOver() }
        if let due = connectsAt, due <= now {
            connectsAt = nil
            perform(.connected)
        }
        if !isHealthy, random.oneIn(500) { stuckUntil = now + UInt64(random.integer(1...3000)) * millisecond }
        send(broker.tick(at: now, random: &random), toBroker: false)
        deliver()
        let isMoving = now >= stuckUntil
        if isMoving {
            perform(.progress)
            for lease in running.filter({ $0.value <= now }).keys.sorted(by: { $0.token < $1.token }) {
                running[lease] = nil
                room.leave(ChunkTask(broker: 0, lease: lease))
                perform(.finished(lease, random.oneIn(10) ? .broken : .sample))
            }
            while let next = session.nextWaiting() {
                let task = ChunkTask(broker: 0, lease: next.lease)
                guard room.admits(task, next) else { break }
                room.enter(task, next)
                perform(.begin(next.lease))
            }
        }
        if let due = session.nextDeadline, due <= now {
            perform(.tick)
            if let next = session.nextDeadline, next <= now { violations.append("a tick left something due") }
        }
    }

    mutating func perform(_ event: SessionEvent) {
        if case .progress = event { hasProgress = true }
        let before = Set(session.leases)
        for directive in session.on(event, at: now) {
            switch directive {
            case .send(let envelope):
                check(envelope, before: before)
                send([envelope], toBroker: true)
            case .translate(let assign):
                translated[assign.lease, default: 0] += 1
                if translated[assign.lease, default: 0] > deliveries[assign.lease, default: 0] {
                    violations.append("\(assign.lease.token) was begun more often than it was assigned")
                }
                if broker.handedBack.contains(assign.lease) { violations.append("what was handed back was begun") }
                running[assign.lease] = now + UInt64(random.integer(10...800)) * millisecond
            case .cancel(let lease):
                if running.removeValue(forKey: lease) == nil { violations.append("what does not run was cancelled") }
                room.leave(ChunkTask(broker: 0, lease: lease))
            case .welcomed: welcomes += 1
            case .reconnect: if hasStandby { connectsAt = now }
            case .lost, .refused, .left: break
            }
        }
    }

    /// The connection ends with all that is under way, and there is a standby after a while.
    private mutating func failOver() {
        packets = []
        broker.restart()
        connectsAt = now + UInt64(random.integer(0...2000)) * millisecond
        perform(.disconnected)
    }

    /// A session that left with the same event, since its time was over when the message was due, has none any more; it
    /// names those that it had.
    private func namesAll(_ leases: [LeaseName], before: Set<LeaseName>) -> Bool {
        session.hasLeft ? before.isSuperset(of: leases) : leases == session.leases
    }

    private mutating func check(_ envelope: Envelope, before: Set<LeaseName>) {
        switch envelope.body {
        case .workerBeat(let beat):
            if !hasProgress { violations.append("two BEATs without progress") }
            hasProgress = false
            if !namesAll(beat.leases, before: before) { violations.append("a BEAT does not name all leases") }
        case .hello(let hello):
            if !hasProgress, !hello.leases.isEmpty { violations.append("HELLO without progress") }
            hasProgress = false
            if !namesAll(hello.leases, before: before) { violations.append("a HELLO does not name all leases") }
        case .done(let done):
            if broker.handedBack.contains(done.lease) { violations.append("what was handed back was done") }
        default: break
        }
    }

    private mutating func send(_ envelopes: [Envelope], toBroker: Bool) {
        guard connectsAt == nil else { return }
        for envelope in envelopes {
            if !isHealthy, random.oneIn(10) { continue }
            for _ in 0..<(!isHealthy && random.oneIn(10) ? 2 : 1) {
                let delay = isHealthy ? 1 : UInt64(random.integer(1...(random.oneIn(50) ? 3000 : 40)))
                packets.append(Packet(at: now + delay * millisecond, envelope: envelope, isForBroker: toBroker))
            }
        }
    }

    private mutating func deliver() {
        let due = packets.filter { $0.at <= now }
        packets.removeAll { $0.at <= now }
        for packet in due {
            if packet.isForBroker {
                send(broker.receive(packet.envelope, at: now), toBroker: false)
            } else {
                if case .assign(let assign) = packet.envelope.body { deliveries[assign.lease, default: 0] += 1 }
                perform(.received(packet.envelope))
            }
        }
    }
}

extension ChunkOutcome {
    static let broken = ChunkOutcome.failed(Failure("model_unavailable", "try again"), isRetryable: true)
}
