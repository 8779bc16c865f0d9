import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("What the broker measures")
struct MeasureTests {
    private func report(_ rig: inout Rig, _ peer: Peer = Rig.producer("o")) throws -> StatusReport {
        rig.receive(.statusQuery(), from: peer)
        for case .statusReport(let report) in rig.take(for: peer) { return report }
        throw Missing()
    }

    private struct Missing: Error {}

    @Test("a job waits from its acceptance to its first worker, and takes until it is done")
    func latencies() throws {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        rig.advance(milliseconds: 3_000)
        rig.submit([Rig.job(2)])
        rig.advance(milliseconds: 1_000)
        let before = try report(&rig)
        #expect(before.oldestQueuedMilliseconds == 4_000 && before.jobWait?.count == 0)
        rig.hello()
        let assigned = rig.takeAssigned()
        #expect(assigned.count == 2)
        rig.advance(milliseconds: 2_000)
        for assignment in assigned { rig.done(assignment) }
        let status = try report(&rig)
        let (wait, duration) = (try #require(status.jobWait), try #require(status.jobDuration))
        #expect(wait.count == 2 && wait.p50Milliseconds == 1_000 && wait.p99Milliseconds == 4_000)
        #expect(duration.count == 2 && duration.p50Milliseconds == 3_000 && duration.p99Milliseconds == 6_000)
        #expect(status.oldestQueuedMilliseconds == 0 && status.done == 2)
    }

    @Test("a tenant sees its own jobs' times, and those of the last minutes")
    func latenciesOfTenants() throws {
        var rig = Rig()
        let a = Rig.producer("a", tenant: "a", isOperator: false)
        let b = Rig.producer("b", tenant: "b", isOperator: false)
        rig.submit([Rig.job(1)], from: a)
        rig.advance(milliseconds: 500)
        rig.submit([Rig.job(2)], from: b)
        rig.advance(milliseconds: 100)
        let (ofA, ofB) = (try report(&rig, a), try report(&rig, b))
        #expect(ofA.oldestQueuedMilliseconds == 600 && ofB.oldestQueuedMilliseconds == 100)
        rig.hello()
        let (wait, all) = (try report(&rig, b).jobWait, try report(&rig).jobWait)
        #expect(wait?.count == 1 && wait?.p99Milliseconds == 100 && all?.count == 2)
        rig.advance(milliseconds: 600_000)
        let (later, laterOfA) = (try report(&rig).jobWait, try report(&rig, a).jobWait)
        #expect(later?.count == 0 && laterOfA?.count == 0)
    }

    @Test("the oldest job that waits is found behind those that are with workers, and again when a worker dies")
    func oldest() throws {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        rig.hello("w", window: 1)
        #expect(rig.takeAssigned().count == 1)
        rig.advance(milliseconds: 1_000)
        rig.submit([Rig.job(2), Rig.job(3)])
        rig.advance(milliseconds: 200)
        let before = try report(&rig)
        #expect(before.oldestQueuedMilliseconds == 200)
        rig.receive(.cancel([Rig.id(2)]), from: Rig.producer())
        let after = try report(&rig)
        #expect(after.oldestQueuedMilliseconds == 200 && after.cancelled == 1)
        // Its time since its acceptance counts, not that since its worker died; its wait was over with its first worker.
        rig.advance(milliseconds: UInt64(rig.settings.broker.workerDeadAfterMs) + 10_000)
        let status = try report(&rig)
        #expect(status.oldestQueuedMilliseconds > 11_000 && status.leasesLost == 1 && status.jobWait?.count == 1)
    }

    @Test("a job whose end is not durable yet waits no more, however often its end is said")
    func endsThatWait() throws {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        rig.advance(milliseconds: 1_000)
        rig.submit([Rig.job(2)])
        rig.advance(milliseconds: 200)
        rig.holdsCommits = true
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        let held = try report(&rig)
        #expect(held.oldestQueuedMilliseconds == 200)
        rig.fail()
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        let again = try report(&rig)
        #expect(again.oldestQueuedMilliseconds == 200 && again.cancelled == 0)
        rig.holdsCommits = false
        rig.settle()
        rig.advance(milliseconds: 10_000)
        let status = try report(&rig)
        #expect(status.oldestQueuedMilliseconds == 10_200 && status.cancelled == 1)
    }

    @Test("a job from before the start is as old as it is, and what became of jobs is counted apart")
    func restart() throws {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        var late = Rig.job(2)
        late.deadlineMilliseconds = 10_000
        rig.submit([late])
        rig.advance(milliseconds: 5_000)
        rig.restart()
        let before = try report(&rig)
        #expect(before.oldestQueuedMilliseconds == 5_000)
        rig.advance(milliseconds: 6_000)
        let status = try report(&rig)
        #expect(status.expired == 1 && status.done == 0 && status.failed == 0)
        #expect(status.oldestQueuedMilliseconds == 11_000)
        rig.hello()
        let wait = try report(&rig).jobWait
        #expect(wait?.count == 1 && wait?.p99Milliseconds == 11_000)
    }
}
