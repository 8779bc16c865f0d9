import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Drain, purge, settings and a low disk")
struct LifetimeTests {
    @Test("a draining broker takes nothing new, gives nothing out, and is done when its workers are")
    func drain() {
        var rig = Rig()
        rig.hello(window: 2)
        rig.submit([Rig.job(1), Rig.job(2)])
        let assignment = rig.takeAssigned()[0]
        rig.on(.drain)
        #expect(rig.take(for: Rig.worker()) == [.brokerBeat(BrokerBeat(epoch: 2, isDraining: true))])
        guard case .rejected(let rejection)? = rig.submit([Rig.job(3)]).first?.outcome else {
            return #expect(Bool(false))
        }
        #expect(rejection.code == .retryLater)
        #expect(!rig.isDrained)
        rig.done(assignment)
        #expect(rig.takeAssigned().isEmpty && rig.isDrained)
        rig.restart()
        rig.hello()
        #expect(rig.takeAssigned().map(\.attempt) == [1])
    }

    @Test("I9: when the drain takes too long, leases are handed back at no charge")
    func overdue() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let lease = rig.takeAssigned()[0].lease
        rig.on(.drain)
        rig.work(milliseconds: 29_000, having: [lease])
        #expect(!rig.isDrained)
        rig.work(milliseconds: 2000, having: [lease])
        #expect(rig.isDrained)
        rig.restart()
        rig.hello("v")
        #expect(rig.takeAssigned().map(\.attempt) == [1])
    }

    @Test("an idle broker is drained at once")
    func idle() {
        var rig = Rig()
        rig.on(.drain)
        #expect(rig.isDrained)
    }

    @Test("old records are removed a little at a time")
    func purge() {
        var settings = DispatchSettings()
        settings.store.retentionMs = 1000
        settings.limits.jobsPerSubmitMax = 2000
        settings.limits.queuedJobsMax = 2000
        var rig = Rig(settings)
        rig.isChecked = false
        rig.hello(window: 1_000_000)
        rig.submit((1...600).map { Rig.job($0) })
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        rig.writes = []
        rig.advance(milliseconds: 120_000)
        #expect(rig.log().isEmpty)
        let purges = rig.writes.count { if case .purge = $0 { true } else { false } }
        #expect(purges >= 2)
    }

    @Test("partial records alone are removed as soon as any others")
    func purgePartial() {
        var settings = DispatchSettings()
        settings.store.retentionMs = 1000
        settings.broker.chunkTokensMax = 1
        var rig = Rig(settings)
        rig.isChecked = false
        rig.hello(window: 1_000_000)
        var job = Job(id: Rig.id(1), (0...600).map { _ in .text("a") })
        job.wantsPartialResults = true
        rig.submit([job])
        for assignment in rig.takeAssigned().dropLast() { rig.done(assignment) }
        #expect(rig.log().count == 600)
        rig.advance(milliseconds: 121_000)
        #expect(rig.log().isEmpty)
    }

    @Test(
        "I10: no jump of the wall clock removes a result that was not kept for its time", arguments: [8, -8] as [Int64])
    func wallJump(days: Int64) {
        var settings = DispatchSettings()
        settings.store.acknowledgedRetentionMs = 0
        var rig = Rig(settings)
        rig.now.wall = 1_700_000_000_000
        rig.attach()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        rig.receive(.ack(upTo: 1), from: Rig.consumer())
        rig.advance(milliseconds: 50_000)
        rig.now.wall = UInt64(Int64(rig.now.wall) + days * 86_400_000)
        rig.advance(milliseconds: 75_000)
        rig.now.wall = UInt64(Int64(rig.now.wall) - days * 86_400_000)
        rig.advance(milliseconds: 75_000)
        #expect(rig.log().map(\.sequence) == [2])
    }

    @Test("records age while a broker runs, over restarts, and not while none does")
    func ageing() {
        var settings = DispatchSettings()
        settings.store.retentionMs = 3_600_000
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.done(rig.takeAssigned()[0])
        for _ in 0..<3 {
            rig.advance(milliseconds: 20 * 60_000)
            #expect(rig.log().count == 1)
            // Off for a month, after which the machine has begun to count from zero.
            rig.now.wall += 30 * 86_400_000
            rig.now.monotonic = 1_000_000_000
            rig.restart()
        }
        rig.advance(milliseconds: 2 * 60_000)
        #expect(rig.log().isEmpty)
    }

    @Test("a broker that was stopped for a month removes nothing that nobody could read meanwhile")
    func suspended() {
        var settings = DispatchSettings()
        settings.store.retentionMs = 3_600_000
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.done(rig.takeAssigned()[0])
        rig.advance(milliseconds: 60_000)
        rig.now.monotonic += 30 * 86_400_000 * 1_000_000
        rig.on(.tick)
        rig.advance(milliseconds: 60_000)
        #expect(rig.log().count == 1)
    }

    @Test("while the store's files are gone no new job is accepted, and what was accepted goes on")
    func lostStore() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        for _ in 0..<3 { rig.on(.storeProblem(StoreError(.lost, "jobs.sqlite was deleted"))) }
        #expect(rig.notes.filter { $0.level == .error }.map(\.message) == ["jobs.sqlite was deleted"])
        guard case .rejected(let rejection)? = rig.submit([Rig.job(2)]).first?.outcome else {
            return #expect(Bool(false))
        }
        #expect(rejection.code == .retryLater && rejection.message.contains("deleted"))
        rig.done(rig.takeAssigned()[0])
        #expect(rig.end(1)?.state == .done)
        rig.on(.storeProblem(nil))
        #expect(rig.submit([Rig.job(2)]).map(\.outcome) == [.accepted(duplicate: false)])
    }

    @Test("what was committed to files that had been moved away is not promised, but done")
    func committedElsewhere() throws {
        var rig = Rig()
        rig.hello()
        rig.holdsCommits = true
        rig.submit([Rig.job(1)])
        rig.on(.storeProblem(StoreError(.lost, "jobs.sqlite was moved")))
        rig.holdsCommits = false
        rig.settle()
        guard case .submitReply(let verdicts)? = rig.take(for: Rig.producer()).first,
            case .rejected(let rejection)? = verdicts.first?.outcome
        else { return #expect(Bool(false)) }
        #expect(rejection.code == .retryLater)
        rig.done(rig.takeAssigned()[0])
        #expect(rig.end(1)?.state == .done)
    }

    @Test("until the store can be written to, no job is accepted and no lease given out, and the log says so once")
    func unwritableStore() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        let problem = StoreError(.full, "no space is left")
        var recovery = rig.store.recover()
        recovery.problem = problem
        rig.dispatcher = Dispatcher(
            settings: rig.settings, recovery: recovery, version: "test", awaitsLeaseCommit: false, seed: 1, at: rig.now)
        rig.hello()
        #expect(rig.takeAssigned().isEmpty)
        guard case .rejected(let rejection)? = rig.submit([Rig.job(2)]).first?.outcome else {
            return #expect(Bool(false))
        }
        #expect(rejection.code == .retryLater && rejection.message.contains("disk is full"))
        #expect(rig.dispatcher.refusal == rejection.message)
        rig.holdsCommits = true
        for _ in 0..<3 {
            rig.on(.storeProblem(problem))
            rig.advance(milliseconds: 61_000)
            rig.fail(problem)
        }
        #expect(!rig.notes.contains { $0.level == .error })
        rig.holdsCommits = false
        rig.hello()
        rig.on(.storeProblem(nil))
        #expect(rig.takeAssigned().count == 1)
        #expect(rig.submit([Rig.job(2)]).map(\.outcome) == [.accepted(duplicate: false)])
        #expect(rig.dispatcher.refusal == nil)
    }

    @Test("a low disk refuses new jobs, and a job that is known is still known")
    func lowDisk() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        rig.on(.diskIsLow(true))
        let verdicts = rig.submit([Rig.job(1), Rig.job(2)])
        #expect(verdicts[0].outcome == .accepted(duplicate: true))
        #expect(verdicts[1].outcome != .accepted(duplicate: false))
        rig.on(.diskIsLow(false))
        #expect(rig.submit([Rig.job(2)])[0].outcome == .accepted(duplicate: false))
    }

    @Test("new settings hold at once")
    func reconfigured() {
        var rig = Rig()
        var settings = DispatchSettings()
        settings.limits.queuedJobsMax = 1
        rig.on(.reconfigured(settings))
        let verdicts = rig.submit([Rig.job(1), Rig.job(2)])
        #expect(verdicts[0].outcome == .accepted(duplicate: false))
        #expect(verdicts[1].outcome != .accepted(duplicate: false))
    }
}
