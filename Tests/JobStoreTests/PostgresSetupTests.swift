import Glibc
import JobModel
import JobStore
import PostgresJobStore
import TestKit
import Testing

/// What an operator may have wrong about a database.
@Suite(
    "A store in PostgreSQL that is not ready", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(30)))
struct PostgresSetupTests {
    private func refusal(_ settings: PostgresJobStore.Settings) -> StoreError? {
        do throws(StoreError) {
            _ = try PostgresJobStore(settings).acquire()
            return nil
        } catch {
            return error
        }
    }

    @Test("has no tables, and is told how to get them")
    func noTables() throws {
        let server = try PostgresServer.shared.get()
        let settings = PostgresJobStore.Settings(url: server.url(try server.database()))
        let problem = try #require(refusal(settings) as StoreError?)
        #expect(problem.code == .incompatible)
        #expect(problem.message.contains("dragoman store init"))
        #expect(try PostgresSchema.make(settings, grantingTo: nil).count == 1)
        // As often as one likes.
        #expect(try PostgresSchema.make(settings, grantingTo: nil)[0].contains("nothing was changed"))
        #expect(try PostgresJobStore(settings).acquire() == .acquired)
    }

    @Test("is a later version's, or an earlier one's")
    func otherFormats() throws {
        let database = try PostgresDatabase()
        try database.query("UPDATE dragoman.store SET format = 99")
        #expect(refusal(database.settings)?.code == .incompatible)
        #expect(refusal(database.settings)?.message.contains("later version") == true)
        expect(.incompatible) { _ = try PostgresSchema.migrate(database.settings) }
        try database.query("UPDATE dragoman.store SET format = 0")
        #expect(refusal(database.settings)?.message.contains("dragoman store migrate") == true)
    }

    @Test("is up to date, and need not be migrated")
    func upToDate() throws {
        let database = try PostgresDatabase()
        #expect(try PostgresSchema.migrate(database.settings)[0].contains("which is this version's"))
    }

    @Test("has the tables of the first format, which are brought up to date with the rights of who may use them")
    func firstFormat() throws {
        let database = try PostgresDatabase()
        let role = "old_\(database.name)"
        try database.query("CREATE ROLE \(role) LOGIN")
        _ = try PostgresSchema.make(database.settings, grantingTo: role)
        try database.query("DROP TABLE dragoman.glossary")
        try database.query("UPDATE dragoman.store SET format = 1")
        #expect(refusal(database.settings)?.message.contains("dragoman store migrate") == true)
        #expect(try PostgresSchema.migrate(database.settings)[0].contains("was of format 1"))
        var settings = database.settings
        settings.url = database.server.url(database.name, user: role)
        settings.tenureMilliseconds = 600_000
        let store = try PostgresJobStore(settings)
        #expect(try store.acquire() == .acquired)
        #expect(try store.recover().glossaries == [])
        let glossary = NamedGlossary("a", try Glossary([.init(source: "cat", target: "chat")]))
        #expect(try store.commit([.keepGlossary(glossary, tenant: "default")]) == [.noted])
        try store.close()
    }

    @Test("belongs to another service")
    func otherService() throws {
        let database = try PostgresDatabase()
        var settings = database.settings
        settings.cluster = "staging"
        #expect(refusal(settings)?.code == .incompatible)
        #expect(refusal(settings)?.message.contains("\"dragoman\"") == true)
    }

    @Test("is reached by a role that has just the rights it needs")
    func leastRights() throws {
        let database = try PostgresDatabase()
        let role = "weak_\(database.name)"
        try database.query("CREATE ROLE \(role) LOGIN")
        var settings = database.settings
        settings.url = database.server.url(database.name, user: role)
        settings.tenureMilliseconds = 600_000
        #expect(refusal(settings)?.code == .incompatible)
        #expect(refusal(settings)?.message.contains("--grant-to") == true)
        _ = try PostgresSchema.make(database.settings, grantingTo: role)
        let store = try PostgresJobStore(settings)
        #expect(try store.acquire() == .acquired)
        _ = try store.recover()
        let jobs = (0..<500).map { Write.insert(.test(.test($0))) }
        #expect(try store.commit(jobs).count == 500)
        #expect(try store.commit([.finish(.test(1), chunk: 0, .test("x"))]).count == 1)
        #expect(try store.commit([.purge(age: 1, retention: 0, acknowledgedRetention: 0, limit: 10)]).count == 1)
        try store.close()
        #expect(try PostgresStoreCheck.findings(settings).faults == [])
        _ = try PostgresSchema.accept(settings)

        // What an import and an export need is theirs, too.
        let other = try PostgresDatabase()
        try other.query("CREATE ROLE other_\(other.name) LOGIN")
        _ = try PostgresSchema.make(other.settings, grantingTo: "other_\(other.name)")
        settings.url = other.server.url(other.name, user: "other_\(other.name)")
        let `import` = try PostgresImport(into: settings)
        let job = StoredJob.test(.test(1))
        try `import`.take(.store(history: .random(), epoch: 3, age: 0, wasClosed: true))
        try `import`.take(.job(JobImage(job, number: 7), content: job.job, chunks: [:]))
        try `import`.finish()
        let export = try PostgresExport(of: settings)
        try export.contents { _ in }
        try export.finish()
        #expect(export.jobs == 1)
    }

