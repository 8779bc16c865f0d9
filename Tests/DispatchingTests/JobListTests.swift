import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

@Suite("The list of jobs")
struct JobListTests {
    private static let a = Rig.producer("a", tenant: "a", isOperator: false)
    private static let b = Rig.producer("b", tenant: "b", isOperator: false)
    private static let operating = Rig.producer("o", tenant: "admin")

    /// Of tenant `a`: 1 is done, 2 dead, 3 with a worker, 4 and 5 queued. Of tenant `b`: 4 and 6, queued.
    private func rig() -> Rig {
        var rig = Rig()
        rig.hello(window: 1)
        for number in 1...5 as ClosedRange<UInt64> {
            var job = Rig.job(number)
            job.topic = "t\(number)"
            rig.submit([job], from: Self.a)
        }
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        for assignment in rig.takeAssigned() { rig.fail(assignment.lease, isRetryable: false) }
        rig.submit([Rig.job(4), Rig.job(6)], from: Self.b)
        rig.sent = []
        return rig
    }

    private func list(
        _ rig: inout Rig, _ request: JobListRequest = JobListRequest(), _ scope: TenantScope? = .visible,
        as peer: Peer = operating
    ) -> JobList? {
        rig.receive(.jobListRequest(request, scope: scope), from: peer)
        for case .jobListReply(let list) in rig.take(for: peer) { return list }
        return nil
    }

    private func names(_ list: JobList?) -> [String]? {
        list?.jobs.map { "\($0.tenant)\($0.job.low) \($0.state.map { "\($0)" } ?? "unknown")" }
    }

    private func filter(_ change: (inout JobFilter) -> Void) -> JobListRequest {
        var filter = JobFilter()
        change(&filter)
        return JobListRequest(filter)
    }

    @Test("says which jobs are with workers, which the store does not know")
    func states() {
        var rig = rig()
        let all = ["a1 done", "a2 dead", "a3 running", "a4 queued", "a5 queued", "b4 queued", "b6 queued"]
        #expect(names(list(&rig)) == all)
        #expect(names(list(&rig, filter { $0.states = [.running] })) == ["a3 running"])
        #expect(
            names(list(&rig, filter { $0.states = [.queued] }))
                == ["a4 queued", "a5 queued", "b4 queued", "b6 queued"])
        #expect(names(list(&rig, filter { $0.states = [.running, .dead] })) == ["a2 dead", "a3 running"])
        #expect(names(list(&rig, filter { $0.topic = "t3" })) == ["a3 running"])
        rig.advance(milliseconds: 2000)
        rig.submit([Rig.job(7)], from: Self.b)
        #expect(names(list(&rig, filter { $0.olderThanMilliseconds = 1000 })) == all)
        #expect(names(list(&rig))?.last == "b7 queued")
    }

    @Test("is a tenant's own, and an operator's of all or of any")
    func scopes() {
        var rig = rig()
        let ofB = ["b4 queued", "b6 queued"]
        #expect(names(list(&rig, as: Self.b)) == ofB)
        #expect(names(list(&rig, .init(), nil, as: Self.b)) == ofB)
        #expect(names(list(&rig, .init(), .tenant("b"), as: Self.b)) == ofB)
        #expect(names(list(&rig, .init(), .tenant("b"))) == ofB)
        #expect(names(list(&rig, .init(), nil)) == [])
        #expect(list(&rig, .init(), .tenant("a"), as: Self.b) == nil)
        #expect(list(&rig, .init(), .all, as: Self.b) == nil)
    }

    @Test("pages have each job once, of any size, while jobs come and end")
    func pages() {
        for limit in 1...4 {
            var rig = rig()
            let whole = names(list(&rig)) ?? []
            var found: [String] = []
            var place: UInt64? = 0
            var end: UInt64?
            while let after = place {
                guard let page = list(&rig, JobListRequest(after: after, upTo: end, limit: limit)) else { break }
                #expect(page.jobs.count <= limit)
                found += names(page) ?? []
                end = end ?? page.last
                place = page.next
                rig.submit([Rig.job(100 + after)], from: Self.b)
            }
            #expect(found == whole, "\(limit) a page")
        }
    }

    @Test("of a tenant are read one at a time, in order, and too many are refused; others' come in between")
    func turns() {
        var rig = rig()
        rig.holdsLists = true
        let most = 17
        for number in 0..<most {
            rig.receive(.jobListRequest(JobListRequest(), scope: nil), from: Self.a, correlation: [UInt8(number)])
        }
        #expect(rig.heldLists.count == 1)
        rig.receive(.jobListRequest(JobListRequest(), scope: nil), from: Self.b)
        #expect(rig.heldLists.count == 2)
        rig.receive(.jobListRequest(JobListRequest(), scope: nil), from: Self.a)
        guard case .fault(let fault)? = rig.take(for: Self.a).last else {
            Issue.record("one too many is not refused")
            return
        }
        #expect(fault.code == .unavailable && fault.message.hasSuffix("try again later"))
        rig.readHeldLists(failing: 1)
        #expect(rig.sent.filter { $0.peer == Self.a }.map(\.correlation) == (0..<most).map { [UInt8($0)] })
        #expect(rig.take(for: Self.b).count == 1)
        // The next one does not wait.
        rig.receive(.jobListRequest(JobListRequest(), scope: nil), from: Self.a)
        #expect(rig.heldLists.count == 1)
    }
}
