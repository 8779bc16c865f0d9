import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

@Suite("Whatever happens")
struct WorldTests {
    @Test(
        "I1, I2, I4: every accepted job ends in one terminal record, in a log without a gap, which is delivered",
        arguments: 1...20 as ClosedRange<UInt64>)
    func promises(seed: UInt64) throws {
        var world = World(seed: seed)
        for _ in 0..<400 { world.step() }
        // I1: whoever was told ACCEPTED finds the job on the disk.
        for key in world.accepted { #expect(world.rig.store.report(on: key) != nil, "I1: seed \(seed), \(key.id)") }
        world.calmDown()
        var terminal: [JobKey: Int] = [:]
        for tenant in World.tenants {
            let log = world.rig.log(tenant)
            #expect(log.map(\.sequence) == (0..<log.count).map { UInt64($0 + 1) }, "I4: seed \(seed)")
            for record in log where !record.isPartial {
                terminal[JobKey(tenant: tenant, id: record.job), default: 0] += 1
            }
            #expect(world.seen["c-\(tenant)"] ?? 0 == UInt64(log.count), "I4: seed \(seed), \(tenant)")
        }
        for key in world.accepted { #expect(terminal[key] == 1, "I2: seed \(seed), \(key)") }
        #expect(terminal.values.allSatisfy { $0 == 1 }, "I2: seed \(seed)")
        // I6: nothing is left behind.
        world.rig.receive(.statusQuery(), from: Rig.producer())
        for case .statusReport(let report) in world.rig.take(for: Rig.producer()) {
            #expect(
                report.queuedJobs == 0 && report.queuedBytes == 0 && report.leasedChunks == 0,
                "I6: seed \(seed), \(report)")
        }
    }

    @Test("the same seed does the same")
    func replays() {
        func notes(_ seed: UInt64) -> [Note] {
            var world = World(seed: seed)
            for _ in 0..<300 { world.step() }
            return world.rig.notes
        }
        #expect(notes(7) == notes(7))
    }
}
