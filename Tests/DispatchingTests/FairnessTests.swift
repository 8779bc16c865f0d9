import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Who is next")
struct FairnessTests {
    /// Lets one worker do everything, one chunk at a time.
    private func order(_ rig: inout Rig, count: Int) -> [Assignment] {
        var order: [Assignment] = []
        while order.count < count, let assignment = rig.takeAssigned().first {
            order.append(assignment)
            rig.done(assignment)
        }
        return order
    }

    @Test("higher priorities go first, older jobs before newer ones")
    func priorities() {
        var rig = Rig()
        rig.submit([
            Rig.job(1, priority: 0), Rig.job(2, priority: 2), Rig.job(3, priority: 3), Rig.job(4, priority: 2),
        ])
        rig.hello(window: 1)
        #expect(order(&rig, count: 9).map(\.lease.chunk.job) == [3, 2, 4, 1].map { Rig.id($0) })
    }

    @Test(
        "I7: tenants with work get equal shares of source tokens, whatever the size and number of their jobs",
        arguments: 1...10 as ClosedRange<UInt64>)
    func shares(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 64
        var rig = Rig(settings)
        rig.isChecked = false
        let tenants = ["a", "b", "c"]
        for (index, tenant) in tenants.enumerated() {
            let words = [1, 10, 60][index]
            for number in 0..<UInt64(1200 / words) {
                let text = String(repeating: "wxyz", count: random.integer(1...words))
                rig.submit([Rig.job(number, text)], from: Rig.producer(tenant, tenant: tenant))
            }
        }
        rig.hello(window: 1)
        var served: [String: Int] = [:]
        for assignment in order(&rig, count: 150) { served[assignment.job.tenant, default: 0] += Int(assignment.cost) }
        let shares = tenants.map { served[$0] ?? 0 }
        // Deficit round-robin: two that always have work differ by less than a quantum and the largest chunk, for each
        // side of the comparison.
        #expect(shares.max()! - shares.min()! <= 2 * (64 + 61), "seed \(seed): \(shares)")
    }

    @Test("I7: a tenant with one job waits for a turn of each other tenant, whatever they queue at whatever priority")
    func oneJob() {
        var settings = DispatchSettings()
        settings.limits.jobsPerSubmitMax = 20_000
        var rig = Rig(settings)
        rig.isChecked = false
        for tenant in ["a", "b"] {
            let jobs = (1...10_000).map { Rig.job($0, priority: 3) }
            rig.submit(jobs, from: Rig.producer(tenant, tenant: tenant))
        }
        rig.hello(window: 1)
        _ = order(&rig, count: 3000)
        rig.submit([Rig.job(1)], from: Rig.producer("c", tenant: "c"))
        var tokens: UInt32 = 0
        while let assignment = rig.takeAssigned().first, assignment.job.tenant != "c" {
            tokens += assignment.cost
            rig.done(assignment)
        }
        #expect(tokens > 0 && Int(tokens) <= 2 * settings.broker.chunkTokensMax)
    }

    @Test("I7: shares follow the tenants' weights, which may be changed", arguments: [(1, 1), (1, 3), (4, 1)])
    func weights(a: Int, b: Int) {
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 64
        var rig = Rig(settings)
        rig.isChecked = false
        for tenant in ["a", "b"] {
            rig.submit((1...900).map { Rig.job($0) }, from: Rig.producer(tenant, tenant: tenant))
        }
        rig.hello(window: 1)
        _ = order(&rig, count: 100)
        for (tenant, weight) in [("a", a), ("b", b)] {
            settings.tenantLimits[tenant] = TenantLimits()
            settings.tenantLimits[tenant]!.weight = weight
        }
        rig.on(.reconfigured(settings))
        // What is left of the old turn.
        _ = order(&rig, count: 64)
        let served = order(&rig, count: 32 * (a + b) * 4)
        let ofA = served.count { $0.job.tenant == "a" }
        #expect(abs(ofA - 32 * a * 4) <= 64 * max(a, b), "\(ofA) of \(served.count)")
    }

