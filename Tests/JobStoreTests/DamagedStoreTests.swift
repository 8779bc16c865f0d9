import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import Synchronization
import TestKit
import Testing

/// GRDB has a class of this name.
private typealias Record = JobModel.Record

@Suite("A damaged store")
struct DamagedStoreTests {
    private let folder: TemporaryFolder
    private let notices = NoticeBoard()

    init() throws { folder = try TemporaryFolder() }

    private func open(_ folder: TemporaryFolder? = nil) throws -> SQLiteJobStore {
        var settings = SQLiteJobStore.Settings()
        settings.report = notices.take
        return try SQLiteJobStore(in: (folder ?? self.folder).url.path, settings: settings)
    }

    /// Changes the database of a store that is closed, as nothing but damage does.
    private func tamper(_ sql: String, in folder: TemporaryFolder? = nil) throws {
        let queue = try DatabaseQueue(path: (folder ?? self.folder).file("jobs.sqlite").path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Three jobs that are done, a dead one, a document of which a part is done, and three that are queued; of two tenants.
    private func fill() throws {
        let store = try open()
        _ = try store.recover()
        for number in 1...3 {
            _ = try store.commit([
                .insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("Bonjour \(number).")),
            ])
        }
        _ = try store.commit([
            .insert(.test(.test(4))), .end(.test(4), .dead, Failure("a", "b"), attempts: 1, at: 1000),
            .insert(.test(.test(5), texts: ["a", "b"]) { $0.wantsPartialResults = true }),
            .finish(.test(5), chunk: 0, .test("A")),
            .insert(.test(.test(6))), .insert(.test(.test(7))), .insert(.test(.test(8, tenant: "other"))),
            .lease(.test(6), chunk: 0, LeaseMark(token: 9, attempt: 1, instance: "w")),
            .acknowledge(tenant: "default", consumer: "nightly", upTo: 2), .offer(ModelOffer(name: "opus")),
        ])
        try store.close()
    }

    private func faults(_ folder: TemporaryFolder? = nil) throws -> [String] {
        try StoreCheck(of: (folder ?? self.folder).url.path).findings.faults
    }

    // MARK: What is delivered

    /// All that leaves a store.
    private struct Contents: Equatable {
        var records: [Record?] = []
        var reports: [JobReport?] = []
        var texts: [ChunkContent?] = []
        var recovered: [QueuedJob] = []
        var consumers: [Recovery.Consumer] = []
    }

    private func contents(of store: SQLiteJobStore) throws -> Contents {
        var all = Contents()
        let recovery = try store.recover()
        all.recovered = recovery.jobs
        all.consumers = recovery.consumers
        all.records = try store.records(of: "default", after: 0, limit: 100, bytes: .max)
        for number in 1...7 {
            all.reports.append(try? store.report(on: .test(number)))
            all.texts.append(try? store.contents(of: [(.test(number), 0)])[0])
        }
        return all
    }

    @Test("gives back what was written, or says that it cannot, whichever byte of it is another")
    func flippedBytes() throws {
        try fill()
        let whole = try folder.read("jobs.sqlite")
        let truth = try contents(of: try open(try TemporaryFolder(of: ["jobs.sqlite": whole])))
        #expect(truth.records.count == 5 && truth.recovered.count == 4)
        let trials = Int(ProcessInfo.processInfo.environment["DRAGOMAN_FLIPS"] ?? "") ?? 300
        var random = SeededRandom(seed: 11)
        var (silent, refused, replaced) = (0, 0, 0)
        for _ in 0..<trials {
            var bytes = whole
            let place = random.integer(0...bytes.count - 1)
            bytes[place] ^= UInt8(1 << random.integer(0...7))
            let found: Contents
            do {
                found = try contents(of: try open(try TemporaryFolder(of: ["jobs.sqlite": bytes])))
            } catch {
                refused += 1
                continue
            }
            var problem: String?
            if found.records.count < truth.records.count { problem = "records are missing" }
            for (record, expected) in zip(found.records, truth.records) where record != expected {
                replaced += 1
                if record?.failure?.code != "store_damaged" || record?.outputs != [] { problem = "a record is another" }
            }
            for (report, var expected) in zip(found.reports, truth.reports) {
                // A part whose result is damaged is translated again.
                if let report, report.state == .queued { expected?.chunksDone = report.chunksDone }
                if report == expected || report == nil { continue }
                if report?.failure?.code != "store_damaged" { problem = "a report is another" }
            }
            for (text, expected) in zip(found.texts, truth.texts) where text != expected && text != nil {
                problem = "a text is another"
            }
            for job in found.recovered where !truth.recovered.contains(where: { $0.key == job.key }) {
                problem = "a job is another"
            }
            let ended = Set(found.records.compactMap { $0?.job })
            for job in truth.recovered where !found.recovered.contains(where: { $0.key == job.key }) {
                if !ended.contains(job.key.id) && job.key.tenant == "default" { problem = "a job vanished" }
            }
            for consumer in found.consumers where !truth.consumers.contains(consumer) {
                problem = "a cursor is another"
            }
            if let problem {
                silent += 1
                Issue.record("byte \(place): \(problem)")
            }
        }
        print("\(trials) flips: \(silent) silent, \(refused) refused or failed, \(replaced) records replaced")
        #expect(silent == 0)
    }

    @Test("delivers a dead record in place of one that is damaged, names it, keeps it, and goes on behind it")
    func damagedRecord() throws {
        try fill()
        try tamper(
            "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'Bonjour', 'Bonsoir') AS BLOB) WHERE sequence = 2"
        )
        #expect(try faults().contains { $0.hasPrefix("record (tenant, sequence 'default', 2)") })
        let store = try open()
        _ = try store.recover()
        for _ in 1...2 {
            let records = try store.records(of: "default", after: 0, limit: 100, bytes: .max)
            #expect(records.map(\.sequence) == [1, 2, 3, 4, 5])
            #expect(records.map(\.state) == [.done, .dead, .done, .dead, .running])
            #expect(records[1].job == JobKey.test(2).id && records[1].failure?.code == "store_damaged")
            #expect(records[1].topic == "orders")
        }
        #expect(notices.all.filter { $0.level == .error }.count == 1)
        #expect(notices.all[0].message.contains("tenant default, sequence 2"))
        // One page ends before it, the next begins with it.
        #expect(try store.records(of: "default", after: 0, limit: 1, bytes: .max).map(\.state) == [.done])
        #expect(try store.records(of: "default", after: 1, limit: 1, bytes: .max).map(\.state) == [.dead])
        try store.close()
        #expect(try StoreCheck(of: folder.url.path).findings.quarantined == 1)
    }

    @Test("misses a record that is gone, wherever it was", arguments: [1, 3, 5])
    func vanishedRecord(_ sequence: Int) throws {
        try fill()
        try tamper("DELETE FROM record WHERE tenant = 'default' AND sequence = \(sequence)")
        #expect(try faults().contains { $0.contains("\(sequence) is missing") })
        let store = try open()
        _ = try store.recover()
        let records = try store.records(of: "default", after: 0, limit: 100, bytes: .max)
        #expect(records.map(\.sequence) == [1, 2, 3, 4, 5])
        #expect(records[sequence - 1].failure?.code == "store_damaged")
        #expect(records.count { $0.failure?.code == "store_damaged" } == 1)
        // A job that has ended knows which record told of it.
        if sequence < 5 { #expect(records[sequence - 1].job == JobKey.test(sequence).id) }
    }

    @Test("notices records that are in each other's place, and one of another history in a record's")
    func replayedRecord() throws {
        try fill()
        try tamper(
            """
            UPDATE record SET sequence = -1 WHERE sequence = 1; UPDATE record SET sequence = 1 WHERE sequence = 2;
            UPDATE record SET sequence = 2 WHERE sequence = -1
            """)
        #expect(try faults().count >= 2)
        let swapped = try open()
        _ = try swapped.recover()
        let records = try swapped.records(of: "default", after: 0, limit: 100, bytes: .max)
        #expect(records.map { $0.failure?.code == "store_damaged" } == [true, true, false, false, false])
        try swapped.close()

        // A whole row, with the right checksum, of a store that went on otherwise.
        let other = try TemporaryFolder()
        let fork = try open(other)
        for number in 1...3 {
            _ = try fork.commit([.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("Salut."))])
        }
        try fork.close()
        let second = try DamagedStoreTests()
        try second.fill()
        try second.tamper(
            """
            ATTACH '\(other.file("jobs.sqlite").path)' AS fork;
            INSERT OR REPLACE INTO main.record SELECT * FROM fork.record WHERE sequence = 3;
            """)
        #expect(try second.faults().isEmpty == false)
        let replayed = try second.open()
        _ = try replayed.recover()
        let third = try replayed.records(of: "default", after: 2, limit: 1, bytes: .max)
        #expect(third.map(\.failure?.code) == ["store_damaged"])
    }

    @Test(
        "refuses to begin when what a log hangs on is damaged, and says what to do",
        arguments: [
            "UPDATE log SET last_sequence = 4 WHERE tenant = 'default'", "DELETE FROM log WHERE tenant = 'default'",
            "UPDATE broker SET epoch = 7", "DELETE FROM job WHERE number = 6",
        ])
    func structure(_ sql: String) throws {
        try fill()
        try tamper(sql)
        let error = #expect(throws: StoreError.self) { _ = try open().recover() }
        #expect(error?.code == .damaged && error?.message.contains("dragoman store check") ?? false)
        #expect(try !faults().isEmpty)
    }

    @Test("ends a queued job whose row is damaged, and the others go on")
    func damagedJob() throws {
        try fill()
        try tamper("UPDATE job SET model = 'opas' WHERE number = 6")
        let store = try open()
        let recovery = try store.recover()
        #expect(recovery.jobs.map(\.key) == [.test(5), .test(7), .test(8, tenant: "other")])
        let last = try store.records(of: "default", after: 5, limit: 10, bytes: .max)
        #expect(last.map(\.job) == [JobKey.test(6).id])
        #expect(last[0].state == .dead && last[0].failure?.code == "store_damaged" && last[0].model == "")
        #expect(try store.report(on: .test(6))?.state == .dead)
        try store.close()
        #expect(try faults().isEmpty)
        #expect(try StoreCheck(of: folder.url.path).findings.quarantined > 0)
    }

    @Test("ends a job that is found damaged when it is to end otherwise")
    func damagedAtEnd() throws {
        try fill()
        let store = try open()
        _ = try store.recover()
        try tamper("UPDATE job SET topic = 'x' WHERE number IN (6, 7)")
        let outcomes = try store.commit([
            .finish(.test(6), chunk: 0, .test("x")), .end(.test(7), .cancelled, Failure("a", "b"), attempts: 0, at: 1),
        ])
        let entries = outcomes.flatMap(\.entries)
        #expect(entries.map(\.record.state) == [.dead, .dead])
        #expect(entries.map(\.record.failure?.code) == ["store_damaged", "store_damaged"])
        #expect(entries.map(\.record.sequence) == [6, 7])
        #expect(try store.commit([.finish(.test(6), chunk: 0, .test("x"))]) == [.alreadyTerminal])
    }

    @Test("translates a part again whose result is damaged, or gone")
    func damagedChunk() throws {
        for sql in ["UPDATE chunk SET outputs = x'00' WHERE job = 5", "DELETE FROM chunk WHERE job = 5"] {
            let it = try DamagedStoreTests()
            try it.fill()
            try it.tamper(sql)
            let store = try it.open()
            let document = try #require(try store.recover().jobs.first { $0.key == .test(5) })
            #expect(document.chunks.map(\.isDone) == [false, false])
            _ = try store.commit([.finish(.test(5), chunk: 0, .test("A"))])
            let end = try store.commit([.finish(.test(5), chunk: 1, .test("B"))]).flatMap(\.entries).last
            #expect(end?.record.outputs.map { $0.hypotheses[0].text } == ["A", "B"])
        }
    }

    @Test("does not give a worker a text that is damaged, and the job is not tried again from it")
    func damagedContent() throws {
        try fill()
        try tamper("UPDATE content SET body = CAST(replace(CAST(body AS TEXT), 'Hello', 'Hallo') AS BLOB)")
        let store = try open()
        _ = try store.recover()
        let contents = store.contentsApart(of: [(.test(6), 0)])
        #expect(#expect(throws: StoreError.self) { try contents[0].get() }?.code == .damaged)
        #expect(try store.commit([.retryDead(.test(4), newID: .random(), at: 5)]) == [.notDead])
    }

    @Test("takes a consumer's place that is damaged for none, so that it gets again what it may have had")
    func damagedConsumer() throws {
        try fill()
        try tamper("UPDATE consumer SET acknowledged = 4")
        let store = try open()
        #expect(try store.recover().consumers == [])
        #expect(
            try store.commit([.acknowledge(tenant: "default", consumer: "nightly", upTo: 1)]) == [
                .acknowledged(upTo: 1)
            ])
    }

