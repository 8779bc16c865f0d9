import Dispatching
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
        case .leasesByTheWall: LongWork.problem(scenario) { LongWork.jumpWall($0, hours: 5) }
        default: Run(scenario: scenario, steps: 10_000)().violation
        }
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
            scenario.dispatch.queuedJobs = 5
            scenario.natures.slow = 100
        case .forgetsLease, .leasesByTheWall: return LongWork.scenario
        case .losesCommitAnswer, .renumbersRecord, .skipsRecord, .swapsTexts: break
        }
        return scenario
    }
}
