import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Leases and suspects")
struct LeaseTests {
    @Test("I3: a late DONE is taken while its chunk is not done, and dropped afterwards")
    func lateDone() throws {
        var rig = Rig()
        rig.hello("a")
        rig.submit([Rig.job(1)])
        let first = try #require(rig.takeAssigned().first)
        rig.receive(.goodbye(unstarted: [first.lease]), from: Rig.worker("a"))
        rig.hello("b")
        let second = try #require(rig.takeAssigned(for: Rig.worker("b")).first)
        rig.done(first, by: "a")
        #expect(rig.end(1)?.state == .done)
        // The other one is told that nobody waits for it any more.
        #expect(
            rig.take(for: Rig.worker("b")).contains(.brokerBeat(BrokerBeat(epoch: 2, cancelled: [second.lease]))))
        rig.done(second, by: "b")
        #expect(rig.take(for: Rig.worker("b")) == [.settled([second.lease])])
        #expect(rig.log().count == 1)
    }

    @Test("a job whose result is too large is dead, and its other chunks are wanted no more")
    func tooLarge() throws {
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 1
        settings.limits.resultBytesMax = 10
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Job(id: Rig.id(1), [.text("a"), .text("b")])])
        let assignments = rig.takeAssigned()
        try #require(assignments.count == 2)
        rig.done(assignments[0])
        #expect(rig.end(1)?.failure?.code == "result_too_large")
        #expect(
            rig.take(for: Rig.worker()) == [
                .settled([assignments[0].lease]),
                .brokerBeat(BrokerBeat(epoch: 2, cancelled: [assignments[1].lease])),
            ])
        rig.done(assignments[1])
        #expect(rig.log().map(\.state) == [.dead])
        rig.receive(.statusQuery(), from: Rig.producer())
        guard case .statusReport(let report)? = rig.take(for: Rig.producer()).first else {
            return #expect(Bool(false))
        }
        #expect((report.done, report.failed, report.deadJobs, report.queuedJobs) == (0, 1, 1, 0))
    }

    @Test("a text that cannot be read keeps no other from its worker: it is tried again, or dead when it is damaged")
    func unreadable() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2), Rig.job(3)])
        let assignments = rig.takeAssigned()
        try #require(assignments.count == 3)
        rig.on(.unreadable(assignments[0].lease, StoreError(.damaged, "a value in it is damaged")))
        rig.on(.unreadable(assignments[1].lease, StoreError(.failed, "the disk does not answer")))
        rig.on(.unreadable(assignments[0].lease, StoreError(.damaged, "said twice")))
        #expect(rig.end(1)?.failure?.code == "store_damaged")
        #expect(rig.log().map(\.state) == [.dead])
        rig.done(assignments[2])
        #expect(rig.end(3)?.state == .done)
        #expect(rig.takeAssigned().isEmpty)
        rig.work(milliseconds: 2000)
        let again = rig.takeAssigned()
        #expect(again.map(\.lease.chunk.job) == [Rig.id(2)])
        // No worker had it, so none is to be charged for it.
        #expect(again.map(\.attempt) == [1] && again.allSatisfy { !$0.isAlone })
    }

    @Test("I3: a stale lease cannot fail a chunk")
    func staleFail() throws {
        var rig = Rig()
        rig.hello("a")
        rig.submit([Rig.job(1)])
        let first = try #require(rig.takeAssigned().first)
        rig.receive(.goodbye(unstarted: [first.lease]), from: Rig.worker("a"))
        rig.hello("b")
        let second = try #require(rig.takeAssigned(for: Rig.worker("b")).first)
        rig.fail(first.lease, isRetryable: false, by: "a")
        #expect(rig.take(for: Rig.worker("a")).contains(.settled([first.lease])))
        #expect(rig.end(1) == nil)
        rig.done(second, by: "b")
        #expect(rig.end(1)?.state == .done)
    }

    @Test("a DONE that the disk does not take is not settled; sent again, it is")
    func unsettled() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let assignment = try #require(rig.takeAssigned().first)
        rig.holdsCommits = true
        rig.done(assignment)
        rig.done(assignment)
        rig.fail()
        #expect(rig.take(for: Rig.worker()).isEmpty)
        // The worker goes on naming it, and is not told to drop it.
        rig.beat([assignment.lease])
        #expect(rig.take(for: Rig.worker()).isEmpty)
        rig.holdsCommits = false
        rig.done(assignment)
        #expect(rig.take(for: Rig.worker()) == [.settled([assignment.lease])])
        #expect(rig.end(1)?.state == .done)
    }

    @Test("a result that never comes again is made again")
    func neverAgain() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let assignment = try #require(rig.takeAssigned().first)
        rig.holdsCommits = true
        rig.done(assignment)
        rig.fail()
        rig.holdsCommits = false
        rig.work(milliseconds: 31_000)
        #expect(rig.takeAssigned().map(\.attempt) == [1])
    }

    @Test("I5: a dead worker's chunks are retried alone, and only the one that kills again is charged")
    func suspects() throws {
        var rig = Rig()
        rig.hello("a")
        rig.submit([Rig.job(1), Rig.job(2), Rig.job(3)])
        #expect(rig.takeAssigned().count == 3)
        rig.crash("a")
        let poison = Rig.id(2)
        var attempts: [JobID: [UInt32]] = [:]
        for round in 0..<60 where rig.log().count < 3 {
            let name = "w\(round)"
            rig.hello(name)
            while let assignment = rig.takeAssigned(for: Rig.worker(name)).first {
                #expect(assignment.isAlone)
                attempts[assignment.lease.chunk.job, default: []].append(assignment.attempt)
                if assignment.lease.chunk.job == poison {
                    rig.crash(name)
                } else {
                    rig.done(assignment, by: name)
                }
            }
            rig.advance(milliseconds: 11_000)
        }
        #expect(attempts[Rig.id(1)] == [1] && attempts[Rig.id(3)] == [1])
        #expect(attempts[poison] == [1, 2, 3, 4, 5])
        #expect(rig.end(2)?.state == .dead && rig.end(2)?.failure?.code == "worker_lost")
    }

    @Test("I5: a busy worker is kept free for a suspect, and the others work on")
    func clearing() throws {
        var rig = Rig()
        rig.hello("a", window: 2)
        rig.submit([Rig.job(1)])
        #expect(rig.takeAssigned().count == 1)
        rig.hello("b", window: 4)
        rig.hello("c", window: 4)
        rig.submit((2...20).map { Rig.job($0) })
        var b = rig.takeAssigned(for: Rig.worker("b"))
        var c = rig.takeAssigned(for: Rig.worker("c"))
        #expect(b.count == 2 && c.count == 2)
        rig.crash("a")
        rig.done(b.removeFirst(), by: "b")
        rig.done(c.removeFirst(), by: "c")
        let newB = rig.takeAssigned(for: Rig.worker("b"))
        let newC = rig.takeAssigned(for: Rig.worker("c"))
        // One of them got nothing, and the suspect as soon as it is free.
        #expect(newB.count + newC.count == 1)
        let free = newB.isEmpty ? "b" : "c"
        rig.done(newB.isEmpty ? b[0] : c[0], by: free)
        let suspect = rig.takeAssigned(for: Rig.worker(free))
        #expect(suspect.map(\.isAlone) == [true] && suspect[0].lease.chunk.job == Rig.id(1))
        rig.done(suspect[0], by: free)
        #expect(rig.takeAssigned(for: Rig.worker(free)).count == 2)
    }

    @Test("a worker that cannot be reached gets nothing new, and keeps its leases if it comes back in time")
    func unreachable() {
        var rig = Rig()
        rig.hello("a", window: 4)
        rig.submit([Rig.job(1), Rig.job(2), Rig.job(3)])
        let assigned = rig.takeAssigned()
        #expect(assigned.count == 2)
        rig.on(.unreachable(Rig.worker("a")))
        rig.advance(milliseconds: 1500)
        rig.done(assigned[0], by: "a")
        #expect(rig.takeAssigned().isEmpty)
        rig.hello("a", window: 10, leases: [assigned[1].lease])
        #expect(rig.takeAssigned().map(\.isAlone) == [false])
        rig.done(assigned[1], by: "a")
        #expect(rig.log().count == 2 && rig.log().allSatisfy { $0.attempts == 1 })
    }

    @Test("a broker that was stopped itself takes nobody for dead")
    func absence() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let lease = rig.takeAssigned()[0].lease
        rig.now.monotonic += 60_000_000_000
        rig.on(.tick)
        rig.beat([lease])
        rig.advance(milliseconds: 4000)
        #expect(rig.takeAssigned().isEmpty && rig.dispatcher.check() == nil)
        rig.advance(milliseconds: 2000)
        rig.hello("v")
        #expect(rig.takeAssigned().map(\.isAlone) == [true])
    }

    @Test("I10: wall clock jumps break no lease, and silence is measured without it")
    func wallJumps() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let lease = rig.takeAssigned()[0].lease
        for jump in [UInt64(1_000_000_000), 5, 2_000_000_000_000] {
            rig.now.wall = jump
            rig.on(.tick)
            rig.beat([lease])
            rig.advance(milliseconds: 1000)
        }
        #expect(rig.takeAssigned().isEmpty)
        rig.advance(milliseconds: 6000)
        rig.hello("v")
        #expect(rig.takeAssigned().map(\.isAlone) == [true])
    }

    @Test("a lease that a living worker has not named for as long as a lease lasts is over")
    func leaseExpiry() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let lease = rig.takeAssigned()[0].lease
        // Credits keep the worker alive; they renew nothing.
        for _ in 0..<31 {
            rig.advance(milliseconds: 1000)
            rig.receive(.workCredit(window: 10_000), from: Rig.worker())
        }
        let again = rig.takeAssigned()
        #expect(again.count == 1 && again[0].lease.token != lease.token && again[0].attempt == 1)
    }

    @Test("I8: a worker that comes back within the grace keeps its leases over a restart, and no other does")
    func resumption() throws {
        var rig = Rig()
        rig.hello("a", window: 2)
        rig.hello("b", window: 2)
        rig.submit([Rig.job(1), Rig.job(2)])
        let a = rig.takeAssigned(for: Rig.worker("a"))[0]
        let b = rig.takeAssigned(for: Rig.worker("b"))[0]
        rig.restart(wasClosed: false)
        let forged = LeaseName(chunk: b.lease.chunk, token: b.lease.token + 1)
        #expect(rig.hello("a", window: 2, leases: [a.lease, forged])?.leases == [a.lease])
        #expect(rig.takeAssigned().isEmpty)
        rig.done(a, by: "a")
        #expect(rig.end(1)?.state == .done)
        rig.advance(milliseconds: 2000)
        rig.beat([], by: "a")
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "a")
        rig.advance(milliseconds: 4500)
        let again = rig.takeAssigned(for: Rig.worker("a"))
        #expect(again.map(\.lease.chunk) == [b.lease.chunk] && again.allSatisfy { !$0.isAlone && $0.attempt == 1 })
        #expect(again[0].lease.token >> 40 == 3)
    }

    @Test(
        "I5: a broker that was killed with its workers tries their chunks alone, and charges the one that kills again")
    func embeddedPoison() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        #expect(rig.takeAssigned().count == 2)
        rig.restart(wasClosed: false, awaitsLeaseCommit: true)
        rig.hello("w")
        rig.hello("v")
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "w")
        rig.beat([], by: "v")
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "w")
        rig.beat([], by: "v")
        rig.holdsCommits = true
        rig.advance(milliseconds: 3000)
        // Not before the lease is durable.
        #expect(rig.takeAssigned().isEmpty)
        rig.holdsCommits = false
        rig.settle()
        // One in the whole process: whatever kills it kills both workers.
        let alone = rig.takeAssigned()
        #expect(alone.map(\.isAlone) == [true])
        rig.restart(wasClosed: false, awaitsLeaseCommit: true)
        rig.hello("w")
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "w")
        let other = rig.takeAssigned()
        #expect(other.count == 1 && other[0].lease.chunk.job != alone[0].lease.chunk.job)
        rig.done(other[0])
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "w")
        rig.advance(milliseconds: 4000)
        rig.beat([], by: "w")
        let again = rig.takeAssigned()
        #expect(again.map(\.attempt) == [2] && again[0].isAlone)
    }

    @Test("I5: a worker that comes back with the results of several suspects gets nothing beside any of them")
    func severalSuspects() {
        var rig = Rig()
        rig.submit((1...3).map { Rig.job($0) })
        let leases = (1...2).map { LeaseName(chunk: ChunkID(job: Rig.id($0), index: 0), token: 1 << 40 | $0) }
        for lease in leases {
            let mark = LeaseMark(token: lease.token, attempt: 1, instance: "w", isAlone: true)
            _ = rig.store.commit([.lease(JobKey(tenant: "default", id: lease.chunk.job), chunk: 0, mark)])
        }
        rig.restart(wasClosed: false)
        #expect(rig.hello(leases: leases)?.leases == leases)
        #expect(rig.takeAssigned().isEmpty)
        rig.fail(leases[0])
        #expect(rig.takeAssigned().isEmpty)
        rig.fail(leases[1])
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == [Rig.id(3)])
    }

    @Test(
        "I5: who has not been heard of since a suspect was taken from it is given no other to be charged for its death")
    func uncertain() {
        var rig = Rig()
        rig.hello()
        rig.submit((1...2).map { Rig.job($0) })
        _ = rig.takeAssigned()
        rig.crash("w")
        rig.receive(.workCredit(window: 10_000), from: Rig.worker())
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == [Rig.id(1)])
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        #expect(rig.takeAssigned().isEmpty)
        rig.beat([])
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == [Rig.id(2)])
    }
    @Test("I5: who has let a lease lapse is given nothing before it is heard of")
    func lapsed() {
        var settings = DispatchSettings()
        settings.broker.leaseMs = 2000
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        #expect(rig.takeAssigned().count == 1)
        // While it is not heard of, it may have died with the chunk, and nothing is taken from it.
        rig.advance(milliseconds: 3000)
        rig.beat([])
        rig.advance(milliseconds: 1000)
        #expect(rig.takeAssigned().isEmpty)
        rig.beat([])
        #expect(rig.takeAssigned().count == 1)
    }

    @Test("I5: a death that a short lease does not live to see is still a death")
    func shortLease() {
        var settings = DispatchSettings()
        settings.broker.leaseMs = 1000
        var rig = Rig(settings)
        rig.hello()
        rig.submit((1...2).map { Rig.job($0) })
        #expect(rig.takeAssigned().count == 2)
        rig.advance(milliseconds: 6000)
        rig.hello()
        #expect(rig.takeAssigned().map(\.isAlone) == [true])
    }

    @Test("a job that no worker answers for is dead in the end, however often its worker beats")
    func neverNamed() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        var attempts: [UInt32] = []
        for _ in 0..<3600 where rig.end(1) == nil {
            attempts += rig.takeAssigned().map(\.attempt)
            rig.advance(milliseconds: 1000)
            rig.beat([])
            rig.beat([])
        }
        attempts += rig.takeAssigned().map(\.attempt)
        #expect(attempts == (1...5).flatMap { Array(repeating: $0, count: 4) })
        #expect(rig.end(1)?.state == .dead && rig.end(1)?.failure?.code == "not_answered")
        #expect(rig.end(1)?.attempts == 5)
    }

    @Test("what is charged for deliveries that came to nothing outlives the broker")
    func unansweredIsDurable() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        for _ in 0..<100 where rig.end(1) == nil {
            rig.hello()
            for _ in 0..<100 where rig.end(1) == nil {
                rig.advance(milliseconds: 1000)
                rig.beat([])
            }
            rig.restart(wasClosed: false)
            rig.advance(milliseconds: 20_000)
        }
        #expect(rig.end(1)?.failure?.code == "not_answered")
    }

    @Test("a worker that does not answer is given little, so that the queue outlives it; the log says so once")
    func mistrusted() {
        var rig = Rig()
        rig.submit((1...500).map { Rig.job($0) })
        rig.hello("bad")
        var given = 0
        for _ in 0..<600 {
            rig.advance(milliseconds: 100)
            given += rig.takeAssigned().count
            rig.beat([], by: "bad")
            // Its name stays, and what it is known for.
            if given % 7 == 0 {
                rig.hello("bad", leases: [LeaseName(chunk: ChunkID(job: Rig.id(0), index: 0), token: 0)])
            }
        }
        // Everything once, and then one at a time in growing pauses.
        #expect((500...520).contains(given))
        #expect(rig.log().isEmpty)
        #expect(rig.notes.filter { $0.message.contains("does not answer") }.count == 1)
        rig.hello("good")
        rig.advance(milliseconds: 2000)
        for assignment in rig.takeAssigned(for: Rig.worker("good")) { rig.done(assignment, by: "good") }
        #expect(rig.log().count { $0.state == .done && $0.attempts == 1 } >= 490)
    }

    @Test("a worker that answers again is trusted again")
    func trustedAgain() throws {
        var rig = Rig()
        rig.submit((1...10).map { Rig.job($0) })
        rig.hello()
        #expect(rig.takeAssigned().count == 10)
        rig.beat([])
        rig.beat([])
        #expect(rig.takeAssigned().isEmpty)
        rig.advance(milliseconds: 3000)
        let one = rig.takeAssigned()
        #expect(one.count == 1)
        rig.done(try #require(one.first))
        #expect(rig.takeAssigned().count == 9)
        #expect(rig.notes.contains { $0.message.contains("answers again") })
    }

    @Test("a worker that names a lease whose answer could not be read keeps it only for as long as a better one takes")
    func refusedAnswer() throws {
        var rig = Rig()
        rig.hello()
        var job = Rig.job(1)
        job.maximumAttempts = 2
        rig.submit([job])
        for attempt: UInt32 in 1...2 {
            let assignment = try #require(rig.takeAssigned().first)
            #expect(assignment.attempt == attempt)
            rig.on(.answerRefused(assignment.lease, from: Rig.worker("another")))
            rig.work(milliseconds: 10_000, having: [assignment.lease])
            #expect(rig.takeAssigned().isEmpty && rig.end(1) == nil)
            rig.on(.answerRefused(assignment.lease, from: Rig.worker()))
            rig.work(milliseconds: 9000, having: [assignment.lease])
        }
        #expect(rig.end(1)?.state == .dead && rig.end(1)?.failure?.code == "bad_result")
    }

    @Test("an answer that could not be read may be followed by one that can")
    func refusedAndBetter() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let assignment = try #require(rig.takeAssigned().first)
        rig.on(.answerRefused(assignment.lease, from: Rig.worker()))
        rig.work(milliseconds: 3000, having: [assignment.lease])
        rig.done(assignment)
        #expect(rig.end(1)?.state == .done && rig.end(1)?.attempts == 1)
    }

    @Test("a lease that never ends survives the broker's absence")
    func endless() throws {
        var settings = DispatchSettings()
        settings.broker.leaseMs = .max
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        let assignment = try #require(rig.takeAssigned().first)
        rig.now.monotonic += 60_000_000_000
        rig.on(.tick)
        rig.done(assignment)
        #expect(rig.end(1)?.state == .done)
    }
}
