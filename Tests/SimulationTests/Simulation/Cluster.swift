import Dispatching
import JobModel
import JobStore
import TestKit
import Worker

/// A whole cluster in one process and in virtual time. All chance comes from the seed, and nothing depends on the order of
/// a dictionary, so the same scenario is the same run, everywhere.
final class Cluster {
    let scenario: Scenario
    var random: SeededRandom
    var clock = VirtualClock()
    var agenda = Agenda()
    var trace: Trace
    var checker: Checker
    var network: Network
    var workload = Workload()
    let broker = BrokerNode()
    let workers: [WorkerNode]
    let producers: [ProducerNode]
    let consumers: [ConsumerNode]
    private(set) var steps = 0
    private var stepsAtOnce = 0
    /// No more faults, and nothing new.
    private(set) var isCalm = false

    init(_ scenario: Scenario, linesMaximum: Int = 0) {
        self.scenario = scenario
        random = SeededRandom(seed: scenario.seed)
        trace = Trace(linesMaximum: linesMaximum)
        checker = Checker(scenario)
        network = Network(scenario.weather)
        workers = (0..<scenario.workers).map { WorkerNode(index: $0) }
        func tenant(_ index: Int) -> String { "tenant-\(index % scenario.tenants)" }
        producers = (0..<scenario.tenants * scenario.producersPerTenant).map {
            ProducerNode(index: $0, tenant: tenant($0))
        }
        consumers = (0..<scenario.tenants * scenario.consumersPerTenant).map {
            ConsumerNode(index: $0, tenant: tenant($0))
        }
        broker.start(self)
        for worker in workers { worker.start(self) }
        for producer in producers { producer.start(self) }
        for consumer in consumers { consumer.start(self) }
        if scenario.mischief.total > 0 { planMischief() }
    }

    /// - Returns: whether it may go on.
    func run(steps count: Int) -> Bool {
        let end = steps + count
        while steps < end, checker.violation == nil { step() }
        return checker.violation == nil
    }

    func run(until time: UInt64) {
        while clock.monotonic < time, checker.violation == nil { step() }
    }

    /// Ends all faults and lets everything that is in the cluster come to its end.
    func settle() {
        calm()
        let patience = clock.monotonic + scenario.patienceMinutes * Span.minute
        while checker.violation == nil, !isSettled {
            for _ in 0..<100 { step() }
            if clock.monotonic > patience { return checker.fail("I7: not at its end after hours: \(leftovers)") }
        }
        let lost = checker.lost
        if !lost.isEmpty { checker.fail("I2: lost \(lost.count): \(lost.prefix(3).map(\.id))") }
        if let problem = broker.dispatcher?.check() { checker.fail("the machine's own check: \(problem)") }
    }

    private var isSettled: Bool {
        checker.bounds.isEmpty && checker.lost.isEmpty && producers.allSatisfy(\.isIdle) && broker.isUp
            && workers.allSatisfy(\.isIdle) && consumers.allSatisfy { $0.processed == checker.logLength(of: $0.tenant) }
    }

    private var leftovers: String {
        """
        unfinished \(checker.bounds.keys.prefix(3).map(\.id)), lost \(checker.lost.prefix(3).map(\.id)), \
        producers \(producers.filter { !$0.isIdle }.map(\.index)), workers \(workers.filter { !$0.isIdle }.map(\.index)), \
        consumers at \(consumers.map(\.processed)), broker \(broker.isUp)
        """
    }

    func calm() {
        isCalm = true
        network.calm()
        broker.disk.troubleUntil = 0
        for worker in workers { worker.troubledUntil = 0 }
    }

    // Time.

    func plan(_ happening: Happening, after pause: UInt64) { agenda.plan(happening, at: clock.monotonic + pause) }

    private func step() {
        guard let (time, happening) = agenda.next() else {
            return checker.fail("I7: nothing is going to happen any more")
        }
        steps += 1
        stepsAtOnce = time > clock.monotonic ? 0 : stepsAtOnce + 1
        if stepsAtOnce > 100_000 { return checker.fail("I7: time stands still: \(happening)") }
        clock.advance(to: time)
        happen(happening)
    }

