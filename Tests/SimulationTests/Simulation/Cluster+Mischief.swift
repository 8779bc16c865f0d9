import Dispatching
import SettingValues
import TestKit

/// What goes wrong in a data centre.
extension Cluster {
    func planMischief() {
        plan(.mischief, after: UInt64(random.integer(1...2 * scenario.mischiefMilliseconds)) * Span.millisecond)
    }

    func makeMischief() {
        guard !isCalm else { return }
        defer { planMischief() }
        let mischief = scenario.mischief
        let choices: [(Int, (Cluster) -> () -> Void)] = [
            (mischief.workerCrash, Cluster.crashWorker), (mischief.workerFreeze, Cluster.freezeWorker),
            (mischief.workerStall, Cluster.stallWorker), (mischief.workerDrain, Cluster.drainWorker),
            (mischief.brokerCrash, Cluster.crashBroker), (mischief.brokerDrain, Cluster.drainBroker),
            (mischief.producerCrash, Cluster.crashProducer), (mischief.consumerCrash, Cluster.crashConsumer),
            (mischief.cut, Cluster.cutSomeone), (mischief.reconnect, Cluster.reconnectSomeone),
            (mischief.diskTrouble, Cluster.troubleDisk), (mischief.wallJump, Cluster.jumpWall),
            (mischief.modelTrouble, Cluster.troubleModels),
        ]
        var draw = random.integer(1...mischief.total)
        for (number, choice) in choices.enumerated() {
            draw -= choice.0
            guard draw <= 0 else { continue }
            trace.note(43, UInt64(number), clock.monotonic)
            return choice.1(self)()
        }
    }

    private func someWorker() -> WorkerNode { workers[random.integer(0...workers.count - 1)] }

    private func milliseconds(_ range: ClosedRange<Int>) -> UInt64 {
        UInt64(random.integer(range)) * Span.millisecond
    }

    func crashWorker() { workerDied(someWorker().index) }

    /// Of what it translated, or of something else. In an embedded broker, all die.
    func workerDied(_ index: Int) {
        trace.line("\(seconds) worker \(index) dies")
        trace.note(44, UInt64(index), clock.monotonic)
        if scenario.isEmbedded { return crashBroker() }
        workers[index].restart(self)
    }

    private func freezeWorker() {
        let worker = someWorker()
        let most = random.flag() ? 3000 : scenario.dispatch.broker.leaseMs * 2 + 10_000
        worker.frozenUntil = clock.monotonic + milliseconds(100...most)
        trace.line("\(seconds) worker \(worker.index) is frozen until \(worker.frozenUntil / Span.millisecond) ms")
    }

    private func stallWorker() { someWorker().stalledUntil = clock.monotonic + milliseconds(100...20_000) }

    func troubleModels() {
        let worker = someWorker()
        worker.troubledUntil = clock.monotonic + milliseconds(100...30_000)
        trace.line("\(seconds) worker \(worker.index) cannot load its models")
    }

    private func drainWorker() { someWorker().drain(self) }

    func crashBroker() {
        trace.line("\(seconds) the broker dies")
        broker.crash(self)
        plan(.start(.broker), after: milliseconds(random.oneIn(4) ? 5000...30_000 : 50...4000))
        if scenario.isEmbedded { workers.forEach { $0.restart(self) } }
    }

    private func drainBroker() {
        trace.line("\(seconds) the broker drains")
        broker.on(.drain, self)
    }

    private func crashProducer() { producers[random.integer(0...producers.count - 1)].crash(self) }

    private func crashConsumer() { consumers[random.integer(0...consumers.count - 1)].crash(self) }

    private func someone() -> NodeID {
        let nodes = workers.map(\.id) + producers.map(\.id) + consumers.map(\.id)
        return nodes[random.integer(0...nodes.count - 1)]
    }

    private func cutSomeone() {
        let node = someone()
        network.cut(node, until: clock.monotonic + milliseconds(100...20_000), isHeld: random.flag())
    }

    private func reconnectSomeone() {
        let node = someone()
        switch node.kind {
        case .worker: workers[node.index].reconnect()
        case .producer: producers[node.index].reconnect()
        case .consumer: consumers[node.index].reconnect()
        case .broker: break
        }
    }

    private func troubleDisk() { broker.disk.troubleUntil = clock.monotonic + milliseconds(10...5000) }

    func jumpWall() {
        clock.wallOffset = Int64(random.integer(-6 * 3600 * 1000...6 * 3600 * 1000))
        trace.line("\(seconds) the wall clock jumps")
    }
}
