import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

/// A broker among unreliable people, from a seed: messages get lost and come twice, workers die, disks fail, brokers are
/// killed. Whatever happens, what was promised is kept.
struct World {
    var rig: Rig
    var random: SeededRandom
    var workers: [String: ModelWorker] = [:]
    var accepted: Set<JobKey> = []
    var submitted: [JobKey: Job] = [:]
    var seen: [String: UInt64] = [:]
    var isCalm = false
    private var jobs: UInt64 = 0
    private var generation = 0

    /// What a worker would do.
    struct ModelWorker {
        var name: String
        var leases: [Assignment] = []
        var unsettled: [Assignment] = []
        var isWelcome = false
    }

    static let tenants = ["red", "green"]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 8
        settings.limits.queuedJobsMax = 30
        settings.broker.attemptsMax = 3
        settings.broker.backoffBaseMs = 200
        rig = Rig(settings)
    }

    mutating func step() {
        switch random.integer(0...19) {
        case 0...3: submit()
        case 4: cancel()
        case 5...7: workerSpeaks()
        case 8...11: workerFinishes()
        case 12: workerDies()
        case 13: consumerSpeaks()
        case 14: disk()
        case 15: if random.oneIn(6) { restartBroker() }
        case 16: deadLetters()
        case 17: if random.oneIn(4) { rig.now.wall = rig.now.wall + UInt64(random.integer(0...20_000)) - 10_000 }
        default: rig.advance(milliseconds: UInt64(random.integer(1...1500)))
        }
        deliver()
    }

    /// Everyone recovers, and there is time.
    mutating func calmDown() {
        isCalm = true
        rig.holdsCommits = false
        rig.settle()
        for _ in 0..<90 {
            for name in ["w0", "w1"] { speak(name) }
            for tenant in Self.tenants { consume(tenant) }
            deliver()
            for name in ["w0", "w1"] {
                for assignment in workers[name, default: ModelWorker(name: name)].leases { finish(assignment, name) }
            }
            deliver()
            rig.advance(milliseconds: 700)
            deliver()
        }
    }

    // The wire.

    private mutating func isLost() -> Bool { !isCalm && random.oneIn(12) }

    private mutating func receive(_ body: Envelope.Body, from peer: Peer) {
        if isLost() { return }
        rig.receive(body, from: peer)
        if !isCalm && random.oneIn(15) { rig.receive(body, from: peer) }
    }

    private mutating func deliver() {
        while !rig.assigned.isEmpty || !rig.sent.isEmpty {
            let assigned = rig.assigned
            rig.assigned = []
            for (assignment, peer) in assigned where !isLost() {
                let name = String(decoding: peer.routingID, as: UTF8.self)
                guard workers[name]?.leases.contains(where: { $0.lease == assignment.lease }) == false else { continue }
                workers[name]?.leases.append(assignment)
            }
            let sent = rig.sent
            rig.sent = []
            for (body, _, peer) in sent where !isLost() { take(body, peer) }
        }
    }

    private mutating func take(_ body: Envelope.Body, _ peer: Peer) {
        let name = String(decoding: peer.routingID, as: UTF8.self)
        switch body {
        case .submitReply(let verdicts):
            for verdict in verdicts {
                if case .accepted = verdict.outcome {
                    accepted.insert(JobKey(tenant: peer.identity.tenant, id: verdict.job))
                }
            }
        case .deadLetterReply(let reports):
            for report in reports where report.retryOf != nil {
                accepted.insert(JobKey(tenant: peer.identity.tenant, id: report.job))
            }
        case .welcome: workers[name]?.isWelcome = true
        case .settled(let leases):
            workers[name]?.unsettled.removeAll { leases.contains($0.lease) }
            workers[name]?.leases.removeAll { leases.contains($0.lease) }
        case .brokerBeat(let beat):
            workers[name]?.leases.removeAll { beat.cancelled.contains($0.lease) }
        case .fault(let fault): if fault.code == .unknownPeer { workers[name]?.isWelcome = false }
        case .attached(let attached): seen[name] = attached.nextSequence - 1
        case .record(let record, _):
            if let last = seen[name] {
                // One that was lost on the wire is sent again only to who attaches again.
                #expect(record.sequence > last, "I4: \(record.sequence) after \(last)")
            }
            seen[name] = record.sequence
            receive(.ack(upTo: record.sequence), from: peer)
        default: break
        }
    }

    // What people do.

    private mutating func submit() {
        let tenant = random.choice(Self.tenants)
        var batch: [Job] = []
        for _ in 0...random.integer(0...3) {
            if random.oneIn(4), let again = submitted.values.sorted(by: { $0.id < $1.id }).last, random.flag() {
                batch.append(again)
                continue
            }
            jobs += 1
            var job = Rig.job(jobs, String(repeating: "Some words here.\n", count: random.integer(1...6)))
            job.priority = random.integer(0...3)
            job.wantsPartialResults = random.oneIn(3)
            if random.oneIn(6) { job.deadlineMilliseconds = UInt64(random.integer(100...20_000)) }
            submitted[JobKey(tenant: tenant, id: job.id)] = job
            batch.append(job)
        }
        receive(.submit(batch), from: Rig.producer("p", tenant: tenant))
    }

    private mutating func cancel() {
        guard jobs > 0 else { return }
        let ids = [Rig.id(UInt64(random.integer(1...Int(jobs))))]
        receive(.cancel(ids), from: Rig.producer("p", tenant: random.choice(Self.tenants)))
    }

    private mutating func deadLetters() {
        let tenant = random.choice(Self.tenants)
        let dead = rig.store.deadLetters(of: tenant, after: 0, limit: 1).map(\.job)
        receive(.deadLetterRequest(random.flag() ? .retry(dead) : .drop(dead)), from: Rig.producer("p", tenant: tenant))
    }

    private mutating func workerSpeaks() { speak("w\(random.integer(0...3))") }

    private mutating func speak(_ name: String) {
        let worker = workers[name, default: ModelWorker(name: name)]
        workers[name] = worker
        let leases = (worker.leases + worker.unsettled).map(\.lease)
        if worker.isWelcome {
            receive(.workerBeat(WorkerBeat(leases: leases, loadedModels: [])), from: Rig.worker(name))
            for assignment in worker.unsettled { done(assignment, name) }
        } else {
            receive(
                .hello(Hello(instance: name, models: [Rig.model], leases: leases, window: 40)),
                from: Rig.worker(name))
        }
    }

    private mutating func workerFinishes() {
        let busy = workers.values.filter { !$0.leases.isEmpty }.map(\.name).sorted()
        guard !busy.isEmpty else { return }
        let name = random.choice(busy)
        let assignment = random.choice(workers[name]!.leases)
        if random.oneIn(8) {
            workers[name]!.leases.removeAll { $0.lease == assignment.lease }
            let fail = Fail(lease: assignment.lease, failure: Failure("oops", "no"), isRetryable: !random.oneIn(4))
            receive(.fail(fail), from: Rig.worker(name))
        } else if random.oneIn(10) {
            let leases = workers[name]!.leases.map(\.lease)
            workers[name]!.leases = []
            workers[name]!.isWelcome = false
            receive(.goodbye(unstarted: leases), from: Rig.worker(name))
        } else {
            finish(assignment, name)
        }
    }

    private mutating func finish(_ assignment: Assignment, _ name: String) {
        workers[name]!.leases.removeAll { $0.lease == assignment.lease }
        workers[name]!.unsettled.append(assignment)
        done(assignment, name)
    }

    private mutating func done(_ assignment: Assignment, _ name: String) {
        let content = rig.store.contents(of: [(assignment.job, assignment.lease.chunk.index)])[0]
        let outputs = (content?.sources ?? [.text("")]).map { _ in Output(hypotheses: [.init(text: "x", score: 0)]) }
        receive(
            .done(Done(lease: assignment.lease, outputs: outputs, sourceTokens: 1, sentences: 1)),
            from: Rig.worker(name))
    }

    private mutating func workerDies() {
        let name = "w\(random.integer(0...3))"
        workers[name] = ModelWorker(name: name)
        if random.flag() { rig.crash(name) }
    }

    private mutating func consumerSpeaks() { consume(random.choice(Self.tenants)) }

    private mutating func consume(_ tenant: String) {
        let peer = Rig.consumer("c-\(tenant)", tenant: tenant)
        if random.oneIn(isCalm ? 20 : 3) || seen["c-\(tenant)"] == nil {
            seen["c-\(tenant)"] = nil
            receive(.attach(consumer: "c", fromSequence: nil), from: peer)
        }
        receive(.resultCredit(ResultCredit(records: 5, bytes: 10_000)), from: peer)
    }

    private mutating func disk() {
        switch random.integer(0...3) {
        case 0: rig.holdsCommits = true
        case 1: rig.fail()
        default:
            rig.holdsCommits = false
            rig.settle()
        }
    }

    private mutating func restartBroker() {
        rig.holdsCommits = false
        // What a killed broker had not made durable has not happened.
        rig.restart(wasClosed: random.flag(), awaitsLeaseCommit: random.oneIn(3))
        seen = [:]
    }
}
