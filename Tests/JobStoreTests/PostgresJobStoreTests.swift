import Foundation
import JobModel
import JobStore
import PostgresJobStore
import Synchronization
import TestKit
import Testing

/// What only a database that several brokers share has to do.
@Suite(
    "A store in PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing), .timeLimit(.minutes(30)))
struct PostgresJobStoreTests {
    private let key = JobKey.test(1)

    @Test("is one broker's at a time; another takes it over when the first is silent, or gives it back")
    func ownership() throws {
        let database = try PostgresDatabase()
        let first = try database.store { $0.broker = "alpha" }
        let (before, second) = (try first.recover(), try PostgresJobStore(database.settings))
        #expect(try second.acquire() == .taken(by: "alpha"))
        try database.expireTenure()
        #expect(try second.acquire() == .acquired)
        let after = try second.recover()
        #expect(after.epoch == before.epoch + 1)
        #expect(!after.wasClosed)
        #expect(after.logID == before.logID)
        try second.close()
        let third = try database.store()
        #expect(try third.recover().wasClosed)
    }

    @Test("takes nothing from a broker that was replaced, and tells it so")
    func fence() throws {
        let database = try PostgresDatabase()
        let first = try database.store()
        _ = try first.recover()
        _ = try first.commit([.insert(.test(key))])
        try database.expireTenure()
        let second = try database.store()
        _ = try second.recover()
        for _ in 0..<2 { expect(.superseded) { _ = try first.commit([.finish(key, chunk: 0, .test("x"))]) } }
        expect(.superseded) { _ = try first.report(on: key) }
        expect(.superseded) { try first.checkPlace() }
        #expect(try second.report(on: key)?.state == .queued)
        #expect(try second.commit([.finish(key, chunk: 0, .test("y"))])[0].entries.map(\.record.sequence) == [1])
        // It does not take the store from the other one by closing it.
        try first.close()
        #expect(try PostgresJobStore(database.settings).acquire() != .acquired)
    }

    @Test("is given up by a broker that cannot say in time that it lives")
    func silence() throws {
        let server = try PostgresServer()
        let name = try server.database()
        var settings = PostgresJobStore.Settings(url: server.url(name))
        settings.tenureMilliseconds = 5000
        _ = try PostgresSchema.make(settings, grantingTo: nil)
        let store = try PostgresJobStore(settings)
        #expect(try store.acquire() == .acquired)
        _ = try store.recover()
        let isOver = Atomic(false)
        store.whenEpochEnds { isOver.store($0.code == .superseded, ordering: .relaxed) }
        // It says so as long as it can.
        let end = "SELECT expires_at FROM dragoman.tenure"
        let first = try server.query(end, in: name)
        while try server.query(end, in: name) == first { try store.checkPlace() }
        server.pause()
        defer { server.resume() }
        var problem: StoreError?
        while problem?.code != .superseded {
            do throws(StoreError) { try store.checkPlace() } catch { problem = error }
        }
        #expect(problem?.message.contains("5000 ms") == true)
        while !isOver.load(ordering: .relaxed) { usleep(10_000) }
    }

    @Test("is not kept by a broker that was stopped in the middle of a commit")
    func pausedOwner() throws {
        let database = try PostgresDatabase()
        let first = try database.store()
        _ = try first.recover()
        // Its session, as the commit of a process that has been stopped leaves it, until the server ends it.
        let session = try database.server.session(
            """
            SET idle_in_transaction_session_timeout = '300ms'; BEGIN;
            SELECT 'locked' FROM dragoman.store FOR SHARE;
            """, in: database.name, until: "locked")
        defer { withExtendedLifetime(session) {} }
        try database.expireTenure()
        let second = try PostgresJobStore(database.settings)
        var acquisition: PostgresJobStore.Acquisition?
        while acquisition == nil {
            do throws(StoreError) {
                acquisition = try second.acquire()
            } catch {
                // The lock was waited for, for as long as one waits.
                try #require(error.code == .unreachable, "\(error)")
            }
        }
        #expect(acquisition == .acquired)
    }

    @Test("says when it is not known whether a commit has happened; who recovers finds out")
    func unknownOutcome() throws {
        let database = try PostgresDatabase()
        let proxy = try SocketRelay(before: database.server)
        var random = SeededRandom(seed: 7)
        var store = try database.store(through: proxy)
        _ = try store.recover()
        /// What became of the jobs, as the store has said.
        var (accepted, refused, unknown): ([JobKey], [JobKey], [JobKey]) = ([], [], [])
        var ended: [UInt64] = []
        for number in 1...150 {
            // The session that is open ends, and the next ones are cut somewhere.
            proxy.cutNext(after: random.integer(0...12_000))
            proxy.cutNext(after: random.integer(3000...12_000))
            let key = JobKey.test(number)
            do throws(StoreError) {
                let outcomes = try store.commit([.insert(.test(key)), .finish(key, chunk: 0, .test("x"))])
                accepted.append(key)
                ended += outcomes.flatMap(\.entries).map(\.record.sequence)
                proxy.cutAll()
            } catch {
                if error.code == .unknownOutcome { unknown.append(key) } else { refused.append(key) }
                guard error.endsEpoch else { continue }
                expect(.unknownOutcome) { _ = try store.commit([.offer(ModelOffer(name: "x"))]) }
                store.abandon()
                proxy.forget()
                try database.expireTenure()
                store = try database.store(through: proxy)
                _ = try store.recover()
            }
        }
        store.abandon()
        try database.expireTenure()
        let last = try database.store()
        let recovery = try last.recover()
        #expect(recovery.jobs == [])
        for key in accepted { #expect(try last.report(on: key)?.state == .done) }
        for key in refused { #expect(try last.report(on: key) == nil) }
        let records = try last.records(of: "default", after: 0, limit: .max, bytes: .max)
        #expect(records.map(\.sequence) == Array(1...(recovery.lastSequences["default"] ?? 0)))
        #expect(Set(records.map(\.job)).count == records.count)
        #expect(Set(records.map(\.sequence)).isSuperset(of: ended))
        #expect(Set(records.map(\.job)).isSubset(of: (accepted + unknown).map(\.id)))
        // Each kind of end has been seen.
        #expect(!accepted.isEmpty && !refused.isEmpty && !unknown.isEmpty)
    }

    @Test("does not believe a commit that the server would not wait to see replicated")
    func notReplicated() throws {
        let server = try PostgresServer()
        let name = try server.database()
        var settings = PostgresJobStore.Settings(url: server.url(name))
        settings.tenureMilliseconds = 600_000
        _ = try PostgresSchema.make(settings, grantingTo: nil)
        let store = try PostgresJobStore(settings)
        #expect(try store.acquire() == .acquired)
        _ = try store.recover()
        _ = try store.commit([.insert(.test(key))])
        // A synchronous standby that is not there.
        try server.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        try server.query("SELECT pg_reload_conf()")
        let isDone = Atomic(false)
        Thread.detachNewThread {
            while !isDone.load(ordering: .relaxed) {
                _ = try? server.query(
                    "SET synchronous_commit = local; SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                )
            }
        }
        defer { isDone.store(true, ordering: .relaxed) }
        // The reload takes a moment to arrive, and until then commits are as before.
        var number = 1
        while true {
            number += 1
            do throws(StoreError) {
                _ = try store.commit([.insert(.test(.test(number)))])
            } catch {
                #expect(error.code == .unknownOutcome)
                #expect(error.message.contains("canceling wait for synchronous replication"))
                break
            }
        }
        expect(.unknownOutcome) { _ = try store.report(on: key) }
    }

    @Test("goes on after the server was away for a moment; what fails meanwhile has not happened")
    func serverRestarts() async throws {
        let server = try PostgresServer()
        let name = try server.database()
        var settings = PostgresJobStore.Settings(url: server.url(name))
        settings.tenureMilliseconds = 600_000
        _ = try PostgresSchema.make(settings, grantingTo: nil)
        let store = try PostgresJobStore(settings)
        #expect(try store.acquire() == .acquired)
        _ = try store.recover()
        _ = try store.commit([.insert(.test(key))])
        await server.stop()
        expect(.unreachable) { _ = try store.commit([.insert(.test(.test(2)))]) }
        expect(.unreachable) { _ = try store.report(on: key) }
        try server.start()
        #expect(try store.report(on: key)?.state == .queued)
        #expect(try store.report(on: .test(2)) == nil)
        #expect(try store.commit([.insert(.test(.test(2)))]).count == 1)
    }

    @Test("a copy in another database tells another history, and says so")
    func copy() throws {
        let database = try PostgresDatabase()
        let store = try database.store()
        let recovery = try store.recover()
        _ = try store.commit([.insert(.test(key)), .finish(key, chunk: 0, .test("x"))])
        try store.close()
        let notices = Mutex<[StoreNotice]>([])
        var settings = database.settings
        settings.url = database.server.url(try database.server.database(copying: database.name))
        settings.report = { notice in notices.withLock { $0.append(notice) } }
        let copy = try PostgresJobStore(settings)
        #expect(try copy.acquire() == .acquired)
        let other = try copy.recover()
        #expect(other.logID != recovery.logID)
        #expect(other.lastSequences == ["default": 1])
        #expect(notices.withLock { $0.map(\.level) } == [.warning])
        try copy.close()
        #expect(try copy.acquire() == .acquired)
        #expect(try copy.recover().logID == other.logID)
    }

    @Test("a job of which the stored plan is damaged ends as dead, and says why", arguments: [false, true])
    func damagedPlan(isRecovered: Bool) throws {
        let database = try PostgresDatabase()
        var store = try database.store()
        _ = try store.recover()
        _ = try store.commit([.insert(.test(key)), .insert(.test(.test(2)))])
        try database.query(
            "UPDATE dragoman.job SET plan = '\\xff' WHERE number = (SELECT min(number) FROM dragoman.job)")
        if isRecovered {
            // No worker ever finishes it: its end is the recovery's.
            try store.close()
            store = try database.store()
            let recovery = try store.recover()
            #expect(recovery.jobs.map(\.key) == [.test(2)])
            #expect(recovery.lastSequences == ["default": 1] && recovery.deadJobs == ["default": 1])
        } else {
            _ = try store.commit([.finish(key, chunk: 0, .test("x"))])
        }
        _ = try store.commit([.finish(.test(2), chunk: 0, .test("y"))])
        let records = try store.records(of: "default", after: 0, limit: 10, bytes: .max)
        #expect(records.map(\.failure?.code) == ["store_damaged", nil])
        #expect(try store.report(on: key)?.state == .dead)
    }

    @Test("what an administrator has set for all does not cancel its commits, nor hide what is wrong with them")
    func parameters() throws {
        let database = try PostgresDatabase()
        let parameters = [
            ("statement_timeout", "60s", "0"), ("lock_timeout", "60s", "2s"), ("idle_session_timeout", "60s", "0"),
            ("client_min_messages", "error", "warning"), ("synchronous_commit", "off", "on"),
            ("default_transaction_isolation", "serializable", "read committed"),
        ]
        for (parameter, set, _) in parameters {
            try database.query("ALTER DATABASE \(database.name) SET \(parameter) = '\(set)'")
        }
        let store = try database.store()
        for (parameter, _, wanted) in parameters { #expect(try store.parameter(parameter) == wanted) }
        try store.close()
        try database.query("ALTER DATABASE \(database.name) SET synchronous_commit = remote_apply")
        #expect(try database.store().parameter("synchronous_commit") == "remote_apply")
    }

    @Test("an end of the tenure that another clock has written keeps nobody out")
    func otherClock() throws {
        let database = try PostgresDatabase()
        let first = try database.store { $0.tenureMilliseconds = 60_000 }
        _ = try first.recover()
        let second = try PostgresJobStore(database.settings)
        #expect(try second.acquire() != .acquired)
        expect(.busy) { _ = try PostgresSchema.accept(database.settings) }
        try database.query("UPDATE dragoman.tenure SET expires_at = clock_timestamp() + interval '5 minutes'")
        #expect(try second.acquire() == .acquired)
        try database.query("UPDATE dragoman.tenure SET expires_at = clock_timestamp() + interval '50 minutes'")
        _ = try PostgresSchema.accept(database.settings)
        expect(.superseded) { _ = try first.commit([.insert(.test(key))]) }
    }

    @Test("an id that goes and comes in one transaction is that of a new job")
    func sameID() throws {
        let database = try PostgresDatabase()
        let store = try database.store()
        _ = try store.recover()
        _ = try store.commit([
            .insert(.test(key)), .end(key, .dead, Failure("x", ""), attempts: 1, at: 1),
            .acknowledge(tenant: "default", consumer: "c", upTo: 1),
        ])
        _ = try store.commit([.purge(age: 1, retention: .max, acknowledgedRetention: 0, limit: 10)])
        _ = try store.commit([.purge(age: 2, retention: .max, acknowledgedRetention: 0, limit: 10)])
        let job = StoredJob.test(key, digest: [2])
        #expect(try store.commit([.dropDead(key), .insert(job)]) == [.noted, .inserted(QueuedJob(job))])
    }

    @Test("a record that is missing is not passed over")
    func missingRecord() throws {
        let database = try PostgresDatabase()
        let store = try database.store()
        _ = try store.recover()
        for number in 1...3 {
            _ = try store.commit([.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("x"))])
        }
        try database.query("DELETE FROM dragoman.record WHERE sequence = 2")
        expect(.damaged) { _ = try store.records(of: "default", after: 0, limit: 10, bytes: .max) }
        expect(.damaged) { _ = try store.records(of: "default", after: 1, limit: 10, bytes: .max) }
    }
}

/// That something fails in this way.
func expect(
    _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing failed; expected: \(code)", sourceLocation: sourceLocation)
    } catch {
        #expect((error as? StoreError)?.code == code, "\(error)", sourceLocation: sourceLocation)
    }
}