    private func happen(_ happening: Happening) {
        switch happening {
        case .arrival(let letter): arrive(letter)
        case .tick(let node): tick(node)
        case .start(let node): start(node)
        case .synced(let life): if broker.life == life { broker.synced(self) }
        case .readEnded(let life): if broker.life == life { broker.readEnded(self) }
        case .inbox(let life): if broker.life == life { broker.takeInbox(self) }
        case .watch(let worker, let life):
            let node = workers[worker]
            guard node.life == life, !postpones(node, happening) else { return }
            node.watch(self)
        case .engineEnded(let worker, let life, let task):
            let node = workers[worker]
            guard node.life == life, !postpones(node, happening) else { return }
            trace.note(40, UInt64(worker), task.task.lease.token)
            node.engineEnded(task, self)
        case .produce(let producer, let life): if producers[producer].life == life { producers[producer].produce(self) }
        case .acknowledge(let consumer, let life, let sequence):
            if consumers[consumer].life == life { consumers[consumer].acknowledge(upTo: sequence, self) }
        case .mischief: makeMischief()
        }
    }

    private func tick(_ node: NodeID) {
        trace.note(41, UInt64(node.kind.rawValue), UInt64(node.index), clock.monotonic)
        switch node.kind {
        case .broker: broker.tick(self)
        case .worker: if !postpones(workers[node.index], .tick(node)) { workers[node.index].tick(self) }
        case .producer: producers[node.index].tick(self)
        case .consumer: consumers[node.index].tick(self)
        }
    }

    private func start(_ node: NodeID) {
        trace.note(42, UInt64(node.kind.rawValue), UInt64(node.index))
        trace.line("\(seconds) \(node.kind) \(node.index) starts")
        switch node.kind {
        case .broker: broker.start(self)
        case .worker: workers[node.index].start(self)
        case .producer: producers[node.index].start(self)
        case .consumer: consumers[node.index].start(self)
        }
    }

    /// A frozen process does everything later.
    private func postpones(_ worker: WorkerNode, _ happening: Happening) -> Bool {
        guard worker.frozenUntil > clock.monotonic else { return false }
        agenda.plan(happening, at: worker.frozenUntil)
        return true
    }

    // Messages.

    func peer(of connection: Connection) -> Peer {
        let routingID = connection.routingID(brokerLife: broker.life)
        let index = connection.node.index
        return switch connection.node.kind {
        case .producer: Peer(socket: .jobs, routingID: routingID, identity: .tenant(producers[index].tenant))
        case .consumer: Peer(socket: .results, routingID: routingID, identity: .tenant(consumers[index].tenant))
        case .worker, .broker: Peer(socket: .work, routingID: routingID, identity: .everyone)
        }
    }

    func send(_ envelope: Envelope, from connection: Connection) {
        post(Letter(envelope: envelope, connection: connection, isToBroker: true, brokerLife: broker.life))
    }

    func send(_ envelope: Envelope, to peer: Peer) {
        let connection = Connection(peer)
        // The socket finds out, sooner or later, that nobody is there.
        if self.connection(of: connection.node) != connection, random.flag() {
            broker.post(.event(.unreachable(peer)), self)
            return
        }
        post(Letter(envelope: envelope, connection: connection, isToBroker: false, brokerLife: broker.life))
    }

    private func post(_ letter: Letter) {
        for time in network.arrivals(of: letter, at: clock.monotonic, random: &random) {
            agenda.plan(.arrival(letter), at: time)
        }
    }

    private func connection(of node: NodeID) -> Connection? {
        switch node.kind {
        case .broker: nil
        case .worker: workers[node.index].session == nil ? nil : workers[node.index].connection
        case .producer: producers[node.index].isUp ? producers[node.index].connection : nil
        case .consumer: consumers[node.index].isUp ? consumers[node.index].connection : nil
        }
    }

    private func arrive(_ letter: Letter) {
        let node = letter.connection.node
        if !letter.isToBroker {
            guard connection(of: node) == letter.connection, letter.brokerLife == broker.life || !broker.isUp else {
                return
            }
            if node.kind == .worker, postpones(workers[node.index], .arrival(letter)) { return }
        }
        let (kind, detail) = letter.envelope.traceWords
        trace.note(kind, detail, UInt64(node.kind.rawValue) << 8 | UInt64(node.index), clock.monotonic)
        trace.line(
            "\(seconds) \(letter.isToBroker ? "from" : "to") \(node.kind) \(node.index): \(letter.envelope.body)")
        if letter.isToBroker { return broker.receive(letter, self) }
        switch node.kind {
        case .broker: break
        case .worker: workers[node.index].on(.received(letter.envelope), self)
        case .producer: producers[node.index].receive(letter, self)
        case .consumer: consumers[node.index].receive(letter, self)
        }
    }

    var seconds: String { "\(Double(clock.monotonic / 1000) / 1_000_000)" }
}

extension Identity {
    static func tenant(_ name: String) -> Identity { Identity(tenant: name, isOperator: false) }
}
