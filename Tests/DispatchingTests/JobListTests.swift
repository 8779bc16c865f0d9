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
}
