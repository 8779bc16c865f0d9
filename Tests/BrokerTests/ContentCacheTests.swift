import Broker
import Dispatching
import JobModel
import JobStore
import Testing

@Suite("The texts of jobs just accepted")
struct ContentCacheTests {
    private let store = InMemoryJobStore()
    private var cache = ContentCache(bytesMaximum: 1 << 20)

    init() { _ = store.recover() }

    @Test("are those that the store has, once it has them")
    mutating func accepted() {
        cache.begin(CommitID(1), [.insert(.test(1, "Hello."))])
        #expect(text(1) == nil)
        cache.end(CommitID(1), store.commit([.insert(.test(1, "Hello."))]))
        #expect(text(1) == "Hello.")
        cache.remove(.test(1))
        #expect(text(1) == nil)
    }

    @Test("of a commit that failed are forgotten")
    mutating func failed() {
        cache.begin(CommitID(1), [.insert(.test(1, "Hello."))])
        cache.end(CommitID(1), nil)
        cache.end(CommitID(1), [.conflict])
        #expect(text(1) == nil)
    }

    @Test("are never those of a conflict, of which the store had another job before the broker was started")
    mutating func conflictAfterRestart() {
        _ = store.commit([.insert(.test(1, "The first."))])
        // A new broker's cache knows nothing of it.
        #expect(commit(2, .test(1, "The second.", digest: [2])) == [.conflict])
        #expect(text(1) == nil)
        // Nor does a duplicate's text need to be the same: the digest is the producer's.
        #expect(commit(3, .test(1, "The third.")) == [.duplicate])
        #expect(text(1) == nil)
    }

    @Test("are the first one's when a commit, or the next one, has the same id again")
    mutating func conflictBeside() {
        _ = commit(1, .test(1, "The first."), .test(1, "The second.", digest: [2]), .test(2, "Another."))
        _ = commit(2, .test(1, "The third.", digest: [3]))
        #expect((text(1), text(2)) == ("The first.", "Another."))
    }

    @Test("are each tenant's own")
    mutating func tenants() {
        _ = commit(1, .test(1, "One's.", tenant: "one"), .test(1, "Two's.", tenant: "two"))
        #expect((text(1, tenant: "one"), text(1, tenant: "two")) == ("One's.", "Two's."))
        cache.remove(.test(1, tenant: "one"))
        #expect((text(1, tenant: "one"), text(1, tenant: "two")) == (nil, "Two's."))
    }

    @Test("are bounded in bytes: the oldest go first, and one that is too large is not kept at all")
    mutating func bounded() {
        cache = ContentCache(bytesMaximum: 100_000)
        for number in 1...50 { _ = commit(UInt64(number), .test(number, String(repeating: "x", count: 10_000))) }
        let kept = (1...50).filter { text($0) != nil }
        #expect(kept == Array((51 - kept.count)...50))
        #expect((5...9).contains(kept.count))
        _ = commit(51, .test(51, String(repeating: "x", count: 100_000)))
        #expect(text(51) == nil)
        #expect((1...50).filter { text($0) != nil } == kept)
    }

    @Test("make room for others when their jobs have ended, in whatever order")
    mutating func turnover() {
        cache = ContentCache(bytesMaximum: 1 << 16)
        for number in 1...20_000 {
            _ = commit(UInt64(number), .test(number, "Hello."))
            if number > 7 { cache.remove(.test(number - number % 7)) }
        }
        #expect(text(20_000) == "Hello.")
    }

    private mutating func commit(_ id: UInt64, _ jobs: StoredJob...) -> [WriteOutcome] {
        let writes = jobs.map { Write.insert($0) }
        cache.begin(CommitID(id), writes)
        let outcomes = store.commit(writes)
        cache.end(CommitID(id), outcomes)
        return outcomes
    }

    private func text(_ number: Int, tenant: String = "default") -> String? {
        guard case .text(let text)? = cache.content(of: .test(number, tenant: tenant), chunk: 0)?.sources.first
        else { return nil }
        return text
    }
}

extension JobKey {
    fileprivate static func test(_ number: Int, tenant: String = "default") -> JobKey {
        JobKey(tenant: tenant, id: JobID(high: 0, low: UInt64(number)))
    }
}

extension StoredJob {
    fileprivate static func test(
        _ number: Int, _ text: String, digest: [UInt8] = [1], tenant: String = "default"
    ) -> StoredJob {
        let key = JobKey.test(number, tenant: tenant)
        return StoredJob(
            tenant: tenant, job: Job(id: key.id, [.text(text)]), digest: digest, model: "m", maximumAttempts: 5,
            chunks: [ChunkPlan(pieces: [Piece(source: 0)], cost: 1)], acceptedAt: 1)
    }
}
