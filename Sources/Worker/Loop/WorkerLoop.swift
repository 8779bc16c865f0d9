import Addresses
import Clocks
import DragomanEngine
import Glibc
import JobModel
import SettingValues
import Wire
import ZeroMQ

/// The worker's thread: it owns the sockets, tells the sessions what happens, and does what they direct.
final class WorkerLoop {
    /// What other threads have for it.
    enum Letter: Sendable {
        /// nil: it was cancelled.
        case ended(ChunkTask, ChunkOutcome?)
        case drain
        case stop
        case reload(WorkerConfiguration)
        /// Which addresses names have.
        case found([String: [String]])
    }

    /// How often it looks whether the engine moves, even if nothing else happens.
    private static let watchPause = 400 * nanosecondsPerMillisecond
    /// How often at most: there may be thousands of turns a second.
    private static let watchPauseMinimum = 20 * nanosecondsPerMillisecond
    /// Messages taken from one broker before the others have their turn.
    private static let messagesPerTurn = 64

    var configuration: WorkerConfiguration
    private let host: ModelHost
    let inbox: Inbox<Letter>
    let report: @Sendable (WorkerReport) -> Void
    private var seed: UInt64
    var connections: [BrokerConnection] = []
    var poller = Poller()
    private var decoder: EnvelopeDecoder
    private var tasks: [ChunkTask: Task<Void, Never>] = [:]
    private var room: EngineRoom
    private var monitor: ProgressMonitor
    private var status = WorkerStatus()
    private var isReady = false
    private var isStuck = false
    private var watchedAt: UInt64 = 0
    /// Chunks begun; whose turn it is.
    private var begun = 0
    private var loadedModels: [String] = []
    private var offers: [ModelOffer]
    private var unavailableModels: [UnavailableModel]
    /// What tells this process from others that have its name.
    private let incarnation: UInt64

    init(
        _ configuration: WorkerConfiguration, brokers: [BrokerAddresses], host: ModelHost, inbox: Inbox<Letter>,
        context: Context, seed: UInt64, report: @escaping @Sendable (WorkerReport) -> Void
    ) throws {
        self.configuration = configuration
        self.host = host
        self.inbox = inbox
        self.report = report
        self.seed = seed
        var random = SplitMix64(seed: seed)
        // On the wire, 0 is none.
        incarnation = random.next() | 1
        offers = host.offers
        unavailableModels = host.unavailable.map(UnavailableModel.init)
        decoder = try EnvelopeDecoder(frameSizeLimit: configuration.frameBytesMaximum)
        room = EngineRoom(capacity: configuration.roomTokens)
        monitor = ProgressMonitor(
            patience: UInt64(configuration.settings.progressTimeoutMs) * nanosecondsPerMillisecond)
        _ = poller.add(inbox.wakeUp)
        var options = SocketOptions()
        options.frameBytesMaximum = configuration.frameBytesMaximum
        options.security = configuration.security
        // The window bounds what is under way, and a result that finds the queue full waits for its turn to be said again.
        options.sendQueueMaximum = WorkerSession.leasesMaximum
        options.receiveQueueMaximum = WorkerSession.leasesMaximum
        // For the GOODBYE.
        options.linger = .seconds(1)
        for broker in brokers {
            connections.append(
                BrokerConnection(
                    broker, session: session(pause: 0), seed: random.next(), options: options, context: context))
        }
    }

    /// - Parameter publish: Told the status at every turn.
    /// - Throws: `ZeroMQError`.
    func run(_ publish: (WorkerStatus) -> Void) throws(ZeroMQError) {
        defer { for task in tasks.values { task.cancel() } }
        report(.started)
        for index in connections.indices {
            if connections[index].ring.isSeveral { try perform(.disconnected, for: index) }
            try tell(index, .begin)
        }
        while true {
            for letter in inbox.take() { try open(letter) }
            try watch()
            for index in connections.indices {
                try receive(from: index)
                try takeReports(of: index)
                try tick(index)
            }
            try begin()
            publish(currentStatus())
            if status.isDraining, connections.allSatisfy(\.session.hasLeft) { return }
            try poller.wait(until: nextTurn())
            gather()
        }
    }

