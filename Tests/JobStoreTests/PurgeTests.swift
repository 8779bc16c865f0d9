import JobModel
import JobStore
import Testing

@Suite("What is kept no longer")
struct PurgeTests {
    /// Jobs 1 to `count`, finished at 1000 times their number.
    private func storeWithDone(_ kind: StoreKind, _ count: Int) throws -> StoreUnderTest {
        let it = try StoreUnderTest(kind)
        for number in 1...count {
            try it.commit(
                .insert(.test(.test(number))),
                .finish(.test(number), chunk: 0, .test("x", at: UInt64(number) * 1000)))
        }
        return it
    }

    @Test("goes from the front of the log, by age", arguments: StoreKind.allCases)
    func byAge(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        #expect(try it.commit(.purge(before: 3000, acknowledgedBefore: 0, limit: 10)) == [.purged(records: 2, dead: 0)])
        #expect(try it.records().map(\.sequence) == [3, 4])
        #expect(try it.store.firstSequence(of: "default") == 3)
        #expect(try it.store.report(on: .test(2)) == nil)
        #expect(try it.store.report(on: .test(3)) != nil)
        // The id is free again.
        #expect(try it.commit(.insert(.test(.test(2)))) == [.inserted(QueuedJob(.test(.test(2))))])
        #expect(try it.commit(.purge(before: .max, acknowledgedBefore: 0, limit: 10)) == [.purged(records: 2, dead: 0)])
        #expect(try it.store.firstSequence(of: "default") == nil)
        // Numbers go on.
        #expect(try it.commit(.finish(.test(2), chunk: 0, .test("x")))[0].entries.map(\.record.sequence) == [5])
        try it.restart()
        #expect(it.recovery.lastSequences == ["default": 5])
    }

    @Test("goes sooner when all consumers have acknowledged, if there are any", arguments: StoreKind.allCases)
    func acknowledged(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        let purge = Write.purge(before: 0, acknowledgedBefore: 4000, limit: 10)
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
        let purge = Write.purge(before: .max, acknowledgedBefore: 0, limit: 3)
        #expect(try it.commit(purge, purge, purge) == [3, 2, 0].map { .purged(records: $0, dead: 0) })
    }

    @Test("may be of the same transaction", arguments: StoreKind.allCases)
    func sameTransaction(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let outcomes = try it.commit(
            .insert(.test(.test(1))), .finish(.test(1), chunk: 0, .test("x")),
            .purge(before: .max, acknowledgedBefore: 0, limit: 10))
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
            try it.commit(.purge(before: 0, acknowledgedBefore: 5000, limit: 10)) == [.purged(records: 1, dead: 0)])
        #expect(try it.records().map(\.sequence) == [2])
        #expect(
            try it.commit(.purge(before: 5000, acknowledgedBefore: 0, limit: 10)) == [.purged(records: 1, dead: 1)])
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10) == [])
        try it.restart()
        #expect(it.recovery.deadJobs == 0)
    }

    @Test("leaves an unfinished job alone, though its partial records go", arguments: StoreKind.allCases)
    func partialRecords(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(.test(1), texts: ["a", "b"]) { $0.wantsPartialResults = true }))
        try it.commit(.finish(.test(1), chunk: 0, .test("A")))
        #expect(try it.commit(.purge(before: .max, acknowledgedBefore: 0, limit: 10)) == [.purged(records: 1, dead: 0)])
        try it.commit(.finish(.test(1), chunk: 1, .test("B")))
        #expect(try it.records().map(\.sequence) == [2, 3])
        #expect(try it.records()[1].outputs.map { $0.hypotheses[0].text } == ["A", "B"])
    }
}
