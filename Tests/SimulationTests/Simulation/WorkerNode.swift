import Dispatching
import JobModel
import SettingValues
import TestKit
import Worker

/// What the engine works at.
struct EngineTask {
    enum End {
        case outcome(ChunkOutcome)
        case cancelled
        case kills
    }

    var task: ChunkTask
    /// Which of the tasks with this name.
    var number: Int
    var end: End
}

/// A worker's process: the session, and a model of the engine.
final class WorkerNode {
    let index: Int
    private(set) var life = 0
    private(set) var session: WorkerSession?
    private(set) var connection: Connection
    private var room: EngineRoom
    private var running: [ChunkTask: Int] = [:]
    private var taskCount = 0
    private var alarm = Alarm()
    /// Stopped as by SIGSTOP.
    var frozenUntil: UInt64 = 0
    /// The engine is stuck.
    var stalledUntil: UInt64 = 0
    /// Its models cannot be loaded.
    var troubledUntil: UInt64 = 0
    private(set) var welcomes = 0
    private var knowsTrouble = false
    private var isLeaving = false
    private var instance: String

    static let watchPeriod = 400 * Span.millisecond
    static let absence = 5 * Span.second
    private static let unavailable = ChunkOutcome.failed(
        Failure(Failure.modelUnavailable, "no such folder"), isRetryable: true)

    init(index: Int) {
        self.index = index
        instance = "worker-\(index)"
        connection = Connection(node: NodeID(kind: .worker, index: index), number: 0)
        room = EngineRoom(capacity: 0)
    }

    var id: NodeID { connection.node }
    var isIdle: Bool { session.map { $0.leaseCount == 0 } ?? false }

    func start(_ cluster: Cluster) {
        guard session == nil else { return }
        life += 1
        connection.number += 1
        isLeaving = false
        if cluster.random.oneIn(cluster.scenario.newNamesOneIn) { instance = "worker-\(index)-\(life)" }
        if cluster.scenario.hasTwins, index < 2 { instance = "twin" }
        room = EngineRoom(capacity: cluster.scenario.roomTokens)
        session = newSession(cluster, pause: 0)
        cluster.plan(.watch(worker: index, life: life), after: 0)
        planTick(cluster)
    }

    private func newSession(_ cluster: Cluster, pause: UInt64) -> WorkerSession {
        WorkerSession(
            settings: settings(cluster), seed: cluster.random.next(), at: cluster.clock.monotonic, pause: pause)
    }

    private func settings(_ cluster: Cluster) -> SessionSettings {
        // The first has all models, so that every job can be done.
        let models = isPartial ? Workload.olderModels : Workload.models
        let unavailable = models.map { UnavailableModel(name: $0.name, reason: "no such folder") }
        return SessionSettings(
            instance: instance, incarnation: UInt64(index) << 32 | UInt64(life), models: knowsTrouble ? [] : models,
            unavailableModels: knowsTrouble ? unavailable : [], windowTokens: cluster.scenario.windowTokens,
            drainMilliseconds: cluster.scenario.workerDrainMilliseconds)
    }

    private var isPartial: Bool { index > 0 && index % 2 == 0 }

    /// Whether it is of a release that tells nothing of its process, and offers models that it cannot load.
    private var isOld: Bool { index == 2 }

    func crash() {
        session = nil
        life += 1
        running = [:]
        alarm = Alarm()
        frozenUntil = 0
        stalledUntil = 0
        troubledUntil = 0
        knowsTrouble = false
    }

    func restart(_ cluster: Cluster) {
        crash()
        cluster.plan(.start(id), after: UInt64(cluster.random.integer(10...8000)) * Span.millisecond)
    }

    func drain(_ cluster: Cluster) {
        isLeaving = true
        on(.drain, cluster)
    }

    func reconnect() { connection.number += 1 }

    func tick(_ cluster: Cluster) {
        guard alarm.rings(cluster) else { return }
        guard let deadline = session?.nextDeadline else { return }
        if deadline <= cluster.clock.monotonic { on(.tick, cluster) } else { planTick(cluster) }
    }

    func watch(_ cluster: Cluster) {
        guard session != nil else { return }
        if stalledUntil <= cluster.clock.monotonic { on(.progress, cluster) }
        if troubledUntil <= cluster.clock.monotonic { knowTrouble(false, cluster) }
        cluster.plan(.watch(worker: index, life: life), after: Self.watchPeriod)
    }