    /// When hundreds of chunks are under way, some end every few milliseconds, and each by itself would wake this thread,
    /// the broker's and those between them, on the processors that translate. So they are taken together.
    private func gather() {
        usleep(UInt32(min(tasks.count / 32, 10)) * 1000)
    }

    private func open(_ letter: Letter) throws(ZeroMQError) {
        switch letter {
        case .ended(let task, let outcome):
            tasks[task] = nil
            room.leave(task)
            guard let outcome else { return }
            switch outcome {
            case .done(_, let sourceTokens, let sentences):
                status.done += 1
                status.sourceTokens &+= sourceTokens
                status.sentences &+= sentences
            case .failed(let failure, _) where failure.code == Failure.modelUnavailable:
                // The broker is to know that before it hears of the chunk.
                try updateOffers()
            case .failed: status.failed += 1
            }
            try perform(.finished(task.lease, outcome), for: task.broker)
        case .drain:
            if status.isDraining { configuration.settings.drainMs = 0 }
            try drain()
        case .stop:
            configuration.settings.drainMs = 0
            try drain()
        case .reload(let new): try reload(new)
        case .found(let addresses):
            for index in connections.indices { try tell(index, .found(addresses)) }
        }
    }

    private func drain() throws(ZeroMQError) {
        status.isDraining = true
        for index in connections.indices {
            try perform(.reconfigured(sessionSettings), for: index)
            try perform(.drain, for: index)
        }
    }

    private func reload(_ new: WorkerConfiguration) throws(ZeroMQError) {
        let drainMs = configuration.settings.drainMs
        configuration.settings = new.settings
        if status.isDraining { configuration.settings.drainMs = drainMs }
        configuration.absenceMilliseconds = new.absenceMilliseconds
        host.reconfigure(new.settings)
        monitor.patience = UInt64(new.settings.progressTimeoutMs) * nanosecondsPerMillisecond
        for index in connections.indices { try perform(.reconfigured(sessionSettings), for: index) }
    }

    /// Sees whether the engine moves, and which models are there.
    private func watch() throws(ZeroMQError) {
        let now = monotonicNow()
        guard now >= watchedAt + Self.watchPauseMinimum else { return }
        watchedAt = now
        host.unloadIdle()
        host.retryUnavailable()
        try updateOffers()
        let loaded = host.loaded
        if loaded != loadedModels {
            loadedModels = loaded
            for index in connections.indices { try perform(.loadedModels(loaded), for: index) }
        }
        guard monitor.observe(host.progress, at: now) else {
            if !isStuck { report(.stuck) }
            isStuck = true
            return
        }
        isStuck = false
        report(.alive)
        for index in connections.indices { try perform(.progress, for: index) }
    }

    /// Tells the brokers which models can be loaded, when those are others.
    private func updateOffers() throws(ZeroMQError) {
        let (offers, unavailable) = (host.offers, host.unavailable.map(UnavailableModel.init))
        guard (offers, unavailable) != (self.offers, unavailableModels) else { return }
        (self.offers, unavailableModels) = (offers, unavailable)
        for index in connections.indices { try perform(.reconfigured(sessionSettings), for: index) }
    }

    private func receive(from index: Int) throws(ZeroMQError) {
        let connection = connections[index]
        for _ in 0..<Self.messagesPerTurn {
            guard let result = try connection.socket?.receive(&decoder) else { return }
            try tell(index, .heard)
            switch result {
            case .success(let envelope): try perform(.received(envelope), for: index)
            case .failure(let fault): report(.refused(endpoint: connection.endpoint, fault))
            }
        }
    }

    private func tick(_ index: Int) throws(ZeroMQError) {
        let now = monotonicNow()
        if let due = connections[index].ring.nextDeadline, due <= .nanoseconds(Int64(now)) { try tell(index, .tick) }
        guard let due = connections[index].session.nextDeadline, due <= now else { return }
        try perform(.tick, for: index)
    }

