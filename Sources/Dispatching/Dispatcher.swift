import JobModel
package import JobStore
import SettingValues

/// The broker as a pure state machine: events in, directives out. No input, no output, no clock.
///
/// The law of its order: what an event changes is changed when `on` returns, except for what must be durable first. Those
/// changes are decided by the store, in the order of the commits, and made when `.committed` says what they came to; the
/// answers that speak of them go out then, and not before.
///
/// Invariants are those of the README, I1 to I10; `check()` looks after those that can be seen from one state.
package struct Dispatcher: Sendable {
    var settings: DispatchSettings
    let version: String
    let epoch: UInt64
    /// Which history the logs tell.
    let logID: LogID
    let awaitsLeaseCommit: Bool
    let startedAt: UInt64
    var now: Moment
    var random: SplitMix64

    var outbox = Outbox()
    var tenants = Tenants()
    var catalogue = Catalogue()
    var glossaries = GlossaryShelf()
    var admission = Admission()
    /// What tenants have submitted of late.
    var rates: [Int: TenantRates] = [:]
    var statistics = Statistics()

    var jobs = JobTable()
    var routes = Routes()
    var queue: FairQueue
    var suspects = Suspects()
    var leases: LeaseTable
    var roster = WorkerRoster()
    /// A worker that is given nothing more until it is free for a suspect.
    var clearing: WorkerRef?
    var delivery = Delivery()

    var insertions: [JobKey: Insertion] = [:]
    var lists = JobListTurns()
    var submissions = Requests<Verdict>()
    var cancellations = Requests<JobState?>()
    /// nil: not a dead letter.
    var deadLetters = Requests<JobReport?>()
    var consumerRemovals = Requests<StatusReport.ConsumerStatus>()
    var modelRemovals = Requests<StatusReport.ModelStatus>()
    var glossaryRemovals = Requests<NamedGlossary>()

    /// Chunks whose state has an end: `waiting` and `unsettled`.
    var waits = Timers<ChunkRef>()
    /// Jobs with a deadline, in Unix milliseconds.
    var expiries = Timers<JobRef>()
    /// Ends that the disk did not take.
    var unwrittenEnds: [JobEnd] = []
    var unwrittenOffers: [ModelOffer] = []
    /// Since the start, and when one was last spoken of.
    var failureCount = 0
    var failureNotedAt: UInt64?
    var schedule: Schedule
    var storeAge: StoreAge
    var drainStage = DrainStage.running

    /// A job on its way to the disk.
    struct Insertion: Sendable {
        var digest: [UInt8]
        var byteCount: Int
        var tenant: Int
        /// Whether its submission waits, or others of the same job.
        var waiting: [(part: Part, digest: [UInt8])]
    }

    /// When things are due next that are always due sometime, on the monotonic clock; the largest number: never.
    struct Schedule: Sendable {
        var beat: UInt64
        var retry = UInt64.max
        var purge: UInt64
        var resumeGrace: UInt64
        var drain = UInt64.max
    }

    enum DrainStage: Sendable { case running, draining, overdue, drained }

    /// - Parameters:
    ///   - awaitsLeaseCommit: Whether an ASSIGN waits until its lease is durable. A broker whose workers are in its own
    ///     process sets it after it was killed, so that a chunk that kills the process at once is known the next time.
    ///   - seed: Of the back-off's jitter, and of new ids.
    package init(
        settings: DispatchSettings, recovery: Recovery, version: String, awaitsLeaseCommit: Bool, seed: UInt64,
        at now: Moment
    ) {
        self.settings = settings
        self.version = version
        self.awaitsLeaseCommit = awaitsLeaseCommit
        self.now = now
        epoch = recovery.epoch
        logID = recovery.logID
        startedAt = now.monotonic
        random = SplitMix64(seed: seed ^ recovery.epoch &* 0xD134_2543_DE82_EF95)
        queue = FairQueue(quantum: Int(settings.broker.chunkTokensMax))
        leases = LeaseTable(epoch: recovery.epoch)
        schedule = Schedule(
            beat: now.after(milliseconds: settings.broker.heartbeatMs), purge: now.after(milliseconds: Purge.period),
            resumeGrace: now.after(milliseconds: settings.broker.resumeGraceMs))
        storeAge = StoreAge(milliseconds: recovery.age, at: now)
        wasTorn = awaitsLeaseCommit && !recovery.wasClosed
        admission.storeProblem = recovery.problem
        recover(recovery)
    }

    /// How long the writing of a result may wait for others, in milliseconds. The busier, the longer: small beside the
    /// time that a result has taken among so many others, and none for one that was alone. Each transaction costs the
    /// processor, which the workers want, as much as dozens of results in it.
    var resultDelay: UInt64 { min(UInt64(leases.count) / 8, 100) }

    /// Of what nobody waits for.
    var noteDelay: UInt64 { max(resultDelay, 20) }

    /// Whether chunks that were with a worker may be what killed the broker itself.
    let wasTorn: Bool

    package mutating func on(_ event: Event, at now: Moment) -> [Directive] {
        self.now = Moment(monotonic: max(now.monotonic, self.now.monotonic), wall: now.wall)
        switch event {
        case .received(let envelope, let peer): received(envelope, from: peer)
        case .answerRefused(let lease, let peer): answerRefused(lease, from: peer)
        case .unreachable(let peer): unreachable(peer)
        case .revoked(let peer): revoke(peer)
        case .committed(let commit, let outcomes): committed(commit, outcomes)
        case .commitFailed(let commit, let error): commitFailed(commit, error)
        case .read(let reading, let read): answered(read, with: reading)
        case .readFailed(let error, let read): readFailed(read, error)
        case .unreadable(let lease, let error): unreadable(lease, error)
        case .tick: break
        case .drain: drain()
        case .reconfigured(let settings): reconfigure(settings)
        case .diskIsLow(let isLow): admission.diskIsLow = isLow
        case .storeProblem(let error): storeProblem(error)
        }
        passTime()
        assign()
        sendCancellations()
        endDrain()
        return outbox.take()
    }

    /// Why no new job is accepted at present, whoever sends it; nil: jobs are accepted.
    package var refusal: String? { admission.refusal }

    /// The name of the worker that a peer is, or of the consumer; nil: it is none.
    package func worker(at peer: Peer) -> String? { roster.find(peer).map { roster[$0].instance } }
    package func consumer(at peer: Peer) -> String? {
        delivery.find(peer).flatMap { delivery.consumer($0.slot)?.name }
    }

    /// Of jobs and glossaries on their way to the disk.
    package var uncommittedBytes: Int { admission.uncommittedBytes + glossaries.writingCost }

    /// When the next `.tick` is due, on the monotonic clock.
    package var nextDeadline: UInt64? {
        var next = min(schedule.beat, schedule.retry, schedule.purge, schedule.resumeGrace, schedule.drain)
        if let wait = waits.next { next = min(next, wait) }
        if let expiry = expiries.next {
            next = min(next, now.after(milliseconds: expiry > now.wall ? expiry - now.wall : 0))
        }
        return next
    }

    private mutating func received(_ envelope: Envelope, from peer: Peer) {
        let address = ReturnAddress(peer: peer, correlation: envelope.correlation)
        switch peer.socket {
        case .jobs: receivedFromProducer(envelope.body, address)
        case .work: receivedFromWorker(envelope.body, address)
        case .results: receivedFromConsumer(envelope.body, address)
        }
    }

    private mutating func unreachable(_ peer: Peer) {
        switch peer.socket {
        case .jobs: break
        // Its connection is gone, and perhaps nothing else: it has time to come back with its leases, until it has been
        // silent for too long. It is given nothing meanwhile.
        case .work: if let worker = roster.find(peer) { roster[worker].isUnreachable = true }
        case .results: if let consumer = delivery.find(peer) { delivery.detach(consumer, at: age) }
        }
    }

    /// What the peer held is given back, and nothing of it is suspect: it was not its fault.
    private mutating func revoke(_ peer: Peer) {
        switch peer.socket {
        case .jobs: break
        case .work:
            guard let worker = roster.find(peer) else { return }
            roster[worker].isLeaving = true
            lose(worker, because: "its key was revoked")
        case .results: if let consumer = delivery.find(peer) { delivery.detach(consumer, at: age) }
        }
    }

    private mutating func reconfigure(_ settings: DispatchSettings) {
        self.settings = settings
        queue.quantum = Int(settings.broker.chunkTokensMax)
        for tenant in tenants.names.indices { queue.setWeight(limits(of: tenant).weight, of: tenant) }
    }

    func limits(of tenant: Int) -> TenantLimits { settings.tenantLimits[tenants.names[tenant]] ?? TenantLimits() }

    /// Of files that are gone: to end now would lose what has been accepted, for nobody else has them any more.
    private mutating func storeProblem(_ error: StoreError?) {
        defer { admission.storeProblem = error }
        guard admission.storeProblem?.code != error?.code else { return }
        if let error {
            outbox.note(.error, error.message, ["code": error.code.description])
        } else {
            outbox.note(.notice, "the job store can be written to again: new jobs are accepted")
        }
    }

    /// Refuses what does not belong here.
    mutating func refuse(_ code: Fault.Code, _ message: String, to address: ReturnAddress) {
        outbox.send(.fault(Fault(code, message)), to: address)
    }

    func key(of job: JobRef) -> JobKey { JobKey(tenant: tenants.names[jobs[job].tenant], id: jobs[job].id) }
}
