import Foundation
import Testing

@Suite("A whole cluster, simulated from a seed")
struct ClusterTests {
    @Test(
        "nothing is lost, whatever befalls the cluster",
        arguments: [1, 2, 3, 4, 6, 1002, 1046, 5054, 100_135] as [UInt64])
    func known(seed: UInt64) { simulate(seed, steps: 8000) }

    /// `DRAGOMAN_SIMULATION_STEPS` and `_SEED` make it longer, and again the same; `_EPISODE` says after how many steps
    /// another cluster begins, from the next seed, and `_LINES` how much of a run that failed is shown.
    @Test("nothing is lost in a cluster that nobody has seen before")
    func fresh() {
        let seed = Self.number("DRAGOMAN_SIMULATION_SEED") ?? .random(in: 0...999_999_999)
        let steps = Self.number("DRAGOMAN_SIMULATION_STEPS") ?? 40_000
        let episode = max(1, Self.number("DRAGOMAN_SIMULATION_EPISODE") ?? 100_000)
        for (index, start) in stride(from: 0, to: steps, by: Int(episode)).enumerated() {
            simulate(seed + UInt64(index), steps: Int(min(episode, steps - start)))
        }
    }

    private func simulate(_ seed: UInt64, steps: Int) {
        let run = Run(scenario: Scenario(seed: seed), steps: steps)
        let outcome = run()
        print("simulation seed \(seed): \(outcome)")
        guard let violation = outcome.violation else { return }
        Issue.record(
            "\(violation); again by DRAGOMAN_SIMULATION_SEED=\(seed) DRAGOMAN_SIMULATION_STEPS=\(steps) swift test …")
        // The same again, this time written down.
        let lines = Int(Self.number("DRAGOMAN_SIMULATION_LINES") ?? 40)
        print(run(linesMaximum: lines).lines.suffix(lines).map { String($0.prefix(400)) }.joined(separator: "\n"))
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
