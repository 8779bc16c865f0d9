import JobModel
import TestKit

/// The least broker that keeps the protocol's promises: each of its chunks is leased until it is done, and leases that
/// nobody beats for go back. It lives in memory, and remembers leases over a restart.
struct ModelBroker {
    struct Lease {
        var chunk: UInt64
        var until: UInt64
    }

    static let leaseTime = 3000 * millisecond

    private(set) var epoch: UInt64 = 1
    private(set) var isKnown = false
    private(set) var waiting: [UInt64]
    private(set) var leases: [LeaseName: Lease] = [:]
    private(set) var done: Set<UInt64> = []
    private(set) var handedBack: Set<LeaseName> = []
    private(set) var assigned: Set<LeaseName> = []
    private var revoked: [LeaseName] = []
    private var tokens: UInt64 = 0
    private var window: UInt64 = 0

    init(chunks: UInt64) { waiting = Array(1...chunks) }

    var isDone: Bool { waiting.isEmpty && leases.isEmpty }

    mutating func restart() {
        epoch += 1
        isKnown = false
        revoked = []
    }

    mutating func receive(_ envelope: Envelope, at now: UInt64) -> [Envelope] {
        if case .hello(let hello) = envelope.body {
            isKnown = true
            window = hello.window
            let wanted = hello.leases.filter { leases[$0] != nil }
            for lease in wanted { leases[lease]?.until = now + Self.leaseTime }
            let welcome = Welcome(
                epoch: epoch, heartbeatMilliseconds: 200, silenceMilliseconds: 1000,
                leases: wanted)
            return [Envelope(.welcome(welcome), correlation: envelope.correlation)]
        }
        guard isKnown else {
            return [Envelope(.fault(Fault(.unknownPeer, "say HELLO first")), correlation: envelope.correlation)]
        }
        switch envelope.body {
        case .workerBeat(let beat):
            for lease in beat.leases { leases[lease]?.until = now + Self.leaseTime }
            return [Envelope(.brokerBeat(BrokerBeat(epoch: epoch, cancelled: beat.leases.filter(revoked.contains))))]
        case .workCredit(let tokens): window = tokens
        case .done(let done): return settle(done.lease, isDone: true)
        case .fail(let fail): return settle(fail.lease, isDone: !fail.isRetryable)
        case .goodbye(let unstarted):
            for lease in unstarted {
                guard let back = leases.removeValue(forKey: lease) else { continue }
                handedBack.insert(lease)
                waiting.append(back.chunk)
            }
            return [Envelope(.settled(unstarted), correlation: envelope.correlation)]
        default: break
        }
        return []
    }

    /// Takes leases back whose time is over, and assigns what fits.
    mutating func tick(at now: UInt64, random: inout SeededRandom) -> [Envelope] {
        for (lease, held) in leases where held.until <= now || random.oneIn(400) {
            leases[lease] = nil
            revoked.append(lease)
            waiting.append(held.chunk)
        }
        var assigns: [Envelope] = []
        while isKnown, UInt64(leases.count) < window, !waiting.isEmpty {
            let chunk = waiting.removeFirst()
            tokens += 1
            let lease = LeaseName(chunk: ChunkID(job: JobID(high: 0, low: chunk), index: 0), token: tokens)
            leases[lease] = Lease(chunk: chunk, until: now + Self.leaseTime)
            assigned.insert(lease)
            var assign = Assign(tokens, priority: random.integer(0...3), cost: 1)
            assign.lease = lease
            assign.deadlineMilliseconds = random.oneIn(20) ? UInt64(random.integer(1...500)) : nil
            assigns.append(Envelope(.assign(assign)))
        }
        return assigns
    }

    private mutating func settle(_ lease: LeaseName, isDone: Bool) -> [Envelope] {
        let held = leases.removeValue(forKey: lease)
        if isDone {
            // The first DONE wins, a late one too.
            done.insert(lease.chunk.job.low)
            for (other, entry) in leases where entry.chunk == lease.chunk.job.low {
                leases[other] = nil
                revoked.append(other)
            }
            waiting.removeAll { $0 == lease.chunk.job.low }
        } else if let held, !done.contains(held.chunk) {
            waiting.append(held.chunk)
        }
        return [Envelope(.settled([lease]))]
    }
}
