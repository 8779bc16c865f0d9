import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// The folder, the endpoints and the settings of a broker with its standbys, its workers and its clients; each test has its own.
final class Cluster: Sendable {
    /// Short, so that a worker that is stopped for longer than its lease need not be stopped for long; long enough that
    /// a busy machine is not taken for a dead worker.
    static let shortTimes = [
        "DRAGOMAN_BROKER_HEARTBEAT_MS": "200",
        "DRAGOMAN_BROKER_WORKER_DEAD_AFTER_MS": "1000",
        "DRAGOMAN_BROKER_LEASE_MS": "2000",
        "DRAGOMAN_BROKER_RESUME_GRACE_MS": "1000",
        "DRAGOMAN_BROKER_BACKOFF_BASE_MS": "20",
        "DRAGOMAN_BROKER_BACKOFF_MAX_MS": "200",
        "DRAGOMAN_LIMITS_RETRY_AFTER_MS": "50",
    ]
    /// `DRAGOMAN_BROKER_LEASE_MS`.
    static let shortLease = Duration.seconds(2)

    let folder: URL
    /// How many brokers share the store.
    let brokers: Int
    private let environment: [String: String]

    /// - Parameters:
    ///   - brokers: More than one need a store that they can share.
    ///   - settings: Environment variables over the defaults.
    init(brokers: Int = 1, _ settings: [String: String] = [:]) throws {
        self.brokers = brokers
        // Not in memory, which may be small; and a socket's path has 107 bytes at most.
        folder = URL(filePath: "/tmp/dragoman-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var environment = [
            "DRAGOMAN_STORE_DISK_FREE_BYTES_MIN": "0",
            "DRAGOMAN_WORKER_WORK_ENDPOINT": Self.addresses("work", of: brokers, in: folder),
            "DRAGOMAN_WORKER_THREADS": "1",
            "DRAGOMAN_LOG_FORMAT": "text",
        ]
        if brokers == 1 { environment["DRAGOMAN_STORE_DIRECTORY"] = folder.appending(path: "state").path }
        self.environment = environment.merging(settings) { $1 }
    }

    private static func address(_ socket: String, of broker: Int, in folder: URL) -> String {
        "ipc://\(path(socket, of: broker, in: folder))"
    }

    private static func path(_ socket: String, of broker: Int, in folder: URL) -> String {
        "\(folder.path)/\(socket)\(broker == 0 ? "" : "-\(broker)")"
    }

    /// Of all brokers, with commas between.
    private static func addresses(_ socket: String, of brokers: Int, in folder: URL) -> String {
        (0..<brokers).map { address(socket, of: $0, in: folder) }.joined(separator: ",")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// - Parameter settings: Over the cluster's.
    func broker(
        number: Int = 0, crashingAt point: CrashPoint? = nil, _ settings: [String: String] = [:]
    ) throws -> DaemonProcess {
        var environment = environment
        for socket in ["jobs", "work", "results", "feed"] {
            environment["DRAGOMAN_BROKER_\(socket.uppercased())_ENDPOINT"] = Self.address(
                socket, of: number, in: folder)
        }
        environment.merge(settings) { $1 }
        let name = number == 0 ? "broker" : "broker-\(number)"
        guard let point else { return try start(name, "dragoman", ["broker"], environment) }
        environment["CRASH_AT"] = point.description
        return try start("broker", "CrashingBroker", [], environment)
    }

    func worker(_ name: String, _ settings: [String: String] = [:]) throws -> DaemonProcess {
        try start(name, "dragoman", ["worker", "--instance", name], environment.merging(settings) { $1 })
    }

    private func start(
        _ name: String, _ program: String, _ arguments: [String], _ environment: [String: String]
    ) throws -> DaemonProcess {
        try DaemonProcess(
            try BuiltProgram.path(program), arguments, environment: environment,
            log: folder.appending(path: "\(name).log"))
    }

    /// The path of a broker's socket for workers.
    func workSocket(of broker: Int) -> String { Self.path("work", of: broker, in: folder) }

    func jobsAddress(of broker: Int) -> String { Self.address("jobs", of: broker, in: folder) }

    /// Runs a command with the cluster's settings.
    ///
    /// - Returns: What it said.
    @discardableResult
    func command(_ arguments: [String]) async throws -> String {
        let log = folder.appending(path: "command-\(UUID().uuidString).log")
        let process = try DaemonProcess(
            try BuiltProgram.path("dragoman"), arguments, environment: environment, log: log)
        let end = await process.end()
        let said = try String(contentsOf: log, encoding: .utf8)
        guard end == .status(0) else { throw Failure(description: "dragoman \(arguments): \(end): \(said)") }
        return said
    }

    private struct Failure: Error, CustomStringConvertible { let description: String }

    func client() throws -> Client {
        var settings = Client.Settings()
        settings.jobsEndpoints = [Self.addresses("jobs", of: brokers, in: folder)]
        settings.resultsEndpoints = [Self.addresses("results", of: brokers, in: folder)]
        settings.answerTimeout = .milliseconds(300)
        return try Client(settings)
    }

    /// Waits until the broker says of itself what is expected.
    @discardableResult
    func status(
        _ client: Client, until isExpected: (StatusReport) -> Bool = { _ in true }
    ) async throws -> StatusReport {
        while true {
            let report = try await client.status()
            if isExpected(report) { return report }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Why the broker refuses a job; nil when it accepts it.
    func refusal(of job: Job, _ client: Client) async throws(ClientError) -> Rejection? {
        while true {
            do throws(ClientError) {
                let verdicts = try await client.submit([job], patience: .milliseconds(500))
                guard case .rejected(let rejection)? = verdicts.first?.outcome else { return nil }
                return rejection
            } catch {
                // The answer was on its way when the patience ended: to be asked for again.
                guard error.code == .noAnswer else { throw error }
            }
        }
    }

    /// Waits until there is exactly one done record for each of the jobs, which are all there are.
    func expectDone(_ jobs: Set<JobID>, _ client: Client) async throws {
        try await status(client) { $0.queuedJobs == 0 }
        var log = ConsumedLog(consumer: "all")
        log.beginSession()
        for try await record in client.results(consumer: "all") {
            log.receive(record)
            #expect(record.state == .done, "\(record)")
            if log.records.count == jobs.count { break }
        }
        #expect(log.problems == [])
        #expect(Set(log.records.map(\.job)) == jobs)
        #expect(try await client.status().lastSequence == UInt64(jobs.count))
    }

    /// The ends of the daemons' logs, to be shown with a failure.
    var logs: String {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "log" }.sorted { $0.path < $1.path }.map { file in
            "\n== \(file.lastPathComponent)\n" + Self.lines(of: file).suffix(30).joined(separator: "\n")
        }.joined()
    }

    func log(of name: String) -> [String] { Self.lines(of: folder.appending(path: "\(name).log")) }

    private static func lines(of file: URL) -> [String] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map(String.init)
    }
}