    @Test("a log from which the oldest were purged can be checked to its end, and a record cannot vanish at its front")
    func purged() throws {
        try fill()
        let store = try open()
        _ = try store.recover()
        _ = try store.commit([.purge(age: 0, retention: 0, acknowledgedRetention: 0, limit: 2)])
        #expect(try store.firstSequence(of: "default") == 3)
        try store.close()
        #expect(try faults().isEmpty)
        try tamper("DELETE FROM record WHERE sequence = 3")
        #expect(try faults().contains { $0.contains("3 is missing") })
        let again = try open()
        _ = try again.recover()
        #expect(try again.firstSequence(of: "default") == 3)
        let records = try again.records(of: "default", after: 0, limit: 2, bytes: .max)
        #expect(records.map(\.sequence) == [3, 4] && records[0].failure?.code == "store_damaged")
    }

    @Test("a check finds nothing in a store that is whole, and changes nothing")
    func soundStore() throws {
        try fill()
        let before = try folder.read("jobs.sqlite")
        let check = try StoreCheck(of: folder.url.path).findings
        #expect(check.faults == [] && check.remarks == [])
        #expect(check.jobs == 8 && check.unfinishedJobs == 4 && check.records == 5 && check.consumers == 1)
        #expect(try folder.read("jobs.sqlite") == before)
        let store = try open()
        _ = try store.recover()
        #expect(#expect(throws: StoreError.self) { try StoreCheck(of: folder.url.path) }?.code == .busy)
        withExtendedLifetime(store) {}
    }

