import JobModel
import JobStore
import Testing

@Suite("The list of the dead")
struct DeadLetterTests {
    private let failure = Failure("poison", "it kills workers")

    private func storeWithDead(_ kind: StoreKind, _ count: Int) throws -> StoreUnderTest {
        let it = try StoreUnderTest(kind)
        for number in 1...count {
            let job = StoredJob.test(.test(number), texts: ["a\(number)"]) { $0.deadlineMilliseconds = 100 }
            try it.commit(.insert(job), .end(.test(number), .dead, failure, attempts: 5, at: 2000 + UInt64(number)))
        }
        return it
    }

    @Test("is read in the order of death, a page at a time", arguments: StoreKind.allCases)
    func pages(_ kind: StoreKind) throws {
        let it = try storeWithDead(kind, 5)
        let first = try it.store.deadLetters(of: "default", after: 0, limit: 2)
        #expect(first.map(\.sequence) == [1, 2])
        #expect(first.map(\.failure) == [failure, failure])
        #expect(try it.store.deadLetters(of: "default", after: 2, limit: 10).map(\.sequence) == [3, 4, 5])
        #expect(try it.store.deadLetters(of: "default", after: .max, limit: 10) == [])
        #expect(try it.store.deadLetters(of: "other", after: 0, limit: 10) == [])
        try it.restart()
        #expect(it.recovery.deadJobs == ["default": 5])
    }

    @Test("a dead job is tried again as a new one, once", arguments: StoreKind.allCases)
    func retry(_ kind: StoreKind) throws {
        let it = try storeWithDead(kind, 2)
        let outcome = try it.commit(.retryDead(.test(1), newID: JobKey.test(10).id, at: 9000))[0]
        guard case .inserted(let queued) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(queued.key == .test(10))
        #expect(queued.acceptedAt == 9000)
        #expect(queued.expiresAt == 9100)
        #expect(queued.chunks == [.init(cost: 10)])
        #expect(try it.store.contents(of: [(.test(10), 0)])[0]?.sources == [.text("a1")])
        #expect(try it.commit(.retryDead(.test(1), newID: JobKey.test(11).id, at: 9000)) == [.notDead])
        #expect(try it.commit(.retryDead(.test(2), newID: JobKey.test(10).id, at: 9000)) == [.conflict])
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10).map(\.job) == [JobKey.test(2).id])
        #expect(try it.store.report(on: .test(1))?.state == .dead)
        try it.crash()
        #expect(it.recovery.jobs == [queued])
        #expect(it.recovery.deadJobs == ["default": 1])
        try it.commit(.finish(.test(10), chunk: 0, .test("A")))
        #expect(try it.records(after: 2).map(\.retryOf) == [JobKey.test(1).id])
    }

    @Test("a dead job that is dropped stays in the log", arguments: StoreKind.allCases)
    func drop(_ kind: StoreKind) throws {
        let it = try storeWithDead(kind, 2)
        #expect(
            try it.commit(.dropDead(.test(1)), .dropDead(.test(1)), .dropDead(.test(9))) == [
                .noted, .notDead, .notDead,
            ])
        #expect(try it.commit(.retryDead(.test(1), newID: .random(), at: 1)) == [.notDead])
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10).map(\.sequence) == [2])
        #expect(try it.records().map(\.sequence) == [1, 2])
        try it.restart()
        #expect(it.recovery.deadJobs == ["default": 1])
    }

    @Test("only the dead are on it", arguments: StoreKind.allCases)
    func others(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(.test(1))), .insert(.test(.test(2))))
        try it.commit(.end(.test(1), .cancelled, failure, attempts: 0, at: 1))
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10) == [])
        #expect(
            try it.commit(.dropDead(.test(1)), .retryDead(.test(2), newID: .random(), at: 1)) == [.notDead, .notDead])
    }
}
