package import Foundation
import Synchronization
package import Testing

/// A PostgreSQL server of the test's own, from the system's packages. It ends with the object, or the test's process.
package final class PostgresServer: Sendable {
    /// Where Debian and Ubuntu put the programs; nil: there are none.
    package static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let releases = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return releases.compactMap { name in Int(name).map { ($0, "\(root)/\(name)/bin") } }
            .filter { FileManager.default.isExecutableFile(atPath: $0.1 + "/postgres") }
            .max { $0.0 < $1.0 }?.1
    }()

    /// Whether tests can have one. Where they may not be skipped, its lack makes them fail.
    package static var isThere: Bool {
        programs != nil || ProcessInfo.processInfo.environment["DRAGOMAN_TEST_POSTGRES"] == "required"
    }
    package static let missing: Comment = "PostgreSQL is not installed: apt-get install postgresql"

    /// Started when it is first asked for, and shared by all tests of the process.
    package static let shared: Result<PostgresServer, any Error> = Result {
        let server = try PostgresServer()
        // It is never released, and what it has would stay when the process ends.
        atexit { if case .success(let server) = PostgresServer.shared { server.discard() } }
        return server
    }

    /// Sockets of other servers are in other folders, so that all may have one port.
    private static let port = 5432

    private let folder: TemporaryFolder
    private let bin: String
    private let settings: [String]
    private let server = Mutex<DaemonProcess?>(nil)
    private let databases = Mutex(0)

    /// - Parameter settings: Such as `synchronous_commit=off`.
    package init(_ settings: [String] = []) throws {
        guard let bin = Self.programs else { throw Problem(description: "\(Self.missing)") }
        self.bin = bin
        self.settings = settings
        folder = try Self.ownedFolder()
        try Self.run(
            [bin + "/initdb", "-D", data, "-U", "dragoman", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        try start()
    }

    /// A standby of another server, which follows it.
    package init(following primary: PostgresServer, as name: String) throws {
        bin = primary.bin
        settings = primary.settings
        folder = try Self.ownedFolder()
        try follow(primary, as: name)
    }

    /// Becomes a standby of another server, with nothing of what it had before. It must have been stopped.
    package func follow(_ primary: PostgresServer, as name: String) throws {
        try? FileManager.default.removeItem(atPath: data)
        try Self.run([
            bin + "/pg_basebackup", "-D", data, "-R", "--no-sync", "-c", "fast", "-d",
            primary.url("postgres") + "&application_name=\(name)",
        ])
        try start()
    }

    /// Makes a standby the primary.
    package func promote() throws {
        try query("SELECT pg_promote()")
        while try query("SELECT pg_is_in_recovery()") != "f" {}
    }

    /// Commits wait from now on until a standby has them.
    package func waitForStandbys() throws {
        try query("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")
        try query("SELECT pg_reload_conf()")
        while try query("SHOW synchronous_standby_names") != "ANY 1 (*)" {}
    }

    private static func ownedFolder() throws -> TemporaryFolder {
        // Several servers run at a time, of some 100 MB each.
        let folder = try TemporaryFolder(for: 4 << 30)
        // The server refuses to run as root.
        if geteuid() == 0 {
            try FileManager.default.setAttributes([.ownerAccountName: "nobody"], ofItemAtPath: folder.url.path)
        }
        return folder
    }

    package var data: String { folder.file("data").path }

    package var socket: String { folder.file(".s.PGSQL.\(Self.port)").path }

    /// - Parameter folder: Where the socket is; nil: the server's own.
    package func url(_ database: String, user: String = "dragoman", through folder: String? = nil) -> String {
        Self.url(database, user: user, in: [folder ?? self.folder.url.path])
    }

    /// Of whichever of two servers is the primary.
    package func url(_ database: String, or other: PostgresServer) -> String {
        Self.url(database, user: "dragoman", in: [folder.url.path, other.folder.url.path])
    }

    /// Of whichever of the servers behind relays is the primary.
    package static func url(_ database: String, through relays: [SocketRelay]) -> String {
        url(database, user: "dragoman", in: relays.map(\.socketFolder))
    }

    private static func url(_ database: String, user: String, in folders: [String]) -> String {
        let ports = folders.map { _ in "\(port)" }
        return
            "postgresql://\(user)@/\(database)?host=\(folders.joined(separator: ","))&port=\(ports.joined(separator: ","))"
    }

    /// Has it answer on its addresses over TLS alone, as a host of the name, with a certificate that it has signed itself.
    ///
    /// - Returns: The path of the certificate.
    package func serveTLS(as name: String) throws -> String {
        let (certificate, key) = (data + "/server.crt", data + "/server.key")
        try Self.run([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)", "-keyout", key, "-out", certificate,
        ])
        try "local all all trust\nhostssl all all 127.0.0.0/8 trust\n".write(
            toFile: data + "/pg_hba.conf", atomically: false, encoding: .utf8)
        try query("ALTER SYSTEM SET ssl = on")
        try query("SELECT pg_reload_conf()")
        while try query("SHOW ssl") != "on" {}
        return certificate
    }

    /// Starts it, and waits until it answers.
    package func start() throws {
        // Memory that is shared goes with the folder, even when the server is killed.
        let defaults = ["listen_addresses=", "max_connections=300", "dynamic_shared_memory_type=mmap"]
        let command = Self.asOwner(
            [bin + "/postgres", "-D", data, "-k", folder.url.path, "-p", "\(Self.port)"]
                + (defaults + settings).flatMap { ["-c", $0] })
        let process = try DaemonProcess(
            command[0], Array(command.dropFirst()), environment: [:], log: folder.file("log"))
        server.withLock { $0 = process }
        while (try? Self.run([bin + "/pg_isready", "-q", "-h", folder.url.path, "-p", "\(Self.port)"])) == nil {
            guard !process.hasEnded else {
                throw Problem(
                    description: "PostgreSQL has not started: "
                        + String(decoding: try folder.read("log"), as: UTF8.self))
            }
            usleep(20_000)
        }
    }

    /// Ends it at once, without a checkpoint, as a loss of its host does.
    package func stop() async {
        let process = server.withLock { $0 }
        await process?.stop(SIGQUIT)
    }

    /// Ends it before its folder goes.
    deinit { discard() }

    private func discard() {
        let process = server.withLock { $0 }
        process?.send(SIGQUIT)
        for _ in 0..<10_000 where process?.hasEnded == false { usleep(1000) }
        // It was paused.
        process?.send(SIGKILL)
        try? FileManager.default.removeItem(at: folder.url)
    }

    /// Nothing of it runs, as on a host that hangs.
    package func pause() { signalAll(SIGSTOP) }
    package func resume() { signalAll(SIGCONT) }

    private func signalAll(_ signal: Int32) {
        guard let server = server.withLock({ $0 }) else { return }
        let children =
            (try? String(
                contentsOfFile: "/proc/\(server.identifier)/task/\(server.identifier)/children", encoding: .utf8)) ?? ""
        for process in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(process, signal) }
        server.send(signal)
    }

    /// A session that runs some statements, and then waits.
    ///
    /// - Parameter text: What it says when it is ready.
    package func session(_ statements: String, in database: String, until text: String) throws -> Process {
        let command = Self.asOwner([bin + "/psql", "-XqtA", url(database)])
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(filePath: "/")
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Array((statements + "\n").utf8))
        var said = ""
        while !said.contains(text) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Problem(description: "psql has ended: \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        return process
    }

    /// An empty database, or a copy of another.
    ///
    /// - Parameter isOrdered: Whether its texts are ordered as people order words, where the server can do that (15).
    package func database(copying template: String? = nil, inOrderOfWords isOrdered: Bool = false) throws -> String {
        let name = databases.withLock { count in
            count += 1
            return "test\(count)"
        }
        let canOrder = try isOrdered && Int(query("SHOW server_version_num")) ?? 0 >= 150_000
        let order = canOrder ? " LOCALE_PROVIDER icu ICU_LOCALE 'en-US' TEMPLATE template0" : ""
        try query("CREATE DATABASE \(name)" + (template.map { " TEMPLATE \($0)" } ?? order))
        return name
    }

    /// What a query gives, with tabs between columns.
    @discardableResult
    package func query(_ text: String, in database: String = "postgres") throws -> String {
        try Self.run([bin + "/psql", "-XqtA", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", text, url(database)])
    }

    private static func asOwner(_ command: [String]) -> [String] {
        geteuid() == 0
            ? ["/usr/bin/setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--"] + command
            : command
    }

    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        let command = asOwner(command)
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(filePath: "/")
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Problem(description: "\(command): \(text)") }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private struct Problem: Error, CustomStringConvertible { let description: String }
}
