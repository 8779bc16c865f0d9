import Foundation
import Testing

@Suite("A whole cluster, simulated from a seed")
struct ClusterTests {
    static let environment = ProcessInfo.processInfo.environment

    @Test("nothing is lost, whatever befalls the cluster")
    func cluster() {
        let count = Self.environment["DRAGOMAN_SIMULATION_STEPS"].flatMap { Int($0) } ?? 100_000
        var seed = Self.environment["DRAGOMAN_SIMULATION_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999_999)
        let episode = Self.environment["DRAGOMAN_SIMULATION_EPISODE"].flatMap { Int($0) } ?? 100_000
        var steps = 0
        while steps < count {
            let length = min(episode, count - steps)
            let outcome = Run(scenario: Scenario(seed: seed), steps: length)()
            print("simulation seed \(seed): \(outcome)")
            if let violation = outcome.violation {
                Issue.record("seed \(seed): \(violation)")
                // The same again, this time written down.
                let lines = Self.environment["DRAGOMAN_SIMULATION_LINES"].flatMap { Int($0) } ?? 0
                print(Run(scenario: Scenario(seed: seed), steps: length)(linesMaximum: lines).lines.suffix(lines).joined(separator: "\n"))
            }
            steps += length
            seed += 1
        }
    }
}
