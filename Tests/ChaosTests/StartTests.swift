import Foundation
import JobModel
import TestKit
import Testing

/// A broker that cannot serve says why, and ends with the status that tells systemd whether to try again.
@Suite("A broker that cannot start says what to do")
struct StartTests {
    private func outcome(
        of cluster: Cluster, _ settings: [String: String] = [:]
    ) async throws -> (end: DaemonProcess.End, said: String) {
        let daemon = try cluster.broker(crashingAt: nil, settings)
        let end = await daemon.end()
        return (end, cluster.log(of: "broker").last ?? "")
    }

    @Test("a busy endpoint: 69, and which", .timeLimit(.minutes(5)))
    func busyEndpoint() async throws {
        let cluster = try Cluster()
        let first = try cluster.broker()
        try await cluster.status(try cluster.client())
        let other = cluster.folder.appending(path: "other").path
        let (end, said) = try await outcome(of: cluster, ["DRAGOMAN_STORE_DIRECTORY": other])
        #expect(end == .status(69))
        #expect(said.contains("\(cluster.folder.path)/jobs: zmq_bind: Address already in use"))
        #expect(said.contains("choose another endpoint"))
        #expect(!first.hasEnded)
    }

    @Test("a state directory that another broker uses: 69, and which", .timeLimit(.minutes(5)))
    func busyStateDirectory() async throws {
        let cluster = try Cluster()
        let first = try cluster.broker()
        try await cluster.status(try cluster.client())
        let endpoints = ["JOBS", "WORK", "RESULTS", "FEED"].map { name in
            ("DRAGOMAN_BROKER_\(name)_ENDPOINT", "ipc://\(cluster.folder.path)/other-\(name)")
        }
        let (end, said) = try await outcome(of: cluster, Dictionary(uniqueKeysWithValues: endpoints))
        #expect(end == .status(69))
        #expect(said.contains("another broker uses the state directory \(cluster.folder.path)/state"))
        // And it has not disturbed the first.
        #expect(try await cluster.status(try cluster.client()).epoch == 1)
        #expect(!first.hasEnded)
    }

    @Test("a database that is none: 78, and which", .timeLimit(.minutes(5)))
    func noDatabase() async throws {
        let cluster = try Cluster()
        let state = cluster.folder.appending(path: "state")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        try Data("This is a letter, not a database.\n".utf8).write(to: state.appending(path: "jobs.sqlite"))
        let (end, said) = try await outcome(of: cluster)
        #expect(end == .status(78))
        #expect(said.contains("\(state.path)/jobs.sqlite is not a job store"))
        #expect(said.contains("move it away, or set another state directory"))
    }

    @Test("a database with a damaged page: 78, and which", .timeLimit(.minutes(5)))
    func damagedDatabase() async throws {
        let cluster = try Cluster()
        let first = try cluster.broker()
        try await cluster.status(try cluster.client())
        // Closed, so that the whole database is in its file.
        await first.stop(SIGTERM)
        let file = cluster.folder.appending(path: "state/jobs.sqlite")
        var bytes = try Data(contentsOf: file)
        // All pages but the one that says that it is a database.
        for index in 4096..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: file)
        let (end, said) = try await outcome(of: cluster)
        #expect(end == .status(78))
        #expect(said.contains("\(file.path)"))
        #expect(said.contains("damaged"))
    }

    @Test("a file where the state directory should be: 78, and which", .timeLimit(.minutes(5)))
    func fileForStateDirectory() async throws {
        let cluster = try Cluster()
        let state = cluster.folder.appending(path: "state")
        try Data().write(to: state)
        let (end, said) = try await outcome(of: cluster)
        #expect(end == .status(78))
        #expect(said.contains("the state directory \(state.path) cannot be made: it is a file; move it away"))
    }

    @Test("a state directory that cannot be written to: 78, and which", .timeLimit(.minutes(5)))
    func readOnlyStateDirectory() async throws {
        let cluster = try Cluster()
        // The superuser may write where modes forbid it, but not where the file system does.
        guard let mount = try MemoryMount(at: cluster.folder.appending(path: "state"), options: "size=1m,ro") else {
            return print("skipped: no file system can be mounted here")
        }
        let (end, said) = try await outcome(of: cluster)
        #expect(end == .status(78))
        #expect(said.contains("\(mount.folder.path)/jobs.lock cannot be written to: Read-only file system"))
        #expect(said.contains("or set another state directory"))
    }
}
