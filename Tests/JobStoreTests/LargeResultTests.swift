import JobModel
import JobStore
import Testing

@Suite("A result that is too large to be delivered")
struct LargeResultTests {
    private let key = JobKey.test(1)
    /// Of one output with one letter.
    private let outputBytes = Output.test("A").publishedByteCount

    @Test("ends the job dead, with one record that says so, as soon as it is", arguments: StoreKind.allCases)
    func dead(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let most = 2 * outputBytes - 1
        try it.commit(.insert(.test(key, texts: ["a", "b", "c"])))
        try it.commit(.lease(key, chunk: 0, LeaseMark(token: 1, attempt: 1, instance: "w")))
        #expect(
            try it.commit(.finish(key, chunk: 2, .test("C", jobBytesMaximum: most))) == [.finished(records: [])])
        try it.restart()
        let outcome = try it.commit(.finish(key, chunk: 1, .test("B", attempts: 2, at: 3000, jobBytesMaximum: most)))
        let record = try #require(try it.records().first)
        #expect(outcome == [.finished(records: [LogEntry(record, of: "default")])])
        #expect(try it.records().count == 1)
        #expect(record.state == .dead)
        #expect(record.outputs == [])
        #expect(record.attempts == 2)
        #expect(record.finishedAt == 3000)
        let failure = try #require(record.failure)
        #expect(failure.code == "result_too_large")
        #expect(failure.message.contains("\(2 * outputBytes) bytes"))
        #expect(failure.message.contains("\(most)"))
        #expect(try it.commit(.finish(key, chunk: 0, .test("A"))) == [.alreadyTerminal])

        let report = try #require(try it.store.report(on: key))
        #expect(report.state == .dead)
        #expect(report.failure == failure)
        #expect(report.chunksDone == 2)
        #expect(try it.store.deadLetters(of: "default", after: 0, limit: 10) == [report])
        try it.crash()
        #expect(it.recovery.jobs == [])
        #expect(it.recovery.deadJobs == ["default": 1])
    }

    @Test("does not have a partial record either", arguments: StoreKind.allCases)
    func partial(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(key, texts: ["a", "b"]) { $0.wantsPartialResults = true }))
        let result = ChunkResult.test("A", jobBytesMaximum: outputBytes - 1)
        let entries = try it.commit(.finish(key, chunk: 0, result))[0].entries
        #expect(entries.map(\.record.state) == [.dead])
        #expect(try it.records().map(\.outputs) == [[]])
    }

    @Test(
        "is one that is larger than the limit: what consumers do not get does not count", arguments: StoreKind.allCases)
    func fits(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        try it.commit(.insert(.test(key, texts: ["a", "b"])))
        for chunk in 0..<2 as Range<UInt32> {
            try it.commit(.finish(key, chunk: chunk, .test("A", jobBytesMaximum: 2 * outputBytes)))
        }
        #expect(try it.records().map(\.state) == [.done])
    }

    @Test("may be translated again where more is allowed", arguments: StoreKind.allCases)
    func retried(_ kind: StoreKind) throws {
        let it = try StoreUnderTest(kind)
        let again = JobKey.test(2)
        try it.commit(.insert(.test(key)), .finish(key, chunk: 0, .test("A", jobBytesMaximum: 1)))
        try it.commit(.retryDead(key, newID: again.id, at: 5000))
        try it.commit(.finish(again, chunk: 0, .test("A")))
        #expect(try it.records().map(\.state) == [.dead, .done])
    }
}
