import Foundation
import JobModel
import JobStore
import PostgresJobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite(
    "A store that is moved from SQLite into PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(30)))
struct PostgresImportTests {
    @Test("is the same store, whatever was done to it, and goes on alike", arguments: 0..<6 as Range<UInt64>)
    func same(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let folder = try TemporaryFolder()
        let old = try SQLiteJobStore(in: folder.url.path)
        _ = try old.recover()
        for _ in 0..<60 { _ = try old.commit((0..<random.integer(0...6)).map { _ in random.write() }) }
        try old.close()

        let database = try PostgresDatabase()
        let source = try SQLiteJobStore(in: folder.url.path)
        let `import` = try PostgresImport(into: database.settings)
        try source.contents(`import`.take)
        try `import`.finish()
        let expected = try source.recover()
        let new = try database.store()
        var found = try new.recover()
        #expect(found.epoch > expected.epoch - 1)
        found.epoch = expected.epoch
        #expect(found == expected)
        for tenant in ["a", "b"] {
            let records = try new.records(of: tenant, after: 0, limit: .max, bytes: .max)
            #expect(try source.records(of: tenant, after: 0, limit: .max, bytes: .max) == records)
            for number in 0..<12 {
                let key = JobKey.test(number, tenant: tenant)
                #expect(try new.report(on: key) == source.report(on: key))
                let chunks = (0..<3).map { (job: key, chunk: UInt32($0)) }
                #expect(try new.contents(of: chunks) == source.contents(of: chunks))
            }
        }
        for _ in 0..<60 {
            let writes = (0..<random.integer(0...6)).map { _ in random.write() }
            #expect(try new.commit(writes) == source.commit(writes))
        }
        #expect(try PostgresStoreCheck.findings(database.settings).faults == [])
    }

    @Test("is the same store when it is moved back", arguments: 6..<10 as Range<UInt64>)
    func back(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let database = try PostgresDatabase()
        let first = try database.store()
        let identity = try first.recover().logID
        for _ in 0..<60 { _ = try first.commit((0..<random.integer(0...6)).map { _ in random.write() }) }
        expect(.busy) { _ = try PostgresExport(of: database.settings) }
        try first.close()

        let expected = try database.contents()
        let folder = try TemporaryFolder()
        let old = try PostgresExport(of: database.settings)
        let new = try SQLiteJobStore(in: folder.url.path)
        try new.fill(old.contents)
        let found = try new.recover()
        #expect(found.logID == identity)
        #expect(found.jobs == expected.jobs && found.lastSequences == expected.lastSequences)
        #expect(found.glossaries == expected.glossaries)
        #expect(found.consumers == expected.consumers && found.offers == expected.offers && found.age == expected.age)
        expect(.incompatible) { try new.fill(old.contents) }
        try old.finish()
        expect(.incompatible) { _ = try database.store() }
        try new.close()
        #expect(try StoreCheck(of: folder.url.path).findings.faults == [])
        let again = try SQLiteJobStore(in: folder.url.path)
        #expect(try again.recover().logID == identity)
        for _ in 0..<30 { _ = try again.commit((0..<random.integer(0...6)).map { _ in random.write() }) }
        try again.close()
        #expect(try StoreCheck(of: folder.url.path).findings.faults == [])
    }

    @Test("was written by an older release")
    func olderRelease() throws {
        let folder = try TemporaryFolder()
        try folder.write("jobs.sqlite", try StoreUnderTest.olderRelease())
        let database = try PostgresDatabase()
        let source = try SQLiteJobStore(in: folder.url.path)
        let `import` = try PostgresImport(into: database.settings)
        try source.contents(`import`.take)
        try `import`.finish()
        #expect(`import`.jobs > 0 && `import`.records > 0)
        #expect(try PostgresStoreCheck.findings(database.settings).faults == [])
        let new = try database.store()
        #expect(try new.recover().jobs == source.recover().jobs)
    }

    @Test("needs an empty database that no broker has; what is not finished has not happened")
    func refused() throws {
        let database = try PostgresDatabase()
        let store = try database.store()
        expect(.busy) { _ = try PostgresImport(into: database.settings) }
        _ = try store.recover()
        _ = try store.commit([.acknowledge(tenant: "a", consumer: "c", upTo: 0)])
        try store.close()
        expect(.incompatible) { _ = try PostgresImport(into: database.settings) }

        let other = try PostgresDatabase()
        do {
            let `import` = try PostgresImport(into: other.settings)
            let job = StoredJob.test(.test(1))
            try `import`.take(.store(history: .random(), epoch: 1, age: 0, wasClosed: true))
            try `import`.take(.job(JobImage(job, number: 1), content: job.job, chunks: [:]))
        }
        let empty = try other.store()
        #expect(try empty.recover().jobs == [])
    }
}

@Suite(
    "A look at a store in PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(30)))
struct PostgresStoreCheckTests {
    @Test("finds nothing in one that is sound, and each damage in one that is not")
    func damages() throws {
        let database = try PostgresDatabase()
        let store = try database.store { $0.broker = "alpha" }
        _ = try store.recover()
        for number in 1...4 { _ = try store.commit([.insert(.test(.test(number), texts: ["a", "b"]))]) }
        for chunk in 0..<2 as Range<UInt32> {
            for number in 1...2 { _ = try store.commit([.finish(.test(number), chunk: chunk, .test("x"))]) }
        }
        _ = try store.commit([
            .finish(.test(3), chunk: 0, .test("x")), .acknowledge(tenant: "default", consumer: "c", upTo: 2),
        ])
        let sound = try PostgresStoreCheck.findings(database.settings)
        #expect(sound.faults == [])
        #expect(sound.jobs == 4 && sound.unfinishedJobs == 2 && sound.records == 2 && sound.consumers == 1)
        #expect(sound.remarks == ["alpha has the store"])
        for (damage, remedy) in [
            ("DELETE FROM dragoman.content WHERE job = 4", nil),
            ("DELETE FROM dragoman.record WHERE sequence = 1", nil),
            ("UPDATE dragoman.log SET last_sequence = 1", "UPDATE dragoman.log SET last_sequence = 2"),
            ("UPDATE dragoman.job SET plan = '\\xff' WHERE number = 4", nil),
            ("DELETE FROM dragoman.chunk WHERE job = 3", nil),
            ("UPDATE dragoman.record SET body = '\\xff'", nil),
        ] as [(String, String?)] {
            let before = try PostgresStoreCheck.findings(database.settings).faults
            try database.query(damage)
            #expect(try PostgresStoreCheck.findings(database.settings).faults.count > before.count, "\(damage)")
            if let remedy { try database.query(remedy) }
        }
    }
}
