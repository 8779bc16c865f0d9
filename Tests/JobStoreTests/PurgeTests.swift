import JobModel
import JobStore
import Testing

@Suite("What is kept no longer")
struct PurgeTests {
    private let minute: UInt64 = 60_000
    private let hour: UInt64 = 3_600_000

    /// Jobs 1 to `count`, one an hour.
    private func storeWithDone(_ kind: StoreKind, _ count: Int) throws -> StoreUnderTest {
        let it = try StoreUnderTest(kind)
        for number in 1...count {
            try it.commit(.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("x")))
            try it.commit(purge(at: UInt64(number) * hour, retention: .max))
        }
        return it
    }

    /// Of everything that is no younger than `retention`.
    private func purge(
        at age: UInt64 = 0, retention: UInt64 = 0, acknowledgedRetention: UInt64 = .max, limit: Int = 10
    ) -> Write {
        .purge(age: age, retention: retention, acknowledgedRetention: acknowledgedRetention, limit: limit)
    }

    @Test("goes from the front of the log, by age", arguments: StoreKind.allCases)
    func byAge(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        #expect(try it.commit(purge(at: 5 * hour, retention: 3 * hour)) == [.purged(records: 2, dead: 0)])
        #expect(try it.records().map(\.sequence) == [3, 4])
        #expect(try it.store.firstSequence(of: "default") == 3)
        #expect(try it.store.report(on: .test(2)) == nil)
        #expect(try it.store.report(on: .test(3)) != nil)
        // The id is free again.
        #expect(try it.commit(.insert(.test(.test(2)))) == [.inserted(QueuedJob(.test(.test(2))))])
        #expect(try it.commit(purge()) == [.purged(records: 2, dead: 0)])
        #expect(try it.store.firstSequence(of: "default") == nil)
        // Numbers go on.
        #expect(try it.commit(.finish(.test(2), chunk: 0, .test("x")))[0].entries.map(\.record.sequence) == [5])
        try it.restart()
        #expect(it.recovery.lastSequences == ["default": 5])
    }

    @Test("knows of no time but that of purges: a record is new until the next one", arguments: StoreKind.allCases)
    func newUntilMarked(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        // By the wall clock it is as old as can be.
        try it.commit(.insert(.test(.test(1))), .finish(.test(1), chunk: 0, .test("x", at: 0)))
        #expect(try it.commit(purge(at: 100 * hour, retention: hour)) == [.purged(records: 0, dead: 0)])
        #expect(try it.commit(purge(at: 101 * hour - 1, retention: hour)) == [.purged(records: 0, dead: 0)])
        #expect(try it.commit(purge(at: 101 * hour, retention: hour)) == [.purged(records: 1, dead: 0)])
    }

    @Test("the store's age outlives its broker, and never goes back", arguments: StoreKind.allCases)
    func age(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 1)
        try it.restart()
        #expect(it.recovery.age == hour)
        #expect(try it.commit(purge(at: minute, retention: minute)) == [.purged(records: 0, dead: 0)])
        try it.crash()
        #expect(it.recovery.age == hour)
        #expect(try it.commit(purge(at: hour + minute, retention: minute)) == [.purged(records: 1, dead: 0)])
    }

    @Test("of a log that grows all the time goes what is ten minutes older at most", arguments: StoreKind.allCases)
    func resolution(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for number in 1...180 {
            try it.commit(.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("x")))
            try it.commit(purge(at: UInt64(number) * minute, retention: hour))
            let kept = try it.records().count
            #expect((min(number, 60)...min(number, 70)).contains(kept), "after \(number) minutes")
        }
    }

    @Test("goes sooner when all consumers have acknowledged, if there are any", arguments: StoreKind.allCases)
    func acknowledged(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        let purge = purge(at: 4 * hour, retention: .max, acknowledgedRetention: hour)
        #expect(try it.commit(purge) == [.purged(records: 0, dead: 0)])
        try it.commit(.acknowledge(tenant: "default", consumer: "a", upTo: 4))
        try it.commit(.acknowledge(tenant: "default", consumer: "b", upTo: 2))
        #expect(try it.commit(purge) == [.purged(records: 2, dead: 0)])
        try it.commit(.acknowledge(tenant: "default", consumer: "b", upTo: 4))
        #expect(try it.commit(purge) == [.purged(records: 1, dead: 0)])
        #expect(try it.records().map(\.sequence) == [4])
    }

    @Test("is at most so many records at a time", arguments: StoreKind.allCases)
    func limit(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        try it.commit(.insert(.test(.test(1, tenant: "other"))))
        try it.commit(.finish(.test(1, tenant: "other"), chunk: 0, .test("x")))
        let purge = purge(limit: 3)
        #expect(try it.commit(purge, purge, purge) == [3, 2, 0].map { .purged(records: $0, dead: 0) })
    }

    @Test("may be of the same transaction", arguments: StoreKind.allCases)
    func sameTransaction(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let outcomes = try it.commit(
            .insert(.test(.test(1))), .finish(.test(1), chunk: 0, .test("x")),
            purge())
        #expect(outcomes[2] == .purged(records: 1, dead: 0))
    }

    @Test("takes the dead with it, but only by age", arguments: StoreKind.allCases)
    func dead(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        for number in 1...2 {
            try it.commit(
                .insert(.test(.test(number))),
                .end(.test(number), .dead, Failure("a", "b"), attempts: 1, at: 1000))
        }
        try it.commit(.dropDead(.test(1)), .acknowledge(tenant: "default", consumer: "c", upTo: 2))
        #expect(
            try it.commit(purge(retention: .max, acknowledgedRetention: 0)) == [.purged(records: 1, dead: 0)])
        #expect(try it.records().map(\.sequence) == [2])
        #expect(try it.commit(purge()) == [.purged(records: 1, dead: 1)])
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10) == [])
        try it.restart()
        #expect(it.recovery.deadJobs == 0)
    }

    @Test("leaves an unfinished job alone, though its partial records go", arguments: StoreKind.allCases)
    func partialRecords(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(.test(1), texts: ["a", "b"]) { $0.wantsPartialResults = true }))
        try it.commit(.finish(.test(1), chunk: 0, .test("A")))
        #expect(try it.commit(purge()) == [.purged(records: 1, dead: 0)])
        try it.commit(.finish(.test(1), chunk: 1, .test("B")))
        #expect(try it.records().map(\.sequence) == [2, 3])
        #expect(try it.records()[1].outputs.map { $0.hypotheses[0].text } == ["A", "B"])
    }
}
