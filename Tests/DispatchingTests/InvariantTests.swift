import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

/// Those of the invariants that need a world of their own; the others are in `WorldTests` and `FairnessTests`.
@Suite("Invariants, from seeds")
struct InvariantTests {
    @Test(
        "I3: whatever DONEs and FAILs come of old and new leases, each chunk is done once",
        arguments: 1...20 as ClosedRange<UInt64>)
    func firstDoneWins(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 4
        settings.broker.attemptsMax = 100
        settings.broker.backoffBaseMs = 1
        var rig = Rig(settings)
        rig.submit((1...5).map { Rig.job($0, String(repeating: "One line.\n", count: 4)) })
        var all: [Assignment] = []
        for _ in 0..<4000 where rig.log().count < 5 {
            let name = random.choice(["a", "b"])
            rig.hello(name, window: 12, leases: [])
            all += rig.takeAssigned()
            let assignment = random.choice(all)
            switch random.integer(0...3) {
            case 0: rig.done(assignment, by: name)
            case 1: rig.fail(assignment.lease, by: name)
            case 2: rig.receive(.goodbye(unstarted: [assignment.lease]), from: Rig.worker(name))
            default: rig.advance(milliseconds: 20)
            }
            all += rig.takeAssigned()
        }
        #expect(rig.log().map(\.state) == Array(repeating: .done, count: 5), "seed \(seed)")
    }

    @Test(
        "I5: only the poisonous are charged, and die; the innocent are done at the first attempt",
        arguments: 1...20 as ClosedRange<UInt64>)
    func poison(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rig = Rig()
        let poison = Set((0..<random.integer(1...2)).map { _ in Rig.id(UInt64(random.integer(1...12))) })
        rig.submit((1...12).map { Rig.job($0) })
        var held: [String: [Assignment]] = [:]
        for round in 0..<4000 where rig.log().count < 12 {
            let name = random.choice(["a", "b", "c"])
            if held[name] == nil { rig.hello(name, window: UInt64(random.integer(2...12))) }
            held[name, default: []] += rig.takeAssigned(for: Rig.worker(name))
            for other in held.keys.sorted() { held[other]! += rig.takeAssigned(for: Rig.worker(other)) }
            if let first = held[name]?.first {
                if poison.contains(first.lease.chunk.job) {
                    rig.crash(name)
                    held[name] = nil
                } else {
                    rig.done(held[name]!.removeFirst(), by: name)
                }
            }
            if round % 3 == 0 {
                rig.advance(milliseconds: 900)
                for other in held.keys.sorted() {
                    held[other]! += rig.takeAssigned(for: Rig.worker(other))
                    rig.beat(held[other]!.map(\.lease), by: other)
                }
            }
        }
        #expect(rig.log().count == 12, "seed \(seed)")
        for record in rig.log() {
            let isPoison = poison.contains(record.job)
            #expect(record.state == (isPoison ? .dead : .done), "seed \(seed)")
            #expect(record.attempts == (isPoison ? 5 : 1), "seed \(seed)")
        }
    }

    @Test(
        "I8: over a restart within the grace, no lease of a worker that comes back is given out again",
        arguments: 1...20 as ClosedRange<UInt64>)
    func restart(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rig = Rig()
        let names = ["a", "b", "c"]
        for name in names { rig.hello(name, window: 8) }
        rig.submit((1...30).map { Rig.job($0) })
        let held = Dictionary(uniqueKeysWithValues: names.map { ($0, rig.takeAssigned(for: Rig.worker($0))) })
        rig.restart(wasClosed: random.flag())
        let order = random.flag() ? names : names.reversed()
        for name in order {
            let leases = held[name]!.map(\.lease)
            #expect(rig.hello(name, window: 8, leases: leases)?.leases == leases, "seed \(seed)")
            rig.advance(milliseconds: UInt64(random.integer(0...900)))
        }
        #expect(rig.takeAssigned().isEmpty, "seed \(seed)")
        for name in names { for assignment in held[name]! { rig.done(assignment, by: name) } }
        #expect(rig.log().count == 12 && rig.log().allSatisfy { $0.attempts == 1 }, "seed \(seed)")
    }

    @Test("I9: workers that come and go gracefully cost no attempt", arguments: 1...20 as ClosedRange<UInt64>)
    func graceful(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rig = Rig()
        rig.submit((1...20).map { Rig.job($0) })
        for _ in 0..<4000 where rig.log().count < 20 {
            rig.hello(window: 12)
            let given = rig.takeAssigned()
            let done = random.integer(0...given.count)
            for assignment in given.prefix(done) { rig.done(assignment) }
            let back = given.dropFirst(done) + rig.takeAssigned()
            rig.receive(.goodbye(unstarted: back.map(\.lease)), from: Rig.worker())
        }
        #expect(rig.log().count == 20 && rig.log().allSatisfy { $0.attempts == 1 && $0.state == .done }, "seed \(seed)")
    }

    @Test("I10: without deadlines, the wall clock changes nothing", arguments: 1...10 as ClosedRange<UInt64>)
    func wallClock(seed: UInt64) {
        func tokens(jumping: Bool) -> [UInt64] {
            var random = SeededRandom(seed: seed)
            var jumps = SeededRandom(seed: seed)
            var rig = Rig()
            rig.submit((1...10).map { Rig.job($0) })
            var tokens: [UInt64] = []
            for _ in 0..<60 {
                if jumping { rig.now.wall = 1_000_000_000_000 + UInt64(jumps.integer(0...1_000_000_000_000)) }
                if random.oneIn(4) { rig.hello(window: 6) }
                if random.flag() { rig.beat(rig.assigned.map(\.assignment.lease)) }
                rig.advance(milliseconds: UInt64(random.integer(1...2500)))
                tokens += rig.assigned.map(\.assignment.lease.token)
                if random.oneIn(5) { rig.assigned = [] }
            }
            return tokens
        }
        #expect(tokens(jumping: true) == tokens(jumping: false), "seed \(seed)")
    }
}
