import JobModel
import JobStore
import Testing

@Suite("The list of jobs")
struct JobListTests {
    /// Jobs 1 to 6, of two tenants by turns: 1 is done, 2 dead, 3 cancelled, 4 to 6 are queued.
    private func storeWithJobs(_ kind: StoreKind) throws -> StoreUnderTest {
        let it = try StoreUnderTest(kind)
        for number in 1...6 {
            try it.commit(.insert(.test(key(number)) { $0.topic = number.isMultiple(of: 3) ? "third" : "other" }))
        }
        try it.commit(
            .finish(key(1), chunk: 0, .test("x")), .end(key(2), .dead, Failure("a", "b"), attempts: 5, at: 9),
            .end(key(3), .cancelled, Failure("c", "d"), attempts: 0, at: 9))
        return it
    }

    private func key(_ number: Int) -> JobKey { .test(number, tenant: number.isMultiple(of: 2) ? "even" : "odd") }

    private func selection(
        of tenant: String? = nil, _ states: Set<JobState> = [], after: UInt64 = 0, upTo: UInt64? = nil, limit: Int = 10,
        at now: UInt64 = 5000, _ change: (inout JobFilter) -> Void = { _ in }
    ) -> JobSelection {
        var filter = JobFilter()
        filter.states = states
        change(&filter)
        return JobSelection(
            JobListRequest(filter, after: after, upTo: upTo, limit: limit), of: tenant, at: now)
    }

    private func ids(_ it: StoreUnderTest, _ selection: JobSelection) throws -> [Int] {
        try it.store.jobs(selection).jobs.map { report in
            try #require((1...6).first { key($0).id == report.job && key($0).tenant == report.tenant })
        }
    }

    @Test("has what fits all that is asked for, in the order of acceptance", arguments: StoreKind.allCases)
    func filters(_ kind: StoreKind) throws {
        let it = try storeWithJobs(kind)
        #expect(try ids(it, selection()) == [1, 2, 3, 4, 5, 6])
        #expect(try ids(it, selection(of: "even")) == [2, 4, 6])
        #expect(try ids(it, selection(of: "none")) == [])
        #expect(try ids(it, selection([.queued])) == [4, 5, 6])
        #expect(try ids(it, selection([.running])) == [4, 5, 6])
        #expect(try ids(it, selection([.done, .dead])) == [1, 2])
        #expect(try ids(it, selection([.expired])) == [])
        #expect(try ids(it, selection([.queued, .cancelled])) == [3, 4, 5, 6])
        #expect(try ids(it, selection { $0.topic = "third" }) == [3, 6])
        #expect(try ids(it, selection { $0.model = "opus" }) == [1, 2, 3, 4, 5, 6])
        #expect(try ids(it, selection { $0.model = "none" }) == [])
        #expect(try ids(it, selection(of: "odd", [.queued]) { $0.topic = "other" }) == [5])
        // They were accepted at 1000.
        #expect(try ids(it, selection { $0.olderThanMilliseconds = 4000 }).count == 6)
        #expect(try ids(it, selection { $0.olderThanMilliseconds = 4001 }) == [])
        #expect(try ids(it, selection { $0.olderThanMilliseconds = .max }) == [])
        let report = try #require(try it.store.jobs(selection([.dead])).jobs.first)
        #expect(try it.store.report(on: key(2)) == report)
    }

    @Test("is read a page at a time, and ends where it ended when it was begun", arguments: StoreKind.allCases)
    func pages(_ kind: StoreKind) throws {
        let it = try storeWithJobs(kind)
        var found: [Int] = []
        var place: UInt64? = 0
        var end: UInt64?
        var sizes: [Int] = []
        while let after = place {
            let page = selection(after: after, upTo: end, limit: 2)
            let list = try it.store.jobs(page)
            found += try ids(it, page)
            sizes.append(list.jobs.count)
            end = end ?? list.last
            place = list.next
            // One that comes meanwhile.
            try it.commit(.insert(.test(.test(100 + found.count))))
        }
        #expect(found == [1, 2, 3, 4, 5, 6])
        #expect(sizes == [2, 2, 2])
        let rest = try it.store.jobs(selection(after: end ?? 0))
        #expect(rest.jobs.count == 3 && rest.next == nil && rest.last > end ?? 0)
        let beyond = try it.store.jobs(selection(after: .max))
        #expect(beyond.jobs.isEmpty && beyond.next == nil)
        #expect(try StoreUnderTest(kind).store.jobs(selection()) == JobList())
    }

    @Test("looks at so many jobs only for one page, and says where it stopped", arguments: StoreKind.allCases)
    func bounded(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let most = JobSelection.lookedAtMaximum
        try it.commit(.insert(.test(.test(1, tenant: "odd"))))
        _ = try it.store.commit((2...most + 1).map { .insert(.test(.test($0, tenant: "even"))) })
        for states in [Set<JobState>(), [.queued]] {
            let first = try it.store.jobs(selection(of: "odd", states))
            #expect(first.jobs.map(\.job) == [JobKey.test(1).id])
            let next = try #require(first.next)
            #expect(next < first.last)
            let second = try it.store.jobs(selection(of: "odd", states, after: next))
            #expect(second.jobs.isEmpty && second.next == nil)
        }
    }

    @Test("pages are cut by bytes too, and nothing is left out", arguments: StoreKind.allCases)
    func largeReports(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let count = 1000
        // With a failure of a thousand bytes each, pages of 256 KiB have fewer.
        for start in stride(from: 1, through: count, by: 100) {
            _ = try it.store.commit((start..<start + 100).map { .insert(.test(.test($0))) })
            _ = try it.store.commit(
                (start..<start + 100).map {
                    .end(.test($0), .dead, Failure("a", String(repeating: "x", count: 1000)), attempts: 1, at: 9)
                })
        }
        var found: [JobID] = []
        var sizes: [Int] = []
        var place: UInt64? = 0
        while let after = place {
            let page = try it.store.jobs(selection([.dead], after: after, limit: 1000))
            found += page.jobs.map(\.job)
            sizes.append(page.jobs.count)
            place = page.next
        }
        #expect(found == (1...count).map { JobKey.test($0).id })
        #expect(sizes.count > 3 && sizes.allSatisfy { (1...300).contains($0) }, "\(sizes)")
    }
}
