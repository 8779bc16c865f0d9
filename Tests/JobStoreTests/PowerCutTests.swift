import CSimulatedDisk
import Foundation
import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

/// The numbers of cuts and the seed can be given:
///
///     DRAGOMAN_POWER_CUTS=1000 DRAGOMAN_POWER_CUT_SEED=7 swift test -c release --filter PowerCutTests
@Suite("A loss of power takes nothing that was promised")
struct PowerCutTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cuts = environment["DRAGOMAN_POWER_CUTS"].flatMap { Int($0) } ?? 300
    private static let seed = environment["DRAGOMAN_POWER_CUT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...9999)

    @Test("every job whose commit was reported is there after any cut, also where a write or a sync had failed")
    func cuts() throws {
        var trial = try PowerCutTrial(seed: Self.seed)
        try trial.run(cuts: Self.cuts)
        print(
            "power cuts: seed \(Self.seed), \(trial.cuts) cuts, \(trial.failures) failed writes and syncs, "
                + "\(trial.promisedCount) jobs promised, \(trial.lost.count) lost")
        #expect(trial.lost.isEmpty)
        #expect(trial.problems == [])
        #expect(trial.promisedCount > trial.cuts)
    }

    @Test(
        "the trial sees when failed syncs are ignored, and when a start does not write the log again",
        arguments: [SIMULATED_DISK_LIES, SIMULATED_DISK_SKIPS_REWRITES].map(UInt32.init))
    func sabotage(_ kind: UInt32) throws {
        var trial = try PowerCutTrial(seed: 1, sabotage: kind)
        var cuts = 0
        while trial.lost.isEmpty, cuts < 2000 {
            cuts += 10
            try trial.run(cuts: cuts)
        }
        print("power cuts: sabotage \(kind) seen after \(cuts) cuts")
        #expect(!trial.lost.isEmpty)
    }
}
