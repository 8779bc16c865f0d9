import Settings
import TestKit
import Testing

@Suite("One file serves a broker, its workers and the commands of a host")
struct PartTests {
    fileprivate static let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    private static let shared = "access: {allow_file: /a, server_public_key: '\(key)'}"
    private static let credentials = "/run/credentials/unit"

    /// The report for a part of a host that has these files.
    private func report(
        _ text: String, for part: SettingsPart, files: Set<String>, asSystemd: Bool = false,
        environment: [String: String] = ["CREDENTIALS_DIRECTORY": credentials, "HOME": "/home/a"]
    ) throws -> SettingsReport {
        let folder = try TemporaryFolder()
        let keys = KeyPlaces(environment: environment, asSystemd: asSystemd) { files.contains($0) }
        let file = try folder.write("dragoman.yaml", text)
        return Settings.read(file: file, environment: environment, for: [part], keys: keys)
    }

    @Test("each part finds its own key, and nothing is demanded of it that concerns another")
    func sharedFile() throws {
        let places: [(SettingsPart, String)] = [
            (.broker, "\(Self.credentials)/dragoman.broker.key"), (.worker, "\(Self.credentials)/dragoman.worker.key"),
            (.client, "\(Self.credentials)/dragoman.client.key"), (.client, "/home/a/.config/dragoman/client.key"),
        ]
        for (part, path) in places {
            let report = try report(Self.shared, for: part, files: [path])
            let access = report.settings.access
            #expect(report.problems == [])
            #expect((part == .broker ? access.serverSecretKeyFile : access.clientSecretKeyFile) == path)
            #expect((part == .broker ? access.clientSecretKeyFile : access.serverSecretKeyFile) == nil)
            #expect(report.entries.filter(\.isFound).map(\.source.description) == [path])
        }
    }

    @Test("without its key a part refuses to start, and says which it is", arguments: SettingsPart.allCases)
    func missingKey(part: SettingsPart) throws {
        let others = SettingsPart.allCases.filter { $0 != part }.map { "\(Self.credentials)/dragoman.\($0).key" }
        let problems = try report(Self.shared, for: part, files: Set(others)).problems
        #expect(problems.count == 1)
        let missing = part == .broker ? "access.server_secret_key_file is not" : "access.client_secret_key_file is not"
        #expect(problems.first?.what.contains(missing) == true)
    }

    @Test("a key that a setting names goes over one that is found")
    func namedKey() throws {
        let text = "access: {allow_file: /a, server_secret_key_file: /mine}"
        let report = try report(text, for: .broker, files: ["\(Self.credentials)/dragoman.broker.key"])
        #expect(report.settings.access.serverSecretKeyFile == "/mine")
    }

    @Test("a key that is found asks for what belongs to it, but a user's own does not")
    func unexpectedKey() throws {
        for (part, name) in [(SettingsPart.broker, "broker"), (.worker, "worker")] {
            let file = "\(Self.credentials)/dragoman.\(name).key"
            #expect(try report("log: {level: info}", for: part, files: [file]).problems.count == 1)
        }
        let report = try report("log: {level: info}", for: .client, files: ["/home/a/.config/dragoman/client.key"])
        #expect(report.problems == [])
        #expect(report.settings.access.clientSecretKeyFile == nil)
    }

    @Test("sockets that other hosts can reach concern only the broker")
    func exposure() throws {
        let text = "broker: {jobs_endpoint: 'tcp://*:7411'}"
        #expect(try report(text, for: .broker, files: []).problems.count == 1)
        for part in [SettingsPart.worker, .client] { #expect(try report(text, for: part, files: []).problems == []) }
    }

    @Test("the secret of metrics is what systemd hands over, of every part")
    func metricsToken() throws {
        let text = "broker: {metrics_address: '0.0.0.0:1'}\nworker: {metrics_address: '0.0.0.0:2'}"
        for part in [SettingsPart.broker, .worker] {
            let files: Set = ["/run/credentials/x/dragoman.metrics.token"]
            let environment = ["CREDENTIALS_DIRECTORY": "/run/credentials/x"]
            let found = try report(text, for: part, files: files, environment: environment)
            #expect(found.settings.access.metricsTokenFile == files.first && found.problems == [])
            #expect(try report(text, for: part, files: [], environment: environment).problems.count == 1)
        }
    }

    @Test("the password of the database is what systemd hands over, where there is a database")
    func storePassword() throws {
        let file = "/run/credentials/x/dragoman.store.password"
        let environment = ["CREDENTIALS_DIRECTORY": "/run/credentials/x"]
        for (text, found) in [("store: {url: 'postgresql://a@b/c'}", file), ("log: {level: info}", nil)] {
            let report = try report(text, for: .broker, files: [file], environment: environment)
            #expect(report.settings.store.passwordFile == found && report.problems == [])
        }
    }

    @Test(
        "a password in a database's URL is not shown",
        arguments: [
            (
                "postgresql://me:secret@db1,db2:5433/x?sslmode=require",
                "postgresql://me:***@db1,db2:5433/x?sslmode=require"
            ),
            ("postgres://me:se@cret@db/x", "postgres://me:***@db/x"),
            (
                "postgresql:///x?sslpassword=a&user=me&password=secret&host=db",
                "postgresql:///x?sslpassword=***&user=me&password=***&host=db"
            ),
            ("postgresql://me:pa?ss@db/x", "postgresql://me:***@db/x"),
            ("postgresql://me@db/x", "postgresql://me@db/x"), ("postgresql:///x", "postgresql:///x"),
        ])
    func storeURL(url: String, shown: String) throws {
        let report = try read("store: {url: '\(url)'}")
        #expect(report.settings.store.url == url)
        let entry = try #require(report.entries.first { $0.key == "store.url" })
        #expect(entry.value == "\"\(shown)\"" && entry.reading == "\"\(shown)\"")
    }

    @Test("what systemd would hand over is looked for only when that is asked")
    func asSystemd() throws {
        let files: Set = ["/etc/credstore/dragoman.broker.key"]
        for asSystemd in [true, false] {
            let report = try report(
                Self.shared, for: .broker, files: files, asSystemd: asSystemd, environment: ["HOME": "/root"])
            #expect((report.settings.access.serverSecretKeyFile != nil) == asSystemd)
        }
    }

    @Test(
        "the broker's public key may be one or several",
        arguments: [
            ("''", 0), ("[]", 0), ("'\(PartTests.key)'", 1), ("['\(PartTests.key)']", 1),
            ("['\(PartTests.key)', '\(PartTests.key)']", 2),
        ])
    func severalServerKeys(text: String, count: Int) throws {
        let key = count == 0 ? "" : "/k"
        let report = try read("access: {client_secret_key_file: '\(key)', server_public_key: \(text)}")
        #expect(report.problems == [])
        #expect(report.settings.access.serverPublicKey.count == count)
    }
}
