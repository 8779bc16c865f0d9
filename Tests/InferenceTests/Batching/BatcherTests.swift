import Inference
import TestKit
import Testing

@Suite struct BatcherTests {
    /// A random run of `steps` events, after which nothing more is submitted until all is done.
    private static func simulate(seed: UInt64, replicas: Int, steps: Int) -> BatcherSimulation {
        var random = SeededRandom(seed: seed)
        let budget = [1, 7, 60, 256, 1024][random.integer(0...4)]
        let longest = [3, 20, 120][random.integer(0...2)]
        let load = random.integer(1...6)
        let hasPriorities = random.flag()
        var simulation = BatcherSimulation(replicas: replicas, budget: budget)
        for _ in 0..<steps {
            switch random.integer(0...9) {
            case 0..<load:
                simulation.submit(
                    length: random.integer(1...longest), stepRows: random.integer(1...6),
                    priority: hasPriorities && random.integer(0...19) == 0 ? random.integer(-1...2) : 0)
            case 9 where simulation.submitted > 0:
                // Waiting, running, long gone, or never heard of.
                let last = Int(simulation.submitted)
                simulation.cancel(UInt64(random.integer(max(1, last - 40)...last + 1)))
            default:
                let active = simulation.activeReplicas
                guard let replica = active.randomElement(using: &random) else { continue }
                simulation.turn(replica) { _ in random.integer(0...5) == 0 }
            }
        }
        var rounds = 0
        while !simulation.isDrained, rounds < 100_000 {
            guard let replica = simulation.activeReplicas.randomElement(using: &random) else { break }
            simulation.turn(replica) { _ in random.integer(0...2) == 0 }
            rounds += 1
        }
        return simulation
    }

    @Test(arguments: 1...4)
    func `whatever happens, what the batcher promises holds`(replicas: Int) {
        for seed in UInt64(0)..<25 {
            let simulation = Self.simulate(seed: seed * 4 + UInt64(replicas), replicas: replicas, steps: 3000)
            #expect(simulation.violations.isEmpty, "seed \(seed): \(simulation.violations.prefix(3))")
            #expect(simulation.isDrained, "seed \(seed): something never ended")
            // Each was started or dropped, once: starting twice, or one that did not wait, is a violation.
            #expect(simulation.finished.count + simulation.dropped.count == Int(simulation.submitted))
            #expect(simulation.finished.isDisjoint(with: simulation.dropped))
        }
    }

    @Test func `equal events get equal directives`() {
        for seed in UInt64(100)..<110 {
            let simulation = Self.simulate(seed: seed, replicas: 3, steps: 1500)
            var other = Batcher(replicas: 3, budget: simulation.budget)
            #expect(simulation.events.map { other.on($0) } == simulation.directives)
        }
    }

    @Test func `a level of priority is worth so many submissions, and no more`() {
        var batcher = Batcher(replicas: 1, budget: 10)
        let count = Batcher.priorityLead + 3
        for id in 1...count { _ = batcher.on(.submitted(.init(id: UInt64(id), length: 5, cost: 6, priority: 0))) }
        _ = batcher.on(.submitted(.init(id: 9999, length: 5, cost: 6, priority: 1)))
        var order: [UInt64] = []
        while case .start(let ids, _)? = batcher.on(.ready(replica: 0)).first {
            order += ids
            for id in ids { _ = batcher.on(.finished(id)) }
        }
        #expect(order.count == count + 1)
        #expect(order.firstIndex(of: 9999) == 4)
    }

    @Test(arguments: [Int.max, Int.min])
    func `a priority beyond reason is still a priority`(priority: Int) {
        var batcher = Batcher(replicas: 1, budget: 6)
        _ = batcher.on(.submitted(.init(id: 1, length: 5, cost: 6, priority: 0)))
        _ = batcher.on(.submitted(.init(id: 2, length: 5, cost: 6, priority: priority)))
        let first: UInt64 = priority > 0 ? 2 : 1
        #expect(batcher.on(.ready(replica: 0)) == [.start([first], replica: 0)])
    }

    @Test func `short ones that keep coming do not keep a long one waiting`() {
        var simulation = BatcherSimulation(replicas: 2, budget: 64)
        for _ in 0..<50 { simulation.submit(length: 4, stepRows: 1, priority: 0) }
        simulation.submit(length: 200, stepRows: 4, priority: 0)
        let long = simulation.submitted
        var turns = 0
        while simulation.waiting[long] != nil, turns < 1000 {
            for replica in simulation.activeReplicas { simulation.turn(replica) { _ in turns.isMultiple(of: 3) } }
            for _ in 0..<20 { simulation.submit(length: 4, stepRows: 1, priority: 0) }
            turns += 1
        }
        #expect(turns < 40)
        #expect(simulation.violations.isEmpty, "\(simulation.violations.prefix(3))")
    }

    @Test func `what several idle replicas will ask for is shared among them`() {
        var batcher = Batcher(replicas: 2, budget: 1000)
        for replica in 0...1 { #expect(batcher.on(.ready(replica: replica)).isEmpty) }
        var wakes: [Batcher.Directive] = []
        for id in 1...10 { wakes += batcher.on(.submitted(.init(id: UInt64(id), length: 8, cost: 10, priority: 0))) }
        #expect(wakes == [.wake(replica: 0), .wake(replica: 1)])
        #expect(batcher.on(.ready(replica: 0)) == [.start([1, 2, 3, 4, 5], replica: 0)])
        #expect(batcher.on(.ready(replica: 1)) == [.start([6, 7, 8, 9, 10], replica: 1)])
    }

    @Test func `a cancelled segment that waits is dropped, one that runs is abandoned, one that is gone is nobody's`() {
        var batcher = Batcher(replicas: 1, budget: 12)
        for id in UInt64(1)...3 { _ = batcher.on(.submitted(.init(id: id, length: 5, cost: 6, priority: 0))) }
        #expect(batcher.on(.ready(replica: 0)) == [.start([1, 2], replica: 0)])
        #expect(batcher.on(.cancelled(3)) == [.drop(3)])
        #expect(batcher.on(.cancelled(3)).isEmpty)
        #expect(batcher.on(.cancelled(1)) == [.abandon(1, replica: 0)])
        #expect(batcher.on(.finished(1)).isEmpty)
        #expect(batcher.on(.cancelled(1)).isEmpty)
        #expect(batcher.on(.ready(replica: 0)).isEmpty)
    }
}
