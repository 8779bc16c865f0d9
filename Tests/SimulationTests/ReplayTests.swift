import Foundation
import Testing

@Suite("A simulation is repeated by its seed")
struct ReplayTests {
    @Test("the same seed is the same run, and another seed another")
    func sameProcess() {
        let first = Run(scenario: Scenario(seed: 7), steps: 5000)()
        let second = Run(scenario: Scenario(seed: 7), steps: 5000)()
        let other = Run(scenario: Scenario(seed: 8), steps: 5000)()
        #expect(first.hash == second.hash)
        #expect(first.hash != other.hash)
    }

    @Test("the same seed is the same run in another process, whose hash tables have another order")
    func otherProcess() throws {
        let here = Run(scenario: Scenario(seed: 7), steps: 5000)()
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = ["--testing-library", "swift-testing", "--filter", "SimulationTests.ClusterTests/fresh"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["DRAGOMAN_SIMULATION_SEED": "7", "DRAGOMAN_SIMULATION_STEPS": "5000"]
        ) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let line = try #require(output.split(separator: "\n").first { $0.contains("simulation seed 7:") }, "\(output)")
        #expect(line.contains("trace \(String(here.hash, radix: 16));"), "\(line)")
    }
}
