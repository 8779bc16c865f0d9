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
        #expect(try it.commit(purge(at: 5 * hour, retention: 3 * hour)) == [.purged(records: 2, dead: [:])])
        #expect(try it.records().map(\.sequence) == [3, 4])
        #expect(try it.store.firstSequence(of: "default") == 3)
        #expect(try it.store.report(on: .test(2)) == nil)
        #expect(try it.store.report(on: .test(3)) != nil)
        // The id is free again.
        #expect(try it.commit(.insert(.test(.test(2)))) == [.inserted(QueuedJob(.test(.test(2))))])
        #expect(try it.commit(purge()) == [.purged(records: 2, dead: [:])])
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
        #expect(try it.commit(purge(at: 100 * hour, retention: hour)) == [.purged(records: 0, dead: [:])])
        #expect(try it.commit(purge(at: 101 * hour - 1, retention: hour)) == [.purged(records: 0, dead: [:])])
        #expect(try it.commit(purge(at: 101 * hour, retention: hour)) == [.purged(records: 1, dead: [:])])
    }

    @Test("the store's age outlives its broker, and never goes back", arguments: StoreKind.allCases)
    func age(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 1)
        try it.restart()
        #expect(it.recovery.age == hour)
        #expect(try it.commit(purge(at: minute, retention: minute)) == [.purged(records: 0, dead: [:])])
        try it.crash()
        #expect(it.recovery.age == hour)
        #expect(try it.commit(purge(at: hour + minute, retention: minute)) == [.purged(records: 1, dead: [:])])
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
        #expect(try it.commit(purge) == [.purged(records: 0, dead: [:])])
        try it.commit(.acknowledge(tenant: "default", consumer: "a", upTo: 4))
        try it.commit(.acknowledge(tenant: "default", consumer: "b", upTo: 2))
        #expect(try it.commit(purge) == [.purged(records: 2, dead: [:])])
        try it.commit(.acknowledge(tenant: "default", consumer: "b", upTo: 4))
        #expect(try it.commit(purge) == [.purged(records: 1, dead: [:])])
        #expect(try it.records().map(\.sequence) == [4])
    }

    @Test("is at most so many records at a time", arguments: StoreKind.allCases)
    func limit(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        try it.commit(.insert(.test(.test(1, tenant: "other"))))
        try it.commit(.finish(.test(1, tenant: "other"), chunk: 0, .test("x")))
        let purge = purge(limit: 3)
        #expect(try it.commit(purge, purge, purge) == [3, 2, 0].map { .purged(records: $0, dead: [:]) })
    }

    @Test("may be of the same transaction", arguments: StoreKind.allCases)
    func sameTransaction(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let outcomes = try it.commit(
            .insert(.test(.test(1))), .finish(.test(1), chunk: 0, .test("x")),
            purge())
        #expect(outcomes[2] == .purged(records: 1, dead: [:]))
    }

    /// Jobs 1 and 2, dead, and job 3, done; all acknowledged.
    private func storeWithDead(_ kind: StoreKind) throws -> StoreUnderTest {
        let it = try StoreUnderTest(kind)
        for number in 1...2 {
            try it.commit(
                .insert(.test(.test(number))),
                .end(.test(number), .dead, Failure("a", "b"), attempts: 1, at: 1000))
        }
        try it.commit(
            .insert(.test(.test(3))), .finish(.test(3), chunk: 0, .test("x", at: 2000)),
            .acknowledge(tenant: "default", consumer: "c", upTo: 3))
        return it
    }

    @Test("takes the records of the dead as any others, and the dead themselves by age", arguments: StoreKind.allCases)
    func dead(_ kind: StoreKind) throws {
        let it = try storeWithDead(kind)
        #expect(
            try it.commit(purge(retention: .max, acknowledgedRetention: 0)) == [.purged(records: 3, dead: [:])])
        #expect(try it.records() == [])
        let letters = try it.store.deadLetters(of: "default", after: 0, limit: 10)
        #expect(letters.map(\.sequence) == [1, 2])
        #expect(try it.store.report(on: .test(1)) == letters[0])
        try it.restart()
        #expect(it.recovery.deadJobs == ["default": 2])
        #expect(
            try it.commit(purge(limit: 1)) == [
                .purged(records: 1, dead: ["default": 1])
            ])
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10).map(\.sequence) == [2])
        #expect(
            try it.commit(purge()) == [
                .purged(records: 1, dead: ["default": 1])
            ])
        try it.restart()
        #expect(it.recovery.deadJobs == [:] && it.recovery.lastSequences == ["default": 3])
    }

    @Test("leaves nothing of a dead job that is taken off the list after its record", arguments: StoreKind.allCases)
    func deadWithoutRecord(_ kind: StoreKind) throws {
        let it = try storeWithDead(kind)
        try it.commit(purge(retention: .max, acknowledgedRetention: 0))
        let new = JobKey.test(10).id
        let outcomes = try it.commit(.retryDead(.test(1), newID: new, at: 9000), .dropDead(.test(2)))
        guard case .inserted(let queued) = outcomes[0] else { return #expect(Bool(false), "\(outcomes)") }
        #expect(outcomes[1] == .noted)
        #expect(try it.store.report(on: .test(1)) == nil)
        #expect(try it.store.report(on: .test(2)) == nil)
        #expect(try it.store.contents(of: [(queued.key, 0)])[0] != nil)
        // The record that follows has the next number, and begins the log.
        try it.commit(.finish(queued.key, chunk: 0, .test("A")))
        #expect(try it.records().map(\.sequence) == [4])
        #expect(try it.store.firstSequence(of: "default") == 4)
        // Before its record has gone, it stays as what became of the job.
        try it.commit(.insert(.test(.test(4))), .end(.test(4), .dead, Failure("a", "b"), attempts: 1, at: 1000))
        try it.commit(.dropDead(.test(4)))
        #expect(try it.store.report(on: .test(4))?.state == .dead)
    }

    @Test("does not wait for consumers that are abandoned, or never read anything", arguments: StoreKind.allCases)
    func abandoned(_ kind: StoreKind) throws {
        let it = try storeWithDone(kind, 4)
        func purge(_ abandonment: UInt64) -> Write {
            .purge(
                age: 9 * hour, retention: .max, acknowledgedRetention: 0, consumerAbandonment: abandonment, limit: 10)
        }
        let (old, new) = (ConsumerKey(tenant: "default", name: "old"), ConsumerKey(tenant: "default", name: "new"))
        try it.commit(
            .acknowledge(tenant: "default", consumer: "old", upTo: 1),
            .acknowledge(tenant: "default", consumer: "new", upTo: 3),
            .acknowledge(tenant: "default", consumer: "never", upTo: 0))
        #expect(try it.commit(purge(0)) == [.purged(records: 1, dead: [:])], "one that was never noted counts")
        try it.commit(
            .seen(consumers: [old], models: [], at: 5 * hour), .seen(consumers: [new], models: [], at: 6 * hour))
        #expect(try it.commit(purge(4 * hour)) == [.purged(records: 0, dead: [:])])
        #expect(try it.commit(purge(4 * hour - 1)) == [.purged(records: 2, dead: [:])])
        // When all are abandoned, it is as if there were none.
        #expect(try it.commit(purge(0)) == [.purged(records: 0, dead: [:])])
        #expect(try it.records().map(\.sequence) == [4])
        // The one that comes back goes on where it was.
        #expect(
            try it.commit(.acknowledge(tenant: "default", consumer: "old", upTo: 0)) == [.acknowledged(upTo: 1)])
    }

    @Test("leaves an unfinished job alone, though its partial records go", arguments: StoreKind.allCases)
    func partialRecords(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(.test(1), texts: ["a", "b"]) { $0.wantsPartialResults = true }))
        try it.commit(.finish(.test(1), chunk: 0, .test("A")))
        #expect(try it.commit(purge()) == [.purged(records: 1, dead: [:])])
        try it.commit(.finish(.test(1), chunk: 1, .test("B")))
        #expect(try it.records().map(\.sequence) == [2, 3])
        #expect(try it.records()[1].outputs.map { $0.hypotheses[0].text } == ["A", "B"])
    }
}