    /// Gives the engine what it has room for: of the brokers' next chunks the one of the highest priority, in turn among
    /// equals.
    private func begin() throws(ZeroMQError) {
        while true {
            var next: (broker: Int, assign: Assign)?
            for index in connections.indices {
                let broker = (index + begun) % connections.count
                guard let assign = connections[broker].session.nextWaiting() else { continue }
                if next.map({ $0.assign.priority < assign.priority }) ?? true { next = (broker, assign) }
            }
            guard let (broker, assign) = next, room.admits(ChunkTask(broker: broker, lease: assign.lease), assign)
            else { return }
            begun += 1
            try perform(.begin(assign.lease), for: broker)
        }
    }

    func perform(_ event: SessionEvent, for index: Int) throws(ZeroMQError) {
        let connection = connections[index]
        for directive in connection.session.on(event, at: monotonicNow()) {
            switch directive {
            case .send(let envelope): try send(envelope, to: index)
            case .translate(let assign): translate(assign, for: index)
            case .cancel(let lease): tasks[ChunkTask(broker: index, lease: lease)]?.cancel()
            case .reconnect:
                try tell(index, .silent)
                // The only address is tried again at once.
                if !connection.ring.isSeveral { try tell(index, .begin) }
            case .welcomed(let epoch):
                connection.complaints.reset()
                report(.welcomed(endpoint: connection.endpoint, epoch: epoch))
                if !isReady { report(.ready) }
                isReady = true
            case .lost(.silence) where connection.ring.isSeveral && connection.ring.isConnected:
                try tell(index, .silent)
            case .lost(let loss): report(.lost(endpoint: connection.endpoint, loss))
            case .refused(let fault): report(.refused(endpoint: connection.endpoint, fault))
            case .left:
                report(.left(endpoint: connection.endpoint))
                if !status.isDraining {
                    connection.session = session(pause: configuration.absenceMilliseconds * nanosecondsPerMillisecond)
                }
            }
        }
    }

    private func send(_ envelope: Envelope, to index: Int) throws(ZeroMQError) {
        let excess = try connections[index].send(envelope)
        guard excess > 0, case .done(let done) = envelope.body else { return }
        let limit = configuration.frameBytesMaximum
        let fault = Fault(.tooLarge, "it takes \(limit + excess) bytes, and a message at most \(limit)")
        try perform(.unsendable(done.lease, fault), for: index)
    }

    private func translate(_ assign: Assign, for index: Int) {
        let task = ChunkTask(broker: index, lease: assign.lease)
        room.enter(task, assign)
        tasks[task] = Task.detached { [host, inbox, report] in
            let outcome = await ChunkTranslation(assign).outcome(from: host)
            // That a model cannot be loaded is logged once, and not for each chunk.
            if case .failed(let failure, _)? = outcome, failure.code != Failure.modelUnavailable {
                report(.failed(FailedChunk(assign, failure)))
            }
            inbox.post(.ended(task, outcome))
        }
    }

    private func session(pause: UInt64) -> WorkerSession {
        seed &+= 1
        let now = monotonicNow()
        var session = WorkerSession(settings: sessionSettings, seed: seed, at: now, pause: pause)
        _ = session.on(.loadedModels(loadedModels), at: now)
        return session
    }

    private var sessionSettings: SessionSettings {
        SessionSettings(
            instance: configuration.instance, incarnation: incarnation, models: offers,
            unavailableModels: unavailableModels, windowTokens: configuration.brokerWindowTokens,
            drainMilliseconds: UInt64(configuration.settings.drainMs))
    }

    private func nextTurn() -> ContinuousClock.Instant {
        let now = monotonicNow()
        let rings = connections.compactMap(\.ring.nextDeadline).min().map(\.nanoseconds) ?? .max
        let due = min(connections.compactMap(\.session.nextDeadline).min() ?? .max, rings)
        let pause = min(due > now ? due - now : 0, Self.watchPause)
        return ContinuousClock.now.advanced(by: .nanoseconds(Int64(pause)))
    }

    private func currentStatus() -> WorkerStatus {
        status.brokers = connections.count
        status.welcomed = connections.count(where: \.session.isWelcomed)
        status.begun = tasks.count
        status.leased = connections.reduce(0) { $0 + $1.session.leaseCount }
        status.loadedModels = loadedModels
        status.isStuck = isStuck
        return status
    }
}