    func engineEnded(_ task: EngineTask, _ cluster: Cluster) {
        guard running[task.task] == task.number else { return }
        if stalledUntil > cluster.clock.monotonic {
            cluster.agenda.plan(.engineEnded(worker: index, life: life, task), at: stalledUntil)
            return
        }
        if case .kills = task.end { return cluster.workerDied(index) }
        running[task.task] = nil
        room.leave(task.task)
        if case .outcome(let outcome) = task.end {
            if outcome == Self.unavailable, troubledUntil > cluster.clock.monotonic { knowTrouble(true, cluster) }
            on(.finished(task.task.lease, outcome), cluster)
        } else {
            begin(cluster)
        }
    }

    func on(_ event: SessionEvent, _ cluster: Cluster) {
        guard session != nil else { return }
        perform(event, cluster)
        begin(cluster)
        planTick(cluster)
    }

    /// Gives the engine what it has room for.
    private func begin(_ cluster: Cluster) {
        while let assign = session?.nextWaiting(),
            room.admits(ChunkTask(broker: 0, lease: assign.lease), assign)
        {
            perform(.begin(assign.lease), cluster)
        }
    }

    private func perform(_ event: SessionEvent, _ cluster: Cluster) {
        for directive in session?.on(event, at: cluster.clock.monotonic) ?? [] {
            switch directive {
            case .send(let envelope): cluster.send(isOld ? envelope.ofOlderRelease : envelope, from: connection)
            case .translate(let assign): translate(assign, cluster)
            case .cancel(let lease): cancel(lease, cluster)
            case .reconnect: reconnect()
            case .welcomed: welcomes += 1
            case .lost, .refused: break
            case .left: left(cluster)
            }
        }
    }

    private func left(_ cluster: Cluster) {
        if isLeaving { return restart(cluster) }
        session = newSession(cluster, pause: Self.absence)
    }

    private func translate(_ assign: Assign, _ cluster: Cluster) {
        let task = ChunkTask(broker: 0, lease: assign.lease)
        room.enter(task, assign)
        taskCount += 1
        running[task] = taskCount
        cluster.checker.began(assign.lease.chunk)
        var time = UInt64(assign.cost) * UInt64(cluster.random.integer(200...6000)) * Span.microsecond
        if troubledUntil > cluster.clock.monotonic {
            let end = EngineTask(task: task, number: taskCount, end: .outcome(Self.unavailable))
            return cluster.plan(.engineEnded(worker: index, life: life, end), after: Span.millisecond)
        }
        let (end, isSlow) = end(of: assign, cluster)
        if isSlow { time += UInt64(cluster.scenario.dispatch.broker.leaseMs) * Span.millisecond * 3 / 2 }
        cluster.plan(
            .engineEnded(worker: index, life: life, EngineTask(task: task, number: taskCount, end: end)), after: time)
    }

    private func end(of assign: Assign, _ cluster: Cluster) -> (EngineTask.End, isSlow: Bool) {
        let sources = assign.content.sources
        let natures = sources.map(Nature.of)
        let isSlow = natures.contains(.slow)
        if natures.contains(.poison) || natures.contains(.shaky) && cluster.random.flag() { return (.kills, isSlow) }
        if natures.contains(.hopeless) {
            return (.outcome(.failed(Failure("hopeless", "it cannot be translated"), isRetryable: false)), isSlow)
        }
        if natures.contains(.moody) && cluster.random.flag() {
            return (.outcome(.failed(Failure("moody", "not now"), isRetryable: true)), isSlow)
        }
        let own = LanguageSelection(source: "fr", target: "de")
        let engine = Engine.name(assign.content.model, isPartial ? own : assign.content.languages)
        let outputs = sources.map { Engine.output(of: $0, by: engine) }
        return (.outcome(.done(outputs, sourceTokens: UInt64(assign.cost), sentences: 1)), isSlow)
    }

    private func knowTrouble(_ isTroubled: Bool, _ cluster: Cluster) {
        guard !isOld, knowsTrouble != isTroubled else { return }
        knowsTrouble = isTroubled
        on(.reconfigured(settings(cluster)), cluster)
    }

    private func cancel(_ lease: LeaseName, _ cluster: Cluster) {
        let task = ChunkTask(broker: 0, lease: lease)
        guard let number = running[task] else { return }
        cluster.plan(
            .engineEnded(worker: index, life: life, EngineTask(task: task, number: number, end: .cancelled)),
            after: UInt64(cluster.random.integer(10...50_000)) * Span.microsecond)
    }

    private func planTick(_ cluster: Cluster) {
        guard let deadline = session?.nextDeadline else { return }
        alarm.set(cluster, for: id, at: deadline)
    }
}

extension Envelope {
    fileprivate var ofOlderRelease: Envelope {
        guard case .hello(var hello) = body else { return self }
        hello.incarnation = nil
        hello.unavailableModels = []
        return Envelope(.hello(hello), correlation: correlation)
    }
}