    @Test("does not exist, or lets nobody in")
    func unreachable() throws {
        let server = try PostgresServer.shared.get()
        for url in [
            server.url("nowhere"), server.url("postgres", user: "stranger"),
            "postgresql://dragoman@/postgres?host=/nonexistent", "host=127.0.0.1 port=1 dbname=x",
        ] {
            #expect(refusal(PostgresJobStore.Settings(url: url))?.code == .unreachable)
        }
        let database = try PostgresDatabase()
        try database.query("CREATE ROLE busy_\(database.name) LOGIN CONNECTION LIMIT 0")
        let busy = PostgresJobStore.Settings(url: server.url(database.name, user: "busy_\(database.name)"))
        #expect(refusal(busy)?.code == .unreachable)
        #expect(refusal(busy)?.message.contains("too many connections") == true)
    }

    @Test("is reached over TLS by a host's name, which its certificate must have")
    func certificates() throws {
        // Where neither the server of the system, if there is one, nor another process of tests listens.
        let process = getpid()
        let address = "127.\(100 + process >> 16 & 63).\(process >> 8 & 255).\(1 + process & 127)"
        let server = try PostgresServer(["listen_addresses=\(address)"])
        let certificate = try server.serveTLS(as: "db.example")
        let database = try server.database()
        func settings(host: String, root: String, mode: String = "verify-full") -> PostgresJobStore.Settings {
            PostgresJobStore.Settings(
                url: "postgresql://dragoman@\(host)/\(database)?hostaddr=\(address)&sslmode=\(mode)"
                    + "&sslrootcert=\(root)")
        }
        let right = settings(host: "db.example", root: certificate)
        _ = try PostgresSchema.make(right, grantingTo: nil)
        let store = try PostgresJobStore(right)
        #expect(try store.acquire() == .acquired)
        #expect(try store.recover().jobs.isEmpty)
        // A second session is opened at the address of the first.
        #expect(try store.commit([.insert(.test(.test(1)))]).count == 1)
        try store.close()

        let folder = try TemporaryFolder()
        let other = try folder.write("other.crt", Self.otherCertificate)
        for (settings, reason) in [
            (settings(host: "elsewhere.example", root: certificate), "elsewhere.example"),
            (settings(host: "db.example", root: other), "certificate verify failed"),
            (settings(host: "db.example", root: "/nonexistent"), "/nonexistent"),
            (settings(host: "db.example", root: certificate, mode: "disable"), "no encryption"),
        ] {
            let problem = try #require(refusal(settings))
            #expect(problem.code == .unreachable && problem.message.contains(reason), "\(problem)")
        }
    }

    /// Of another host, signed by itself.
    private static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBRjCB+aADAgECAhRxyeBo8tlwmWKiMZCT1mJdhRPFmjAFBgMrZXAwGDEWMBQG
        A1UEAwwNb3RoZXIuZXhhbXBsZTAgFw0yNjExMzAxODE4MzVaGA8yMTI2MTEwNjE4
        MTgzNVowGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTAqMAUGAytlcAMhAMkcI+nz
        mstECMj5n/gMkA/HZOa5Bfqxi9sIgC5zjLbxo1MwUTAdBgNVHQ4EFgQUaLCDMf35
        +4MqJ69ssLUHGwfSVikwHwYDVR0jBBgwFoAUaLCDMf35+4MqJ69ssLUHGwfSVikw
        DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQDUJqciv9xL8BN64zQmOYhK1nLK0foT
        MIUNe8TNtd1taQprJadxrH9B31AYSaqrT4xDa++TOB6quIPDWvJ6QBcE
        -----END CERTIFICATE-----

        """

    @Test("has a URL that is none, and the password in it is not repeated")
    func badURL() throws {
        #expect(refusal(PostgresJobStore.Settings(url: "postgresql://host/x?no_such_word=1"))?.code == .incompatible)
        for url in [
            "postgresql://me:secret@127.0.0.1:1/x", "postgresql://me:50%secret@127.0.0.1:1/x",
            "postgresql://me:a/secret@127.0.0.1:1/x", "postgresql://me:a?secret@127.0.0.1:1/x",
            "postgresql://me:secret@[127.0.0.1/x", "postgresql://127.0.0.1:1/x?password=secret&y",
        ] {
            let problem = try #require(refusal(PostgresJobStore.Settings(url: url)))
            #expect(!problem.message.contains("secret"), "\(problem)")
        }
        let settings = PostgresJobStore.Settings(url: "postgresql://me:secret@127.0.0.1:1/x")
        #expect(refusal(settings)?.message.contains("postgresql://me@127.0.0.1:1/x") == true)
    }

    @Test("would lose what it is told when the power fails")
    func withoutSync() throws {
        let server = try PostgresServer(["fsync=off"])
        #expect(refusal(PostgresJobStore.Settings(url: server.url("postgres")))?.code == .notDurable)
    }

    @Test("has an encoding that does not have all characters")
    func otherEncoding() throws {
        let server = try PostgresServer.shared.get()
        try server.query("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        let problem = refusal(PostgresJobStore.Settings(url: server.url("latin")))
        #expect(problem?.code == .incompatible && problem?.message.contains("LATIN1") == true)
    }

    @Test("is on a server that may not be written to")
    func readOnly() throws {
        let server = try PostgresServer()
        let settings = PostgresJobStore.Settings(url: server.url(try server.database()))
        _ = try PostgresSchema.make(settings, grantingTo: nil)
        try server.query("ALTER SYSTEM SET default_transaction_read_only = on")
        try server.query("SELECT pg_reload_conf()")
        while try server.query("SHOW default_transaction_read_only") != "on" {}
        #expect(refusal(settings)?.code == .unreachable)
        #expect(refusal(settings)?.message.contains("read-only") == true)
    }
}
