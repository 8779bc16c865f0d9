import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit

/// Makes the scenario's mistake, if there is one, around the dispatcher, whose code stays as it is.
struct Saboteur {
    private var content: ChunkContent?
    private var record: Record?
    /// What the disk says to have, and has not.
    private var unsynced: [Write] = []
    private var occasions = 0

    /// True now and then.
    private mutating func isTime(_ count: Int) -> Bool {
        occasions += 1
        return occasions % count == 0
    }

    func moment(_ cluster: Cluster) -> Moment {
        let now = cluster.clock.moment
        return switch cluster.scenario.sabotage {
        case .leasesByTheWall: Moment(monotonic: now.wall * 1_000_000, wall: now.wall)
        case .neverLosesWorkers: Moment(monotonic: 1, wall: now.wall)
        default: now
        }
    }

    func distortsTime(_ cluster: Cluster) -> Bool {
        [.leasesByTheWall, .neverLosesWorkers].contains(cluster.scenario.sabotage)
    }

    func hear(_ envelope: Envelope, from peer: Peer, _ cluster: Cluster) {
        guard cluster.scenario.sabotage == .acceptsBeforeCommit, case .submit(let jobs) = envelope.body else { return }
        let verdicts = jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) }
        cluster.send(Envelope(.submitReply(verdicts), correlation: envelope.correlation), to: peer)
    }

    func forgetLeases(of recovery: inout Recovery) {
        for job in recovery.jobs.indices {
            for chunk in recovery.jobs[job].chunks.indices { recovery.jobs[job].chunks[chunk].lease = nil }
        }
    }

    mutating func altered(_ envelope: Envelope, to peer: Peer, _ cluster: Cluster) -> [Envelope] {
        guard case .record(var new, let epoch) = envelope.body else { return [envelope] }
        switch cluster.scenario.sabotage {
        case .renumbersRecord:
            defer { record = new }
            guard isTime(20), var old = record else { return [envelope] }
            old.sequence = new.sequence
            return [Envelope(.record(old, epoch: epoch))]
        case .skipsRecord:
            if new.sequence == 10 { return [] }
            if new.sequence > 10 { new.sequence -= 1 }
            return [Envelope(.record(new, epoch: epoch))]
        default: return [envelope]
        }
    }

    mutating func altered(_ new: ChunkContent, _ cluster: Cluster) -> ChunkContent {
        guard cluster.scenario.sabotage == .swapsTexts else { return new }
        defer { content = new }
        guard isTime(20), let content, content.sources.count == new.sources.count else { return new }
        return content
    }

    func altered(_ writes: [Write], _ cluster: Cluster) -> [Write] {
        writes.map { write in
            switch (cluster.scenario.sabotage, write) {
            case (.chargesBystanders, .requeue(let key, let chunk, let attempts, let failure?))
            where failure.code == "worker_lost":
                .requeue(key, chunk: chunk, attempts: attempts + 1, failure)
            case (.agesByTheWall, .purge(_, let retention, let acknowledgedRetention, _, let limit)):
                .purge(
                    age: cluster.clock.wall, retention: retention, acknowledgedRetention: acknowledgedRetention,
                    limit: limit)
            default: write
            }
        }
    }

    mutating func losesAnswer(to writes: [Write], _ cluster: Cluster) -> Bool {
        guard cluster.scenario.sabotage == .losesCommitAnswer else { return false }
        return writes.contains { if case .finish = $0 { true } else { false } } && isTime(20)
    }

    mutating func outcomes(of writes: [Write], _ store: FaultyStore, _ cluster: Cluster) -> [WriteOutcome] {
        switch cluster.scenario.sabotage {
        case .liesAboutSync:
            _ = try? store.commit(unsynced)
            unsynced = []
            let jobs = writes.compactMap { write in if case .insert(let job) = write { job } else { nil } }
            // Of a job that the store has it would be no lie, but another mistake, which the machine does not live with.
            let isNew = jobs.allSatisfy { job in
                (try? store.report(on: JobKey(tenant: job.tenant, id: job.job.id))) == nil
            }
            guard jobs.count == writes.count, isNew else { break }
            unsynced = writes
            return jobs.map { .inserted(QueuedJob($0)) }
        case .forgetsEndedJobs:
            let purge = Write.purge(age: 0, retention: 0, acknowledgedRetention: 0, limit: .max)
            if isTime(50) { _ = try? store.commit([purge]) }
        default: break
        }
        guard let outcomes = try? store.commit(writes) else {
            preconditionFailure("the simulated store was written to while it was down")
        }
        return outcomes
    }

    mutating func crash() { unsynced = [] }
}

extension DispatchSettings {
    mutating func admitEverything() {
        limits.queuedJobsMax = .max
        limits.queuedBytesMax = .max
        limits.tenantQueuedJobsMax = 0
        limits.tenantQueuedBytesMax = 0
        limits.inflightBytesMax = .max
    }
}
