import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing
import Wire

/// GRDB has a class of this name.
private typealias Record = JobModel.Record

/// Databases of before format 7, whose values are in another form than those that are written now.
@Suite("Rows of older databases")
struct OldRowsTests {
    private let folder: TemporaryFolder
    private var path: String { folder.url.path }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ fixture: String) throws -> SQLiteJobStore {
        try folder.write("jobs.sqlite", try StoreUnderTest.fixture(fixture))
        return try SQLiteJobStore(in: path)
    }

    @Test("records of release 0.1.0 are delivered as the protocol has them")
    func firstRelease() throws {
        let store = try open("release-0.1.0")
        let jobs = try store.recover().jobs
        let records = try store.records(of: "default", after: 0, limit: .max, bytes: .max)
        #expect(records.map(\.state) == [.done, .done, .done, .dead])
        #expect(
            records.map { $0.outputs.first?.hypotheses[0].text }
                == ["Bon matin.", "Où se trouve la gare ?", "Merci beaucoup.", nil])
        #expect(records.allSatisfy { $0.model == "demo-en-fr" && $0.acceptedAt > 1_700_000_000_000 })
        let texts = try store.contents(of: jobs.map { (job: $0.key, chunk: 0) }).compactMap { $0?.sources }
        #expect(texts == [[.text("The queue is long.")], [.text("It was stopped.")]])
    }

    @Test("records of format 5 are delivered to the last bit of what they say")
    func records() throws {
        let store = try open("format-5")
        _ = try store.recover()
        let records = try store.records(of: "default", after: 0, limit: .max, bytes: .max)
        #expect(records.map(\.sequence) == Array(1...6))
        #expect(records.map(\.job) == [1, 2, 3, 4, 5, 6].map { JobKey.test($0).id })
        #expect(records.map(\.state) == [.done, .done, .done, .done, .dead, .running])
        #expect(records.map(\.finishedAt) == [2000, 2000, 2000, 3000, 4000, 5000])
        #expect(records.allSatisfy { $0.topic == "orders" && $0.trace == "trace" && $0.model == "opus" })
        #expect(records[0].outputs.map(\.hypotheses) == [[Output.Hypothesis(text: "Bonjour 1.", score: -0.25)]])
        var full = Output.Hypothesis(text: "Bonjour.", score: nil, isTruncated: true)
        full.tokens = ["▁Bonjour", "."]
        full.tokenScores = [-0.5, -0.25]
        full.alignment = [[0.75, 0.25], [0.5, 0.5]]
        #expect(records[3].outputs == [Output(hypotheses: [full])])
        #expect(records[3].attempts == 2 && records[3].retryOf == JobKey.test(9).id)
        #expect(records[4].failure == Failure("a", "b"))
        #expect(records[5].pieces == [Piece(source: 0, bytes: 0..<5)])
        // The frame is what a broker of that time would have made of the record.
        for (encoded, record) in zip(
            try store.encodedRecords(of: "default", after: 0, limit: .max, bytes: .max), records)
        {
            #expect(encoded == EncodedRecord(record))
        }
    }

    @Test("jobs of format 5 go on: their texts, options, plans and what is done of them")
    func jobs() throws {
        let store = try open("format-5")
        let recovery = try store.recover()
        #expect(recovery.jobs.map(\.key) == [.test(6), .test(7), .test(8, tenant: "other")])
        #expect(recovery.jobs.map { $0.chunks.map(\.isDone) } == [[true, false], [false], [false, true]])
        #expect(recovery.jobs[1].chunks[0].lease == LeaseMark(token: 9, attempt: 1, instance: "w"))
        let contents = try store.contents(of: [(.test(6), 0), (.test(6), 1), (.test(7), 0)])
        #expect(contents.map { $0?.sources } == [[.text("One.\n")], [.text("Two.")], [.tokens(["▁Hello", "."])]])
        var options = SearchOptions()
        options.beamSize = 4
        options.lengthPenalty = 0.5
        options.suppress = ["a b", "c"]
        options.prefix = .text("Bon")
        options.seed = 7
        options.earlyStopping = .heuristic
        options.alignments = true
        #expect(contents[2]?.options == options && contents[2]?.wantsTokens == true)
        #expect(contents.allSatisfy { $0?.trace == "trace" && $0?.model == "opus" })

        // What was done before is put together with what is done now.
        let ends = try store.commit([
            .finish(.test(6), chunk: 1, .test("Deux.", at: 6000)),
            .finish(.test(8, tenant: "other"), chunk: 0, .test("A", at: 6000)),
        ]).flatMap(\.entries)
        #expect(ends.map(\.record.sequence) == [7, 8, 1])
        #expect(ends[1].record.outputs.map { $0.hypotheses.map(\.text) } == [["Un.\nDeux."]])
        #expect(ends[2].record.outputs.map { $0.hypotheses[0].text } == ["A", "B"])
        #expect(ends.allSatisfy { $0.record.trace == "trace" })
    }

    @Test("the dead of format 5 can be tried again")
    func deadJob() throws {
        let store = try open("format-5")
        _ = try store.recover()
        let again = JobKey.test(20)
        guard case .inserted(let job) = try store.commit([.retryDead(.test(5), newID: again.id, at: 7000)])[0] else {
            return #expect(Bool(false), "it is not on the list of the dead")
        }
        #expect(job.key == again && job.acceptedAt == 7000 && job.model == "opus")
        #expect(try store.contents(of: [(again, 0)])[0]?.sources == [.text("Hello.")])
        let record = try store.commit([.finish(again, chunk: 0, .test("Bonjour."))]).flatMap(\.entries)[0].record
        #expect(record.retryOf == JobKey.test(5).id && record.trace == "trace" && record.acceptedAt == 7000)
    }

    @Test("stay as they are, and what is written beside them are messages; the log's chain holds over both")
    func mixture() throws {
        let store = try open("format-5")
        _ = try store.recover()
        _ = try store.commit([.insert(.test(.test(30))), .finish(.test(30), chunk: 0, .test("Salut."))])
        let records = try store.records(of: "default", after: 5, limit: .max, bytes: .max)
        #expect(records.map(\.job) == [JobKey.test(6).id, JobKey.test(30).id])
        #expect(records[1].trace == "trace")
        try store.close()
        #expect(try StoreCheck(of: path).findings.faults == [])
        let database = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        let marks = try database.read {
            try Int.fetchAll(
                $0, sql: "SELECT hex(substr(body, 1, 1)) FROM record WHERE tenant = 'default' ORDER BY sequence")
        }
        #expect(marks == [1, 1, 1, 1, 1, 1, 8])
        let body = try database.read {
            try Data.fetchOne($0, sql: "SELECT body FROM record WHERE tenant = 'default' AND sequence = 7")
        }
        #expect(body.map { [UInt8]($0) } == EncodedRecord(records[1]).bytes)
        #expect(try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 8)
    }

    @Test("that are damaged are named, and replaced by a record that says so")
    func damage() throws {
        try folder.write("jobs.sqlite", try StoreUnderTest.fixture("format-5"))
        let database = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try database.write {
            try $0.execute(
                sql: "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'Bonjour 2', 'Bonsoir 2') AS BLOB) "
                    + "WHERE sequence = 2")
        }
        try database.close()
        let store = try SQLiteJobStore(in: path)
        _ = try store.recover()
        let records = try store.records(of: "default", after: 0, limit: 3, bytes: .max)
        #expect(records.map { $0.failure?.code } == [nil, "store_damaged", nil])
        #expect(records[1].job == JobKey.test(2).id && records[1].trace == "trace")
    }
}
