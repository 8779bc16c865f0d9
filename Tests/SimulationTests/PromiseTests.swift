import Dispatching
import JobModel
import SettingValues
import Testing

@Suite("Promises that one event puts to the test")
struct PromiseTests {
    @Test("I5: poison is dead in the end, and its neighbours are charged nothing")
    func poison() {
        var scenario = Scenario(quiet: 1)
        scenario.natures.poison = 30
        scenario.dispatch.broker.backoffBaseMs = 10
        scenario.isOnlyPoisonDeadly = true
        let outcome = Run(scenario: scenario, steps: 20_000)()
        #expect(outcome.violation == nil)
        #expect(outcome.counts.ended[.dead, default: 0] > 0)
    }

    @Test("I8: a broker that is killed and comes back in the grace wastes no running chunk")
    func brokerRestart() { #expect(LongWork.problem(LongWork.scenario, LongWork.restartBroker) == nil) }

    @Test("I9: a worker that leaves hands back what it has, and nobody is charged")
    func workerDrains() {
        let cluster = Cluster(LongWork.scenario)
        cluster.run(until: 10 * Span.second)
        cluster.workers[1].drain(cluster)
        cluster.settle()
        #expect(cluster.checker.violation == nil)
        #expect(cluster.checker.counts.charged == 0)
    }

    @Test("I9: a broker that stops and starts again charges nobody")
    func brokerDrains() {
        let cluster = Cluster(LongWork.scenario)
        cluster.run(until: 10 * Span.second)
        cluster.broker.on(.drain, cluster)
        cluster.settle()
        #expect(cluster.checker.violation == nil)
        #expect(cluster.checker.counts.charged == 0)
        #expect(cluster.checker.counts.brokerStarts == 2)
    }

    @Test("workers that cannot load their models for a time cost nobody an attempt, and everything is done")
    func unavailableModels() {
        var scenario = Scenario(quiet: 3)
        scenario.workers = 4
        scenario.mischief.modelTrouble = 1
        scenario.dispatch.broker.attemptsMax = 1
        scenario.isOnlyPoisonDeadly = true
        let outcome = Run(scenario: scenario, steps: 30_000)()
        #expect(outcome.violation == nil)
        #expect(outcome.counts.charged == 0)
        #expect(Set(outcome.counts.ended.keys) == [.done])
    }

    @Test("two workers of one name: one works and the other waits, until the first dies")
    func twins() throws {
        var scenario = Scenario(quiet: 9)
        scenario.workers = 2
        scenario.hasTwins = true
        let cluster = Cluster(scenario)
        cluster.run(until: 60 * Span.second)
        let (working, waiting) = (cluster.workers[0], cluster.workers[1])
        #expect([working.welcomes, waiting.welcomes].sorted() == [0, 1])
        #expect(cluster.checker.counts.charged == 0)
        let (dead, successor) = working.welcomes == 1 ? (working, waiting) : (waiting, working)
        dead.crash()
        // It asks every ten seconds or so.
        cluster.run(until: 75 * Span.second)
        #expect(successor.welcomes == 1)
        dead.start(cluster)
        cluster.settle()
        #expect(cluster.checker.violation == nil)
    }

    @Test("a worker that dies and is started anew under its name is back within two heartbeats or three")
    func restarted() {
        var scenario = Scenario(quiet: 9)
        scenario.workers = 1
        scenario.newNamesOneIn = 1_000_000
        let cluster = Cluster(scenario)
        cluster.run(until: 10 * Span.second)
        cluster.workers[0].crash()
        cluster.workers[0].start(cluster)
        cluster.run(until: 13 * Span.second)
        #expect(cluster.workers[0].welcomes == 2)
        cluster.settle()
        #expect(cluster.checker.violation == nil)
    }

    @Test("I10: a wall clock that jumps breaks no lease", arguments: [5, -5] as [Int64])
    func wallJumps(hours: Int64) {
        #expect(LongWork.problem(LongWork.scenario) { LongWork.jumpWall($0, hours: hours) } == nil)
    }
}

/// Some work that takes longer than a lease, all of it under way after ten seconds.
enum LongWork {
    static var scenario: Scenario {
        var scenario = Scenario(quiet: 5)
        scenario.natures.slow = 1000
        scenario.jobsPerProducer = 20
        scenario.meanPauseMilliseconds = 20
        scenario.windowTokens = 1_000_000
        scenario.roomTokens = 1_000_000
        scenario.dispatch.broker.chunkTokensMax = 1_000_000
        return scenario
    }

    /// - Parameter event: After ten seconds.
    /// - Returns: what is wrong: the checker's word, or that a chunk was begun twice.
    static func problem(_ scenario: Scenario, _ event: (Cluster) -> Void) -> String? {
        let cluster = Cluster(scenario)
        cluster.run(until: 10 * Span.second)
        event(cluster)
        cluster.settle()
        if let violation = cluster.checker.violation { return violation }
        let begun = cluster.checker.begun
        if begun.isEmpty { return "there was no work" }
        return begun.values.allSatisfy { $0 == 1 } ? nil : "\(begun.count { $0.value > 1 }) chunks were begun again"
    }

    static func restartBroker(_ cluster: Cluster) {
        cluster.broker.crash(cluster)
        cluster.plan(.start(.broker), after: 2 * Span.second)
    }

    static func jumpWall(_ cluster: Cluster, hours: Int64) { cluster.clock.wallOffset = hours * 3600 * 1000 }
}
