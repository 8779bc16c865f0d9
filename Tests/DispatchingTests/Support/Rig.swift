import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

/// A dispatcher with a store, a clock and everyone's letter boxes.
struct Rig {
    var dispatcher: Dispatcher
    let store = InMemoryJobStore()
    var settings: DispatchSettings
    var now = Moment(monotonic: 1_000_000_000, wall: 1_700_000_000_000)

    /// What came out, until it is taken.
    var sent: [(body: Envelope.Body, correlation: [UInt8], peer: Peer)] = []
    var assigned: [(assignment: Assignment, peer: Peer)] = []
    var published: [LogEntry] = []
    var notes: [Note] = []
    var heartbeats = 0
    var isDrained = false

    /// Whether commits wait for `settle` or `fail`.
    var holdsCommits = false
    var held: [(id: CommitID, writes: [Write])] = []
    /// Whether lists of jobs wait for `readHeldLists`.
    var holdsLists = false
    var heldLists: [(id: ReadID, query: Query)] = []
    /// What the store has said of first records, on its way; nil: it arrives at once.
    var lateFirstRecords: [(id: ReadID, reading: Reading)]?
    var writes: [Write] = []
    var reads: [Query] = []
    /// Whether the machine is looked over after every event, which takes long when it is full.
    var isChecked = true

    static let tenant = Identity(tenant: "default", isOperator: true)
    static let model = ModelOffer(name: "en-fr", sourceLanguage: "en", targetLanguage: "fr")

    init(_ settings: DispatchSettings = DispatchSettings(), hasOffer: Bool = true) {
        self.settings = settings
        let recovery = store.recover()
        if hasOffer { _ = store.commit([.offer(Self.model)]) }
        dispatcher = Dispatcher(
            settings: settings, recovery: recovery, version: "test", awaitsLeaseCommit: false, seed: 1, at: now)
        if hasOffer { restart() }
    }

    /// The broker ends, with or without having closed its store, and another begins; who was connected is not.
    mutating func restart(wasClosed: Bool = true, awaitsLeaseCommit: Bool = false) {
        held = []
        if wasClosed { store.close() }
        dispatcher = Dispatcher(
            settings: settings, recovery: store.recover(), version: "test",
            awaitsLeaseCommit: awaitsLeaseCommit, seed: 1, at: now)
    }

    mutating func on(_ event: Event) {
        var directives = dispatcher.on(event, at: now)[...]
        while let directive = directives.popFirst() {
            switch directive {
            case .send(let envelope, let peer): sent.append((envelope.body, envelope.correlation, peer))
            case .deliver(let record, let epoch, let peer):
                sent.append((.record(record.record, epoch: epoch), [], peer))
            case .assign(let assignment, let peer): assigned.append((assignment, peer))
            case .commit(let id, let new, _):
                writes += new
                if holdsCommits {
                    held.append((id, new))
                } else {
                    let outcomes = store.commit(new)
                    directives += dispatcher.on(.committed(id, outcomes), at: now)
                }
            case .read(let query, let id):
                reads.append(query)
                if holdsLists, case .jobs = query {
                    heldLists.append((id, query))
                    continue
                }
                if lateFirstRecords != nil, case .firstSequence = query {
                    let reading = read(query)
                    lateFirstRecords?.append((id, reading))
                    continue
                }
                directives += dispatcher.on(.read(read(query), for: id), at: now)
            case .publish(let entries): published += entries
            case .publishHeartbeat: heartbeats += 1
            case .note(let note): notes.append(note)
            case .drained: isDrained = true
            }
        }
        if isChecked, let broken = dispatcher.check() { Issue.record("\(broken)") }
    }

    private func read(_ query: Query) -> Reading {
        switch query {
        case .records(let tenant, let after, let limit, let bytes):
            .records(store.encodedRecords(of: tenant, after: after, limit: limit, bytes: bytes))
        case .firstSequence(let tenant): .firstSequence(store.firstSequence(of: tenant))
        case .report(let key): .report(store.report(on: key))
        case .deadLetters(let tenant, let after, let limit):
            .deadLetters(store.deadLetters(of: tenant, after: after, limit: limit))
        case .allDeadLetters(let tenant, let after, let limit):
            .deadLetters(store.deadLetters(fromTenant: tenant, after: after, limit: limit))
        case .jobs(let selection): .jobs(store.jobs(selection))
        case .tenants(let ids): .tenants(store.tenants(with: ids))
        }
    }

    /// Lets commits that were held happen.
    mutating func settle() {
        while !held.isEmpty {
            let (id, writes) = held.removeFirst()
            let outcomes = store.commit(writes)
            on(.committed(id, outcomes))
        }
    }

    /// Reads lists of jobs that were held, and those that have waited for them.
    ///
    /// - Parameter count: How many fail.
    mutating func readHeldLists(failing count: Int = 0) {
        var failures = count
        while !heldLists.isEmpty {
            let (id, query) = heldLists.removeFirst()
            if failures > 0 {
                failures -= 1
                on(.readFailed(StoreError(.full, "the disk is full"), for: id))
            } else {
                on(.read(read(query), for: id))
            }
        }
    }

    mutating func fail(_ error: StoreError = StoreError(.full, "the disk is full")) {
        let failing = held
        held = []
        for (id, _) in failing { on(.commitFailed(id, error)) }
    }

    /// Passes time as a shell does: a tick at each deadline.
    mutating func advance(milliseconds: UInt64) {
        let end = now.monotonic + milliseconds * 1_000_000
        while let deadline = dispatcher.nextDeadline, deadline <= end {
            move(to: max(deadline, now.monotonic))
            on(.tick)
        }
        move(to: end)
        on(.tick)
    }

