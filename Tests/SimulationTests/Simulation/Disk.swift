import Dispatching
import JobModel
import JobStore
import TestKit

/// Group commit in virtual time: what is not synced when the broker is killed is gone, or, if it was just being synced,
/// may be there.
struct Disk {
    typealias Commit = (id: CommitID, writes: [Write])

    fileprivate(set) var waiting: [Commit] = []
    fileprivate(set) var syncing: [Commit] = []
    /// Until when some commits fail.
    var troubleUntil: UInt64 = 0

    mutating func append(_ id: CommitID, _ writes: [Write]) { waiting.append((id, writes)) }

    /// - Returns: whether a sync begins.
    mutating func begin() -> Bool {
        guard syncing.isEmpty, !waiting.isEmpty else { return false }
        syncing = waiting
        waiting = []
        return true
    }

    mutating func end() -> [Commit] {
        defer { syncing = [] }
        return syncing
    }

    mutating func crash(_ store: FaultyStore, keepsGroup: Bool) {
        store.crashAtNextCommit(keepsGroup ? .afterSync : .beforeSync)
        _ = try? store.commit(syncing.flatMap(\.writes))
        self = Disk()
    }

    mutating func finish(_ store: FaultyStore) {
        _ = try? store.commit((syncing + waiting).flatMap(\.writes))
        self = Disk()
    }
}

extension BrokerNode {
    func commit(_ id: CommitID, _ writes: [Write], _ cluster: Cluster) {
        cluster.checker.writing(writes)
        disk.append(id, writes)
        sync(cluster)
    }

    private func sync(_ cluster: Cluster) {
        guard disk.begin() else { return }
        let isSlow = cluster.random.oneIn(200)
        let time = cluster.random.integer(isSlow ? 100_000...2_000_000 : 300...6000)
        cluster.plan(.synced(life: life), after: UInt64(time) * Span.microsecond)
    }

    func synced(_ cluster: Cluster) {
        for commit in disk.end() {
            let hasFailed = disk.troubleUntil > cluster.clock.monotonic && cluster.random.flag()
            if hasFailed {
                let error = StoreError(.full, "the simulated disk is full")
                post(.event(.commitFailed(commit.id, error)), cluster)
                continue
            }
            let outcomes = saboteur.outcomes(of: commit.writes, store, cluster)
            cluster.checker.wrote(commit.writes, outcomes, at: cluster.clock)
            if !saboteur.losesAnswer(to: commit.writes, cluster) {
                post(.event(.committed(commit.id, outcomes)), cluster)
            }
        }
        sync(cluster)
    }

    /// One read after the other, beside the commits.
    func read(_ task: ReadTask, _ cluster: Cluster) {
        reads.append(task)
        if reads.count == 1 { planRead(cluster) }
    }

    func readEnded(_ cluster: Cluster) {
        guard !reads.isEmpty else { return }
        switch reads.removeFirst() {
        case .query(let query, let id):
            if let reading = try? query.answer(from: store) {
                post(.event(.read(reading, for: id)), cluster)
            } else {
                preconditionFailure("the simulated store was read while it was down")
            }
        case .content(let assignment, let peer):
            post(.content(store.contentOrNil(of: assignment), assignment, peer), cluster)
        }
        if !reads.isEmpty { planRead(cluster) }
    }

    private func planRead(_ cluster: Cluster) {
        let isSlow = cluster.random.oneIn(300)
        let time = cluster.random.integer(isSlow ? 50_000...1_500_000 : 50...1500)
        cluster.plan(.readEnded(life: life), after: UInt64(time) * Span.microsecond)
    }
}

extension Query {
    fileprivate func answer(from store: any JobStore) throws(StoreError) -> Reading {
        switch self {
        case .records(let tenant, let after, let limit, let bytes):
            return .records(try store.encodedRecords(of: tenant, after: after, limit: limit, bytes: bytes))
        case .firstSequence(let tenant): return .firstSequence(try store.firstSequence(of: tenant))
        case .report(let job): return .report(try store.report(on: job))
        case .deadLetters(let tenant, let after, let limit):
            return .deadLetters(try store.deadLetters(of: tenant, after: after, limit: limit))
        case .allDeadLetters(let tenant, let after, let limit):
            return .deadLetters(try store.deadLetters(fromTenant: tenant, after: after, limit: limit))
        case .jobs(let selection): return .jobs(try store.jobs(selection))
        case .tenants(let ids): return .tenants(try store.tenants(with: ids))
        }
    }
}