    @Test("I7: tenants that come and go take no other's turn", arguments: 1...10 as ClosedRange<UInt64>)
    func comingAndGoing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 8
        var rig = Rig(settings)
        rig.isChecked = false
        let steady = ["a", "b", "c"]
        for tenant in steady {
            rig.submit(
                (1...600).map { Rig.job($0, priority: random.integer(0...3)) },
                from: Rig.producer(tenant, tenant: tenant))
        }
        rig.hello(window: 1)
        var served: [String: Int] = [:]
        for number in 1...900 as ClosedRange<UInt64> {
            if random.oneIn(3) {
                let tenant = random.choice(["d", "e", "f"])
                rig.submit([Rig.job(number)], from: Rig.producer(tenant, tenant: tenant))
            }
            for assignment in order(&rig, count: 1) {
                served[assignment.job.tenant, default: 0] += Int(assignment.cost)
            }
        }
        let shares = steady.map { served[$0] ?? 0 }
        #expect(shares.max()! - shares.min()! <= 2 * (8 + 2), "\(shares)")
    }

    @Test("I7: what waits long rises, so that nothing starves")
    func ageing() {
        var settings = DispatchSettings()
        settings.limits.ageingMs = 10_000
        var rig = Rig(settings)
        rig.submit([Rig.job(1, priority: 0)])
        rig.submit([Rig.job(2, priority: 3)])
        rig.hello(window: 1)
        // More urgent work comes as fast as it is done.
        var second: UInt64 = 0
        while second < 60, rig.end(1) == nil {
            second += 1
            rig.submit([Rig.job(second + 2, priority: 3)])
            rig.work(milliseconds: 1000)
            for assignment in rig.takeAssigned() { rig.done(assignment) }
        }
        #expect((30...33).contains(second))
    }

    @Test("a worker is filled with chunks of about the same length, the oldest first")
    func lengths() {
        var rig = Rig()
        let long = String(repeating: "x", count: 400)
        rig.submit([Rig.job(1), Rig.job(2, long), Rig.job(3), Rig.job(4, long), Rig.job(5)])
        rig.hello(window: 6)
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == [1, 3, 5].map { Rig.id($0) })
    }

    @Test(
        "a chunk that is larger than its worker's window leaves a quarter of it to others",
        arguments: 1...20 as ClosedRange<UInt64>)
    func oversize(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let window = UInt64(random.integer(8...400))
        var rig = Rig()
        rig.submit([Rig.job(1, String(repeating: "x", count: 4 * random.integer(400...100_000)))])
        rig.hello(window: window)
        let large = rig.takeAssigned()
        #expect(large.map(\.lease.chunk.job) == [Rig.id(1)])
        var held: [Assignment] = []
        for number in 2...200 as ClosedRange<UInt64> {
            rig.submit([Rig.job(number, String(repeating: "x", count: random.integer(1...40)))])
            held += rig.takeAssigned()
            let cost = held.reduce(0) { $0 + UInt64($1.cost) }
            #expect(cost <= window / 4 && (cost > 0 || number > 2 || window < 48), "seed \(seed)")
            if !held.isEmpty, random.flag() { rig.done(held.remove(at: random.integer(0...held.count - 1))) }
            held += rig.takeAssigned()
        }
        // Whatever came after it, the large one is with its worker until that is done with it.
        rig.done(large[0])
        #expect(rig.end(1)?.state == .done, "seed \(seed)")
    }

    @Test("what is handed back goes first")
    func handedBack() {
        var rig = Rig()
        rig.hello("a", window: 2)
        rig.submit([Rig.job(1), Rig.job(2), Rig.job(3)])
        let first = rig.takeAssigned()[0]
        rig.receive(.goodbye(unstarted: [first.lease]), from: Rig.worker("a"))
        rig.hello("b", window: 2)
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == [Rig.id(1)])
    }

    @Test("I6: quotas hold at every moment", arguments: 1...10 as ClosedRange<UInt64>)
    func quotas(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = DispatchSettings()
        settings.limits.queuedJobsMax = 20
        settings.limits.queuedBytesMax = 2000
        settings.limits.tenantQueuedJobsMax = 12
        settings.limits.tenantQueuedBytesMax = 1200
        settings.limits.inflightBytesMax = 600
        var rig = Rig(settings)
        rig.hello(window: 100)
        var number: UInt64 = 0
        for _ in 0..<400 {
            switch random.integer(0...5) {
            case 0...2:
                number += 1
                let tenant = random.choice(["a", "b", "c"])
                rig.submit(
                    [Rig.job(number, String(repeating: "x", count: random.integer(1...300)))],
                    from: Rig.producer(tenant, tenant: tenant))
            case 3: if let assignment = rig.takeAssigned().first { rig.done(assignment) }
            case 4: rig.holdsCommits = true
            default:
                rig.holdsCommits = false
                if random.flag() { rig.settle() } else { rig.fail() }
            }
            for tenant in ["a", "b", "c"] {
                rig.receive(.statusQuery(), from: Rig.producer("s", tenant: tenant, isOperator: false))
                for case .statusReport(let report) in rig.take(
                    for: Rig.producer("s", tenant: tenant, isOperator: false))
                {
                    #expect(report.queuedJobs <= 12 && report.queuedBytes <= 1200, "seed \(seed)")
                }
            }
            let waiting = rig.held.flatMap(\.writes).reduce(0) { bytes, write in
                if case .insert(let stored) = write { bytes + stored.job.byteCount } else { bytes }
            }
            #expect(waiting <= 600, "seed \(seed)")
        }
    }
}
