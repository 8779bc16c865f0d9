import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite("The SQLite store")
struct SQLiteJobStoreTests {
    private let folder: TemporaryFolder
    private var path: String { folder.url.path }

    init() throws { folder = try TemporaryFolder() }

    private func open(in path: String, maximumBytes: Int = 0) throws -> SQLiteJobStore {
        var settings = SQLiteJobStore.Settings()
        settings.maximumBytes = maximumBytes
        return try SQLiteJobStore(in: path, settings: settings)
    }

    private func refusal(in path: String) -> StoreError? {
        #expect(throws: StoreError.self) { try SQLiteJobStore(in: path) }
    }

    @Test("commits with synchronous=FULL on the connection that writes, also after commits and a recovery")
    func synchronous() throws {
        let store = try open(in: path)
        #expect(try store.synchronousLevel() == 2)
        _ = try store.recover()
        _ = try store.commit([.insert(.test(.test(1)))])
        #expect(try store.synchronousLevel() == 2)
        try store.close()
        #expect(try open(in: path).synchronousLevel() == 2)
    }

    @Test(
        "GRDB sets synchronous=NORMAL whatever prepareDatabase says; that is found out, and mended only outside a transaction"
    )
    func durabilityTrap() throws {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let pool = try DatabasePool(path: folder.file("trap.sqlite").path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 1)
            let error = #expect(throws: StoreError.self) { try Durability.check(database, path: "trap.sqlite") }
            #expect(error?.code == .notDurable)
            try Durability.enforce(on: database, path: "trap.sqlite")
            try Durability.check(database, path: "trap.sqlite")
        }
    }

    @Test("a folder is one broker's at a time")
    func lock() throws {
        let store = try open(in: path)
        let error = try #require(refusal(in: path))
        #expect(error.code == .busy)
        #expect(error.message.contains(path))
        try store.close()
        try open(in: path).close()
    }

    @Test("makes its folder and files for their owner only")
    func modes() throws {
        let inner = folder.file("state/dragoman").path
        let store = try open(in: inner)
        _ = try store.recover()
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(inner) == 0o700)
        for name in ["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "jobs.lock"] {
            #expect(try mode(inner + "/" + name) == 0o600, "\(name)")
        }
    }

    @Test("refuses a folder that is a file, or that cannot be made")
    func badFolders() throws {
        try folder.write("file", "")
        let isFile = try #require(refusal(in: folder.file("file").path))
        #expect(isFile.code == .readOnly)
        #expect(isFile.message.contains("is a file"))
        #expect(refusal(in: folder.file("file/inner").path)?.code == .readOnly)
        #expect(refusal(in: "/proc/dragoman")?.code == .readOnly)
    }

    @Test("refuses what is not a database, and leaves it as it was")
    func notADatabase() throws {
        let text = String(repeating: "not a database, but a diary\n", count: 100)
        try folder.write("jobs.sqlite", text)
        let error = try #require(refusal(in: path))
        #expect(error.code == .incompatible)
        #expect(error.message.contains("jobs.sqlite"))
        #expect(try folder.read("jobs.sqlite") == Array(text.utf8))
    }

    @Test("refuses another program's database, and one of a later version")
    func foreign() throws {
        let other = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try other.write { try $0.execute(sql: "CREATE TABLE diary (day TEXT)") }
        try other.close()
        #expect(refusal(in: path)?.code == .incompatible)

        try folder.remove("jobs.sqlite")
        try open(in: path).close()
        let later = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try later.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
        try later.close()
        let error = try #require(refusal(in: path))
        #expect(error.code == .incompatible)
        #expect(error.message.contains("999"))
    }

    @Test("brings a database of the first version up to date, and loses nothing of it")
    func migration() throws {
        try folder.write("jobs.sqlite", try StoreUnderTest.olderRelease())
        let old = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try old.writeWithoutTransaction { database in
            try database.execute(sql: "ALTER TABLE job DROP COLUMN output_bytes; PRAGMA user_version = 1")
        }
        try old.close()
        let new = try open(in: path)
        let jobs = try new.recover().jobs
        #expect(jobs.map { $0.chunks.map(\.isDone) } == [[false], [false]])
        _ = try new.commit([.finish(jobs[0].key, chunk: 0, .test("B"))])
        #expect(try new.records(of: "default", after: 4, limit: 1, bytes: 0).map(\.state) == [.done])
    }

    @Test("results of a version that aged them by the wall clock are kept at least as long as promised")
    func agesAfterMigration() throws {
        try folder.write("jobs.sqlite", try StoreUnderTest.olderRelease())
        let new = try open(in: path)
        #expect(try new.recover().age == 0)
        func purged(at age: UInt64) throws -> [WriteOutcome] {
            try new.commit([.purge(age: age, retention: 3_600_000, acknowledgedRetention: 3_600_000, limit: 10)])
        }
        #expect(try purged(at: 60_000) == [.purged(records: 0, dead: [:])])
        #expect(try purged(at: 3_600_000) == [.purged(records: 0, dead: [:])])
        #expect(try purged(at: 3_660_000) == [.purged(records: 4, dead: ["default": 1])])
    }

    @Test("takes no job when its files are deleted, or others in their place; what is there can be read and can end")
    func lostFiles() throws {
        let store = try open(in: path)
        _ = try store.commit([.insert(.test(.test(1)))])
        try store.checkPlace()
        let database = folder.file("jobs.sqlite").path
        try FileManager.default.moveItem(atPath: database, toPath: database + ".away")
        let error = #expect(throws: StoreError.self) { try store.checkPlace() }
        #expect(error?.code == .lost && error?.message.contains(database) ?? false)
        try folder.write("jobs.sqlite", "another")
        #expect(throws: StoreError.self) { try store.checkPlace() }
        #expect(#expect(throws: StoreError.self) { try store.commit([.insert(.test(.test(2)))]) }?.code == .lost)
        _ = try store.commit([.finish(.test(1), chunk: 0, .test("x"))])
        #expect(try store.report(on: .test(1))?.state == .done)
        try folder.remove("jobs.sqlite")
        try FileManager.default.moveItem(atPath: database + ".away", toPath: database)
        try store.checkPlace()
        try FileManager.default.removeItem(atPath: database + "-wal")
        #expect(throws: StoreError.self) { try store.checkPlace() }
    }

    @Test("reads the texts that are good beside one that is damaged, and one that is gone")
    func damagedText() throws {
        let store = try open(in: path)
        for number in 1...3 { _ = try store.commit([.insert(.test(.test(number)))]) }
        let other = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try other.write { try $0.execute(sql: "UPDATE content SET body = x'FF' WHERE job = 2") }
        try other.close()
        let chunks = [1, 2, 3, 4].map { (job: JobKey.test($0), chunk: UInt32(0)) }
        #expect(throws: StoreError.self) { try store.contents(of: chunks) }
        let contents = store.contentsApart(of: chunks)
        #expect((try? contents[0].get())?.sources == [.text("Hello.")])
        #expect((try? contents[2].get())?.sources == [.text("Hello.")])
        for missing in [contents[1], contents[3]] {
            #expect(#expect(throws: StoreError.self) { try missing.get() }?.code == .damaged)
        }
        #expect(store.contentsApart(of: []).isEmpty)
    }

    @Test("says that a damaged database is damaged, and does not crash")
    func damage() throws {
        let store = try open(in: path)
        _ = try store.recover()
        for number in 0..<200 { _ = try store.commit([.insert(.test(.test(number)))]) }
        try store.close()
        let whole = try folder.read("jobs.sqlite")
        var random = SeededRandom(seed: 4)
        for _ in 0..<20 {
            var bytes = whole
            // Behind the header, which is another test's.
            for _ in 0..<2000 {
                bytes[random.integer(100...bytes.count - 1)] = UInt8(truncatingIfNeeded: random.next())
            }
            try folder.write("jobs.sqlite", bytes)
            do throws(StoreError) {
                let store = try SQLiteJobStore(in: path)
                _ = try store.recover()
                for number in 0..<200 { _ = try store.contents(of: [(.test(number), 0)]) }
            } catch {
                #expect([.damaged, .corrupt, .incompatible, .failed].contains(error.code), "\(error)")
            }
        }
    }

    @Test("what a loss of power left of the WAL is a prefix of the commits")
    func tornJournal() throws {
        let store = try open(in: path)
        _ = try store.recover()
        for number in 0..<20 {
            let key = JobKey.test(number)
            _ = try store.commit([.insert(.test(key)), .finish(key, chunk: 0, .test("x"))])
        }
        let database = try folder.read("jobs.sqlite")
        let journal = try folder.read("jobs.sqlite-wal")
        var random = SeededRandom(seed: 5)
        var counts: Set<Int> = []
        for _ in 0..<20 {
            let torn = try TemporaryFolder()
            try torn.write("jobs.sqlite", database)
            var part = journal.prefix(random.integer(0...journal.count))
            // The disk may have written later sectors and not these.
            if random.flag() { for index in part.indices.suffix(random.integer(0...5000)) { part[index] = 0 } }
            try torn.write("jobs.sqlite-wal", part)
            let rest = try open(in: torn.url.path)
            let last = try rest.recover().lastSequences["default"] ?? 0
            let records = try rest.records(of: "default", after: 0, limit: .max, bytes: .max)
            #expect(records.map(\.sequence) == Array(0..<last).map { $0 + 1 })
            #expect(records.map(\.job) == (0..<Int(last)).map { JobKey.test($0).id })
            counts.insert(records.count)
        }
        #expect(counts.count > 3)
    }

    @Test("a full store refuses, loses nothing, and goes on when there is space again")
    func full() throws {
        let store = try open(in: path, maximumBytes: 400_000)
        _ = try store.recover()
        let text = String(repeating: "x", count: 5000)
        var accepted: [JobKey] = []
        var error: StoreError?
        while error == nil, accepted.count < 1000 {
            let key = JobKey.test(accepted.count)
            do throws(StoreError) {
                _ = try store.commit([.insert(.test(key, texts: [text])), .insert(.test(.test(5000 + accepted.count)))])
                accepted.append(key)
            } catch {
                #expect(error.code == .full)
            }
            if accepted.last != key { error = StoreError(.full, "") }
        }
        #expect(error != nil && accepted.count > 10)
        // All or nothing: neither of the two that did not fit.
        #expect(try store.report(on: .test(accepted.count)) == nil)
        #expect(try store.report(on: .test(5000 + accepted.count)) == nil)
        for key in accepted { #expect(try store.report(on: key)?.state == .queued) }

        // What ends jobs makes space, and is not refused.
        for key in accepted.prefix(5) { _ = try store.commit([.finish(key, chunk: 0, .test("y"))]) }
        let again = try store.commit([.insert(.test(.test(accepted.count), texts: [text]))])
        #expect(again.count == 1)
        try store.close()
        let larger = try open(in: path)
        #expect(try larger.recover().jobs.count == 2 * accepted.count - 5 + 1)
    }

    @Test("in a full store every job can end, also with a result that is as large as its text")
    func fullOfJobs() throws {
        let store = try open(in: path, maximumBytes: 400_000)
        _ = try store.recover()
        let text = String(repeating: "x", count: 5000)
        var accepted: [JobKey] = []
        while true {
            let key = JobKey.test(accepted.count)
            do throws(StoreError) {
                _ = try store.commit([.insert(.test(key, texts: [text]))])
                accepted.append(key)
            } catch {
                #expect(error.code == .full)
                #expect(error.message.contains("the other half is for results"))
                break
            }
        }
        #expect(accepted.count > 10)
        for key in accepted { _ = try store.commit([.finish(key, chunk: 0, .test(text))]) }
        #expect(try accepted.allSatisfy { try store.report(on: $0)?.state == .done })
    }

    @Test("uses the space of what was purged again, so that the file does not grow for ever")
    func reuse() throws {
        let store = try open(in: path)
        _ = try store.recover()
        func size() throws -> Int {
            let pages = try DatabaseQueue(path: store.path).read { try Int.fetchOne($0, sql: "PRAGMA page_count") }
            return try #require(pages)
        }
        let text = String(repeating: "x", count: 3000)
        var sizes: [Int] = []
        for round in 0..<5 {
            for number in 0..<50 {
                let key = JobKey.test(round * 50 + number)
                _ = try store.commit([.insert(.test(key, texts: [text])), .finish(key, chunk: 0, .test(text))])
            }
            sizes.append(try size())
            _ = try store.commit([.purge(age: 0, retention: 0, acknowledgedRetention: 0, limit: 1000)])
        }
        #expect(sizes[4] <= sizes[1] + 4)
    }

    @Test("a closed store says so instead of crashing")
    func closed() throws {
        let store = try open(in: path)
        _ = try store.recover()
        try store.close()
        #expect(throws: StoreError.self) { try store.commit([.offer(.init(name: "m"))]) }
        #expect(throws: StoreError.self) { try store.report(on: .test(1)) }
    }
}
