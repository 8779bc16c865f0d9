import DequeModule
import Dispatching
import JobModel
import JobStore
import Logging
import SettingValues
import Spans
import Wire
import ZeroMQ

/// The thread that owns the broker's sockets and its state machine: messages become events, directives are performed.
///
/// `@unchecked Sendable`: `init` runs on the starter's thread and everything else on the loop's; starting a thread is a
/// memory barrier. Other threads reach it through the inbox alone.
final class BrokerLoop: @unchecked Sendable {
    /// What other threads have for it.
    enum Letter: Sendable {
        case event(Event)
        /// What a group of commits came to, and what was found when the store's files were looked for after it.
        case committed([(id: CommitID, result: Result<[WriteOutcome], StoreError>)], place: StoreError?)
        /// What keeps the store from taking jobs.
        case storeProblem(StoreError?)
        /// Contents of chunks that were to be assigned.
        case contents([Result<ChunkContent, StoreError>], for: [(assignment: Assignment, peer: Peer)])
        case reconfigured(BrokerConfiguration)
        /// Asks what has been counted, and below how much free space no job is accepted.
        case measure(@Sendable (BrokerMeasures, _ reservedBytes: UInt64) -> Void)
        case stop
    }

    /// Messages taken from one socket before the others have their turn.
    static let messagesPerTurn = 256
    private static let recentBytesMaximum = 8 << 20
    /// Large messages take long to read: 256 of them would be seconds in which no worker is heard.
    static let turnNanoseconds: UInt64 = 20_000_000

    let sockets: BrokerSockets
    let gate: Gate
    let refusals: RefusalLog
    /// nil: no keys are used.
    var access: AccessControl?
    var clients: [GateConnectionID: Client] = [:]
    var clientsPrunedAt = 1024
    /// What this turn has read, for the gate.
    var turn = GateTurn(entries: 4)
    let inbox: Inbox<Letter>
    private(set) var configuration: BrokerConfiguration
    let logger: Logger
    let commits: GroupCommit<CommitID>
    let reader: StoreReader
    var dispatcher: Dispatcher
    private var decoder: EnvelopeDecoder
    /// The frame that is sent next, kept for its memory.
    var frame: [UInt8] = []
    var offenders: Offenders
    /// nil: nothing is traced.
    var tracer: JobTracer?
    let exporter: SpanExporter?
    var contents: ContentCache
    var recent = RecentRecords(bytesMaximum: recentBytesMaximum)
    /// What this turn's reads found at once.
    var answers: Deque<Event> = []
    /// Assignments of this turn whose content must be read; read together.
    var unread: [(assignment: Assignment, peer: Peer)] = []
    var subscriptions = 0
    var subscriptionBytes = SubscriptionBytes<GateConnectionID>()
    let epoch: UInt64
    let onTurn: @Sendable (BrokerTurn) -> Void
    private let freeBytes: @Sendable () -> UInt64?
    private var diskIsDue: UInt64 = 0
    /// Of large messages, since the disk was looked at.
    var receivedBytes = 0
    /// Since memory was given back.
    private var untrimmedBytes = 0
    private static let trimmedBytes = 16 << 20
    private var isStopping = false
    /// Why new jobs are refused, as it was told last.
    private var refusal: String?
    /// Why the broker must end at once.
    private var storeFailure: StoreError?

    init(
        sockets: consuming BrokerSockets, gate: Gate, refusals: RefusalLog, inbox: Inbox<Letter>,
        configuration: BrokerConfiguration,
        commits: GroupCommit<CommitID>,
        reader: StoreReader, dispatcher: Dispatcher, epoch: UInt64, exporter: SpanExporter?, logger: Logger,
        freeBytes: @escaping @Sendable () -> UInt64?, onTurn: @escaping @Sendable (BrokerTurn) -> Void
    ) throws(WireError) {
        decoder = try EnvelopeDecoder(
            frameSizeLimit: configuration.dispatch.broker.frameBytesMax)
        self.sockets = sockets
        self.gate = gate
        access = configuration.access.map { AccessControl(list: $0.allowing) }
        self.refusals = refusals
        self.inbox = inbox
        self.configuration = configuration
        self.commits = commits
        self.reader = reader
        self.dispatcher = dispatcher
        self.epoch = epoch
        self.exporter = exporter
        if exporter != nil { tracer = JobTracer(seed: .random(in: .min ... .max)) }
        self.logger = logger
        self.onTurn = onTurn
        self.freeBytes = freeBytes
        offenders = Offenders(
            offencesMaximum: configuration.dispatch.broker.offencesMax,
            banMilliseconds: UInt64(configuration.dispatch.broker.banMs))
        contents = ContentCache(bytesMaximum: configuration.contentCacheBytes)
    }

