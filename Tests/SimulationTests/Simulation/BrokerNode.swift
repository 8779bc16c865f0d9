import Dispatching
import JobModel
import JobStore
import TestKit

/// The broker's process, and its disk, which outlives it.
final class BrokerNode {
    /// What other threads have for the loop.
    enum Item {
        case event(Event)
        case content(ChunkContent?, Assignment, Peer)
    }

    enum ReadTask {
        case query(Query, ReadID)
        case content(Assignment, Peer)
    }

    let store = FaultyStore(keepsGroups: false)
    var dispatcher: Dispatcher?
    private(set) var life = 0
    var disk = Disk()
    var reads: [ReadTask] = []
    private var inbox: [Item] = []
    private var alarm = Alarm()
    private var eventCount = 0
    var saboteur = Saboteur()

    var isUp: Bool { dispatcher != nil }

    func start(_ cluster: Cluster) {
        guard !isUp else { return }
        life += 1
        var recovery = store.recoverOrStop()
        cluster.checker.brokerStarted(recovery)
        if cluster.scenario.sabotage == .forgetsLease { saboteur.forgetLeases(of: &recovery) }
        var settings = cluster.scenario.dispatch
        if cluster.scenario.sabotage == .admitsEverything { settings.admitEverything() }
        dispatcher = Dispatcher(
            settings: settings, recovery: recovery, version: "simulated",
            awaitsLeaseCommit: cluster.scenario.isEmbedded && !recovery.wasClosed,
            seed: cluster.random.next(), at: saboteur.moment(cluster))
        planTick(cluster)
    }

    /// As by SIGKILL or a loss of power: what is not synced may be there or not.
    func crash(_ cluster: Cluster) {
        guard isUp else { return }
        disk.crash(store, keepsGroup: cluster.random.flag())
        saboteur.crash()
        end()
    }

    /// What was to be done before the end is done.
    private func stop(_ cluster: Cluster) {
        disk.finish(store)
        store.closeOrStop()
        end()
        cluster.plan(.start(.broker), after: UInt64(cluster.random.integer(10...3000)) * Span.millisecond)
        if cluster.scenario.isEmbedded { cluster.workers.forEach { $0.restart(cluster) } }
    }

    private func end() {
        dispatcher = nil
        life += 1
        reads = []
        inbox = []
        alarm = Alarm()
    }

    func tick(_ cluster: Cluster) {
        guard alarm.rings(cluster) else { return }
        guard let deadline = dispatcher?.nextDeadline else { return }
        if deadline <= saboteur.moment(cluster).monotonic { on(.tick, cluster) } else { planTick(cluster) }
    }

    func receive(_ letter: Letter, _ cluster: Cluster) {
        guard isUp else { return }
        let peer = cluster.peer(of: letter.connection)
        saboteur.hear(letter.envelope, from: peer, cluster)
        on(.received(letter.envelope, from: peer), cluster)
    }

    func post(_ item: Item, _ cluster: Cluster) {
        inbox.append(item)
        cluster.plan(.inbox(life: life), after: UInt64(cluster.random.integer(5...200)) * Span.microsecond)
    }

    func takeInbox(_ cluster: Cluster) {
        guard !inbox.isEmpty else { return }
        switch inbox.removeFirst() {
        case .event(let event): on(event, cluster)
        case .content(let content?, let assignment, let peer): send(assignment, content, to: peer, cluster)
        case .content(nil, _, _): break
        }
    }

    func on(_ event: Event, _ cluster: Cluster) {
        guard isUp else { return }
        let directives = dispatcher!.on(event, at: saboteur.moment(cluster))
        eventCount += 1
        if eventCount % cluster.scenario.eventsPerCheck == 0, let problem = dispatcher!.check() {
            cluster.checker.fail("the machine's own check: \(problem)")
        }
        for directive in directives { perform(directive, cluster) }
        planTick(cluster)
    }

    private func planTick(_ cluster: Cluster) {
        guard let deadline = dispatcher?.nextDeadline else { return }
        let isDistorted = saboteur.distortsTime(cluster)
        alarm.set(
            cluster, for: .broker, at: isDistorted ? cluster.clock.monotonic + 100 * Span.millisecond : deadline)
    }

    private func perform(_ directive: Directive, _ cluster: Cluster) {
        switch directive {
        case .send(let envelope, let peer):
            for envelope in saboteur.altered(envelope, to: peer, cluster) { cluster.send(envelope, to: peer) }
        case .deliver(let record, let epoch, let peer):
            perform(.send(Envelope(.record(record.record, epoch: epoch)), to: peer), cluster)
        case .assign(let assignment, let peer): assign(assignment, to: peer, cluster)
        case .commit(let id, let writes, _): commit(id, saboteur.altered(writes, cluster), cluster)
        case .read(let query, let id): read(.query(query, id), cluster)
        case .publish, .publishHeartbeat: break
        case .note(let note):
            cluster.trace.line("  broker notes: \(note.message) \(note.fields.sorted { $0.key < $1.key })")
        case .drained: stop(cluster)
        }
    }

    private func assign(_ assignment: Assignment, to peer: Peer, _ cluster: Cluster) {
        // From the cache, or from the disk.
        if cluster.random.flag() {
            guard let content = store.contentOrNil(of: assignment) else { return }
            send(assignment, content, to: peer, cluster)
        } else {
            read(.content(assignment, peer), cluster)
        }
    }

    private func send(_ assignment: Assignment, _ content: ChunkContent, to peer: Peer, _ cluster: Cluster) {
        let assign = Assign(
            lease: assignment.lease, attempt: assignment.attempt, cost: assignment.cost,
            deadlineMilliseconds: assignment.deadlineMilliseconds, priority: assignment.priority,
            isAlone: assignment.isAlone, content: saboteur.altered(content, cluster))
        cluster.send(Envelope(.assign(assign)), to: peer)
    }
}

extension FaultyStore {
    /// The store is up whenever a broker is: anything else is the simulation's mistake.
    func recoverOrStop() -> Recovery {
        guard let recovery = try? recover() else { preconditionFailure("the simulated store does not start") }
        return recovery
    }

    func closeOrStop() {
        guard (try? close()) != nil else { preconditionFailure("the simulated store was closed while it was down") }
    }

    func contentOrNil(of assignment: Assignment) -> ChunkContent? {
        (try? contents(of: [(assignment.job, assignment.lease.chunk.index)]))?.first ?? nil
    }
}
