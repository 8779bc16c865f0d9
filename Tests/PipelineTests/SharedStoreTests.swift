import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// What an operator does with a store in PostgreSQL, from the first command on.
@Suite(
    "A service that moves from SQLite into PostgreSQL", .ownThread, .timeLimit(.minutes(10)),
    .enabled(if: BuiltProgram.isExpected), .enabled(if: PostgresServer.isThere, PostgresServer.missing))
struct SharedStoreTests {
    private let folder: TemporaryFolder
    private let server: PostgresServer
    private let url: String

    init() throws {
        folder = try TemporaryFolder()
        server = try PostgresServer.shared.get()
        url = server.url(try server.database())
    }

    private func dragoman(_ command: String, _ environment: [String: String] = [:]) async throws -> (
        status: Int32, said: String
    ) {
        let all = ["DRAGOMAN_STORE_URL": url].merging(environment) { $1 }
        let daemon = try Daemon(shell: "dragoman \(command) 2>&1", environment: all, in: folder.url)
        let status = await daemon.waitForExit()
        return (status, daemon.log)
    }

    @Test("each thing that is missing is said, with what to do, until the service goes on where it was")
    func move() async throws {
        var cluster: Cluster? = try Cluster(workers: 1, folder: folder)
        let jobs = (0..<20).map { Job([.text("Hello, number \($0).")]) }
        try await submit(jobs, to: cluster!)
        let first = try await read(5, as: "c", of: cluster!)
        #expect(first == Array(1...5))
        cluster!.broker.signal(SIGTERM)
        #expect(await cluster!.broker.waitForExit() == 0)
        cluster = nil

        let state = folder.url.path
        var end = try await dragoman("store check", ["DRAGOMAN_STORE_URL": "postgresql://nobody@127.0.0.1:1/x"])
        #expect(end.status == 69 && end.said.contains("cannot be reached"))
        end = try await dragoman("store check")
        #expect(end.status == 78 && end.said.contains("dragoman store init"))
        end = try await dragoman("store import --from \(state)")
        #expect(end.status == 78 && end.said.contains("dragoman store init"), "\(end.said)")
        end = try await dragoman("store init")
        #expect(end.status == 0, "\(end.said)")
        end = try await dragoman("store import --from \(folder.file("nowhere").path)")
        #expect(end.status == 74 && end.said.contains("name the state directory"))
        end = try await dragoman("store import --from \(state)")
        #expect(end.status == 0 && end.said.contains("imported: 20 jobs and 20 records"), "\(end.said)")
        #expect(FileManager.default.fileExists(atPath: state + "/jobs.sqlite.imported"))
        end = try await dragoman("store backup x.sqlite")
        #expect(end.status == 78 && end.said.contains("docs/CLUSTER.md"))
        end = try await dragoman("store check --json")
        #expect(end.status == 0 && end.said.contains("\"jobs\":20"), "\(end.said)")
        end = try await dragoman("store migrate")
        #expect(end.status == 0)

        let moved = try Cluster(["STORE_URL": url, "STORE_DIRECTORY": ""], workers: 1, folder: folder)
        // Those that the consumer had acknowledged do not come again, and the ids are still known.
        let rest = try await read(15, as: "c", of: moved)
        #expect(rest == Array(6...20))
        try await submit(jobs, to: moved)
        let more = [Job([.text("One more.")])]
        try await submit(more, to: moved)
        #expect(try await read(1, as: "c", of: moved) == [21])
        end = try await dragoman("store accept")
        #expect(end.status == 69 && end.said.contains("stop all its brokers"))
    }

    private func submit(_ jobs: [Job], to cluster: Cluster) async throws {
        let client = try client(cluster)
        for verdict in try await client.submit(jobs, patience: nil) {
            guard case .accepted = verdict.outcome else {
                throw Daemon.NeverHappened(description: "\(verdict)")
            }
        }
    }

    /// Acknowledges them, too.
    private func read(_ count: Int, as consumer: String, of cluster: Cluster) async throws -> [UInt64] {
        let client = try client(cluster)
        let results = client.results(consumer: consumer)
        var sequences: [UInt64] = []
        for try await record in results {
            sequences.append(record.sequence)
            if sequences.count == count {
                results.acknowledge(upTo: record.sequence)
                // Until that has arrived.
                while try await client.status().consumers.first(where: { $0.name == consumer })?.acknowledged
                    != record.sequence
                {}
                break
            }
        }
        return sequences
    }

    private func client(_ cluster: Cluster) throws -> Client {
        var settings = Client.Settings()
        settings.jobsEndpoints = [cluster.endpoint("jobs")]
        settings.resultsEndpoints = [cluster.endpoint("results")]
        return try Client(settings)
    }
}