    private mutating func move(to time: UInt64) {
        now.wall += (time - now.monotonic) / 1_000_000
        now.monotonic = time
    }

    mutating func receive(_ body: Envelope.Body, from peer: Peer, correlation: [UInt8] = []) {
        on(.received(Envelope(body, correlation: correlation), from: peer))
    }

    // Letter boxes.

    mutating func take(for peer: Peer) -> [Envelope.Body] {
        defer { sent.removeAll { $0.peer == peer } }
        return sent.filter { $0.peer == peer }.map(\.body)
    }

    mutating func takeAssigned(for peer: Peer? = nil) -> [Assignment] {
        defer { assigned.removeAll { peer == nil || $0.peer == peer } }
        return assigned.filter { peer == nil || $0.peer == peer }.map(\.assignment)
    }
}

// People.
extension Rig {
    static func producer(_ name: String = "p", tenant: String = "default", isOperator: Bool = true) -> Peer {
        Peer(
            socket: .jobs, routingID: Array(name.utf8), identity: Identity(tenant: tenant, isOperator: isOperator))
    }

    static func worker(_ name: String = "w") -> Peer {
        Peer(socket: .work, routingID: Array(name.utf8), identity: tenant)
    }

    static func consumer(_ name: String = "c", tenant: String = "default") -> Peer {
        Peer(socket: .results, routingID: Array(name.utf8), identity: Identity(tenant: tenant, isOperator: true))
    }

    static func id(_ number: UInt64) -> JobID { JobID(high: 0, low: number) }

    static func job(_ number: UInt64, _ text: String = "Hello.", priority: Int = 0) -> Job {
        var job = Job(id: id(number), [.text(text)])
        job.priority = priority
        return job
    }

    @discardableResult
    mutating func submit(_ jobs: [Job], from peer: Peer = Rig.producer()) -> [Verdict] {
        receive(.submit(jobs), from: peer)
        for case .submitReply(let verdicts) in take(for: peer) { return verdicts }
        return []
    }

    /// A worker's process ends and is started anew: it says HELLO, and knows of no lease. It asks for nothing yet.
    mutating func crash(_ name: String) {
        on(.unreachable(Rig.worker(name)))
        // Something between two HELLOs, or they would be one that came twice.
        receive(.workCredit(window: 0), from: Rig.worker(name))
        hello(name, window: 0)
    }

    @discardableResult
    mutating func hello(
        _ name: String = "w", window: UInt64 = 10_000, leases: [LeaseName] = [], models: [ModelOffer] = [Rig.model],
        incarnation: UInt64? = nil, unavailable: [UnavailableModel] = [], peer: Peer? = nil
    ) -> Welcome? {
        let peer = peer ?? Self.worker(name)
        receive(
            .hello(
                Hello(
                    instance: name, models: models, leases: leases, window: window, incarnation: incarnation,
                    unavailableModels: unavailable)), from: peer)
        for case .welcome(let welcome) in take(for: peer) { return welcome }
        return nil
    }

    mutating func done(_ assignment: Assignment, by name: String = "w") {
        let sources = store.contents(of: [(assignment.job, assignment.lease.chunk.index)])[0]?.sources ?? [.text("")]
        receive(
            .done(
                Done(
                    lease: assignment.lease,
                    outputs: sources.map { _ in Output(hypotheses: [.init(text: "Bonjour.", score: -1)]) },
                    sourceTokens: 4, sentences: 1)), from: Self.worker(name))
    }

    mutating func beat(_ leases: [LeaseName], loaded: [String] = [], by name: String = "w") {
        receive(.workerBeat(WorkerBeat(leases: leases, loadedModels: loaded)), from: Self.worker(name))
    }

    /// Passes time with a worker that names what it was given and what it is said to have.
    mutating func work(milliseconds: UInt64, by name: String = "w", having leases: [LeaseName] = []) {
        for _ in 0..<milliseconds / 1000 {
            advance(milliseconds: 1000)
            let given = assigned.filter { $0.peer == Self.worker(name) }.map(\.assignment.lease)
            if sent.contains(where: { $0.peer == Self.worker(name) && $0.body.isUnknownPeer }) { continue }
            beat(leases + given, by: name)
        }
    }

    mutating func fail(
        _ lease: LeaseName, _ failure: Failure = Failure("oops", "it failed"), isRetryable: Bool = true,
        by name: String = "w"
    ) {
        receive(.fail(Fail(lease: lease, failure: failure, isRetryable: isRetryable)), from: Self.worker(name))
    }

    @discardableResult
    mutating func attach(
        _ name: String = "c", from sequence: UInt64? = nil, tenant: String = "default", records: UInt32 = 100,
        bytes: UInt64 = 1 << 20
    ) -> Attached? {
        let peer = Self.consumer(name, tenant: tenant)
        receive(.attach(consumer: name, fromSequence: sequence), from: peer)
        defer { receive(.resultCredit(ResultCredit(records: records, bytes: bytes)), from: peer) }
        for case .attached(let attached) in take(for: peer) { return attached }
        return nil
    }

    mutating func records(for name: String = "c", tenant: String = "default") -> [Record] {
        take(for: Self.consumer(name, tenant: tenant)).compactMap { body in
            if case .record(let record, _) = body { record } else { nil }
        }
    }

    /// How a job has ended.
    func end(_ number: UInt64, tenant: String = "default") -> JobReport? {
        let report = store.report(on: JobKey(tenant: tenant, id: Self.id(number)))
        return report?.state?.isTerminal == true ? report : nil
    }

    func log(_ tenant: String = "default") -> [Record] {
        store.records(of: tenant, after: 0, limit: .max, bytes: .max)
    }
}

extension Envelope.Body {
    var isUnknownPeer: Bool { if case .fault(let fault) = self { fault.code == .unknownPeer } else { false } }
}
