import Dispatching
import SettingValues
import Testing

/// A checker that never fails proves nothing.
@Suite("Every mistake that the broker is made to make is seen")
struct SabotageTests {
    @Test("a mistake is seen, and without it all is well", arguments: Sabotage.allCases)
    func seen(_ sabotage: Sabotage) throws {
        #expect(problem(nil, like: sabotage) == nil)
        let seen = try #require(problem(sabotage, like: sabotage), "nobody has seen it")
        print("simulation, \(sabotage): \(seen)")
    }

    private func problem(_ sabotage: Sabotage?, like occasion: Sabotage) -> String? {
        var scenario = Self.scenario(for: occasion)
        scenario.sabotage = sabotage
        return switch occasion {
        case .forgetsLease: LongWork.problem(scenario, LongWork.restartBroker)
        case .leasesByTheWall: Self.problemAfterJump(scenario)
        case .agesByTheWall: Self.problemOfAbsentee(scenario)
        default: Run(scenario: scenario, steps: 10_000)().violation
        }
    }

    /// A clock that was put back stands still for whoever takes it for a monotonic one.
    private static func problemAfterJump(_ scenario: Scenario) -> String? {
        let cluster = Cluster(scenario)
        cluster.run(until: 10 * Span.second)
        LongWork.jumpWall(cluster, hours: -5)
        cluster.workerDied(1)
        cluster.settle()
        return cluster.checker.violation
    }

    /// A consumer is away while the wall clock jumps by more than results are kept.
    private static func problemOfAbsentee(_ scenario: Scenario) -> String? {
        let cluster = Cluster(scenario)
        cluster.network.cut(cluster.consumers[0].id, until: 300 * Span.second, isHeld: false)
        cluster.run(until: 150 * Span.second)
        LongWork.jumpWall(cluster, hours: 8 * 24)
        cluster.run(until: 300 * Span.second)
        cluster.settle()
        return cluster.checker.violation
    }

    /// One in which the mistake matters.
    private static func scenario(for sabotage: Sabotage) -> Scenario {
        var scenario = Scenario(quiet: 11)
        scenario.patienceMinutes = 30
        scenario.mischiefMilliseconds = 1000
        switch sabotage {
        case .acceptsBeforeCommit, .liesAboutSync: scenario.mischief.brokerCrash = 1
        case .chargesBystanders, .neverLosesWorkers: scenario.mischief.workerCrash = 1
        case .forgetsEndedJobs: scenario.repeatsPerThousand = 300
        case .admitsEverything:
            scenario.dispatch.limits.queuedJobsMax = 5
            scenario.natures.slow = 100
        case .forgetsLease: return LongWork.scenario
        case .leasesByTheWall:
            scenario = LongWork.scenario
            scenario.patienceMinutes = 30
            scenario.newNamesOneIn = 1
        case .agesByTheWall, .losesCommitAnswer, .renumbersRecord, .skipsRecord, .swapsTexts: break
        }
        return scenario
    }
}