    /// Runs until it is told to stop.
    func run() throws(ZeroMQError) {
        sockets.adopt()
        var poller = Poller()
        let jobs = poller.add(sockets.jobs)
        let work = poller.add(sockets.work)
        let results = poller.add(sockets.results)
        let feed = poller.add(sockets.feed)
        _ = poller.add(inbox.wakeUp)
        onTurn(.ready)
        while !isStopping {
            try poller.wait(until: deadline)
            for letter in inbox.take() where !isStopping { try open(letter) }
            if isStopping { break }
            // Workers first: what they bring makes room for what producers bring.
            try receive(from: .work, if: poller.readiness(of: work).contains(.readable))
            try receive(from: .results, if: poller.readiness(of: results).contains(.readable))
            try receive(from: .jobs, if: poller.readiness(of: jobs).contains(.readable))
            try receiveSubscriptions(if: poller.readiness(of: feed).contains(.readable))
            try tick()
            readContents()
            watchDisk()
            tellRefusal()
            tellGate()
            exportSpans()
            onTurn(.worked)
        }
        exportSpans()
        if let storeFailure { onTurn(.failed(storeFailure)) }
    }

    private func tellRefusal() {
        guard dispatcher.refusal != refusal else { return }
        refusal = dispatcher.refusal
        onTurn(.refusing(refusal))
    }

    /// When the machine wants to be asked again. A second at most, so that whoever watches the loop sees it turn.
    private var deadline: ContinuousClock.Instant {
        let now = Moment.now.monotonic
        let next = min(dispatcher.nextDeadline ?? .max, now + 1_000_000_000)
        return .now + .nanoseconds(Int64(next > now ? next - now : 0))
    }

    private func tick() throws(ZeroMQError) {
        guard let deadline = dispatcher.nextDeadline, deadline <= Moment.now.monotonic else { return }
        try handle(.tick)
    }

    private func tellGate() {
        turn.holds(dispatcher.uncommittedBytes)
        gate.tell(turn)
        turn.reset()
        refusals.sumUp(at: Moment.now.monotonic)
    }

    /// Looks at the disk once a second, on a thread that may wait for it.
    private func watchDisk() {
        let now = Moment.now.monotonic
        guard now >= diskIsDue else { return }
        diskIsDue = now + 1_000_000_000
        let least = UInt64(configuration.dispatch.store.diskFreeBytesMin)
        // What much traffic has left in small pieces goes back once that has passed.
        let isToTrim = receivedBytes == 0 && untrimmedBytes >= Self.trimmedBytes
        untrimmedBytes = isToTrim ? 0 : untrimmedBytes + receivedBytes
        receivedBytes = 0
        reader.read { [freeBytes, inbox] store throws(StoreError) in
            if isToTrim { LargeBlocks.trim() }
            if let free = freeBytes() { inbox.post(.event(.diskIsLow(free < least))) }
            try store.mend()
            try store.checkPlace()
        } answer: { [inbox] answer in
            inbox.post(.storeProblem(answer.problem))
        }
    }

    private func open(_ letter: Letter) throws(ZeroMQError) {
        switch letter {
        case .event(let event): try handle(event)
        case .storeProblem(let problem):
            if let problem, endsBroker(problem) { return }
            try handle(.storeProblem(problem))
        case .committed(let results, let place):
            // Before anyone is told that a job is safe.
            if let place { try handle(.storeProblem(place)) }
            for (commit, result) in results {
                // Those of the commit are neither told that it is durable nor that it is not: they ask again.
                if let problem = result.problem, endsBroker(problem) { return }
                contents.end(commit, try? result.get())
                switch result {
                case .success(let outcomes): try handle(.committed(commit, outcomes))
                case .failure(let error): try handle(.commitFailed(commit, error))
                }
            }
        case .contents(let contents, let assignments):
            for (content, (assignment, peer)) in zip(contents, assignments) {
                switch content {
                case .success(let content): try send(assignment, content, to: peer)
                case .failure(let error): try handle(.unreadable(assignment.lease, error))
                }
            }
        case .reconfigured(let configuration):
            self.configuration = configuration
            offenders.offencesMaximum = configuration.dispatch.broker.offencesMax
            offenders.banMilliseconds = UInt64(configuration.dispatch.broker.banMs)
            try handle(.reconfigured(configuration.dispatch))
            if let access = configuration.access {
                replaceList(with: access.allowing)
                try revokeClients()
            }
        case .measure(let answer):
            answer(dispatcher.measures(at: .now), UInt64(configuration.dispatch.store.diskFreeBytesMin))
        case .stop: isStopping = true
        }
    }

    private func endsBroker(_ problem: StoreError) -> Bool {
        guard problem.endsEpoch else { return false }
        storeFailure = problem
        isStopping = true
        return true
    }

    func decode(_ body: borrowing Message) throws(WireError) -> Envelope {
        try body.withUnsafeBytes { bytes throws(WireError) in try decoder.decode(bytes) }
    }

    func encoded(_ envelope: Envelope) -> [UInt8] {
        envelope.encode(into: &frame)
        return frame
    }

    func handle(_ event: Event) throws(ZeroMQError) {
        var next: Event? = event
        while let event = next {
            for directive in dispatcher.on(event, at: .now) { try perform(directive) }
            // Not sooner: an event finds done what the one before directed.
            next = answers.popFirst()
        }
    }
}

/// What the loop tells whoever runs it.
package enum BrokerTurn: Sendable {
    /// The first turn: it serves.
    case ready
    /// The loop has turned: it lives.
    case worked
    /// New jobs are refused, for a reason that may pass; nil: no longer.
    case refusing(String?)
    /// Nothing is left to be done before the end.
    case drained
    /// The loop cannot go on.
    case failed(any Error)
}