    @Test("a store of release 0.1.0 is given checksums, and loses nothing")
    func olderRelease() throws {
        try folder.write("jobs.sqlite", try StoreUnderTest.olderRelease())
        #expect(try StoreCheck(of: folder.url.path).findings.remarks.count == 1)
        let store = try open()
        let recovery = try store.recover()
        #expect(recovery.epoch == 3 && recovery.jobs.count == 2 && recovery.deadJobs == ["default": 1])
        #expect(recovery.consumers.map(\.name) == ["nightly", "weekly"])
        #expect(recovery.consumers.map(\.acknowledged) == [2, 1])
        let records = try store.records(of: "default", after: 0, limit: 100, bytes: .max)
        #expect(records.map(\.state) == [.done, .done, .done, .dead])
        let texts = records.prefix(3).map { $0.outputs[0].hypotheses[0].text }
        #expect(texts == ["Bon matin.", "Où se trouve la gare ?", "Merci beaucoup."])
        let queued = try store.contents(of: recovery.jobs.map { ($0.key, 0) })
        #expect(queued.map { $0?.sources } == [[.text("The queue is long.")], [.text("It was stopped.")]])
        for job in recovery.jobs { _ = try store.commit([.finish(job.key, chunk: 0, .test("x"))]) }
        try store.close()
        #expect(try faults().isEmpty)
        try tamper("UPDATE record SET body = x'00' WHERE sequence = 3")
        #expect(try faults().count == 1)
    }
}

/// What stores have reported.
final class NoticeBoard: Sendable {
    private let notices = Mutex<[StoreNotice]>([])

    func take(_ notice: StoreNotice) { notices.withLock { $0.append(notice) } }

    var all: [StoreNotice] { notices.withLock { $0 } }
}

extension TemporaryFolder {
    convenience init(of files: [String: [UInt8]]) throws {
        try self.init()
        for (name, bytes) in files { try write(name, bytes) }
    }
}
