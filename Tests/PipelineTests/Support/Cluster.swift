import Foundation
import Glibc
import JobModel
import TestKit
import ZeroMQ

/// A broker, and as many workers as a test wants, in a folder of their own.
final class Cluster {
    let folder: TemporaryFolder
    private(set) var broker: Daemon
    private(set) var workers: [Daemon] = []
    private let command: String
    private let arguments: [String]
    private let environment: [String: String]
    private let openFilesMaximum: Int?

    /// Nothing is late or lost by itself: tests that want it so say otherwise.
    private static let calm = [
        "BROKER_WORKER_DEAD_AFTER_MS": "600000",
        "BROKER_LEASE_MS": "600000",
        "BROKER_RESUME_GRACE_MS": "0",
        "STORE_DISK_FREE_BYTES_MIN": "0",
        "WORKER_THREADS": "1",
        "LOG_FORMAT": "text",
        // Clusters run side by side, and have no port in common.
        "GATEWAY_ADDRESS": "",
    ]

    /// - Parameters:
    ///   - settings: Keys as the environment has them, without the prefix: `BROKER_LEASE_MS`.
    ///   - workers: Real ones, which have the demo model.
    ///   - command: What the broker is run by: `serve` has a worker in itself.
    ///   - arguments: Of the broker and the workers.
    ///   - folder: With what there is to be before the start.
    ///   - openFilesMaximum: How many descriptors the broker may have; nil: as many as the test.
    ///   - isToStart: Whether a broker that does not is an error.
    init(
        _ settings: [String: String] = [:], workers: Int = 0, command: String = "broker", arguments: [String] = [],
        folder: TemporaryFolder? = nil, openFilesMaximum: Int? = nil, isToStart: Bool = true
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        var all = Self.calm.merging(settings) { $1 }
        for name in Self.sockets where all["BROKER_\(name.uppercased())_ENDPOINT"] == nil {
            all["BROKER_\(name.uppercased())_ENDPOINT"] = "ipc://\(folder.file(name).path)"
        }
        all["STORE_DIRECTORY"] = all["STORE_DIRECTORY"] ?? folder.url.path
        environment = Dictionary(uniqueKeysWithValues: all.map { ("DRAGOMAN_" + $0, $1) })
        self.folder = folder
        self.command = command
        self.arguments = arguments
        self.openFilesMaximum = openFilesMaximum
        broker = try Self.daemon([command] + arguments, environment, in: folder, openFilesMaximum)
        if isToStart { try waitForBroker() }
        for index in 0..<workers { try addWorker("worker-\(index)") }
    }

    /// One that is welcome when this returns.
    @discardableResult
    func addWorker(_ instance: String, _ settings: [String: String] = [:]) throws -> Daemon {
        let own = Dictionary(uniqueKeysWithValues: settings.map { ("DRAGOMAN_" + $0, $1) })
        let worker = try Daemon(
            ["worker", "--instance", instance] + arguments, environment: environment.merging(own) { $1 },
            in: folder.url)
        workers.append(worker)
        try broker.waitForLog("worker welcomed instance=\(instance) ")
        return worker
    }

    /// Starts a broker in place of one that has ended.
    ///
    /// - Parameter place: Of a standby's sockets, what sets their names apart; empty: those of the first broker.
    func startBroker(at place: String = "") throws {
        var environment = environment
        for name in Self.sockets { environment[Self.variable(name)] = endpoint(name, at: place) }
        broker = try Self.daemon([command] + arguments, environment, in: folder, openFilesMaximum)
        try waitForBroker()
    }

    private static func daemon(
        _ arguments: [String], _ environment: [String: String], in folder: TemporaryFolder, _ openFilesMaximum: Int?
    ) throws -> Daemon {
        guard let openFilesMaximum else { return try Daemon(arguments, environment: environment, in: folder.url) }
        let script = "ulimit -n \(openFilesMaximum) && exec dragoman \(arguments.joined(separator: " "))"
        return try Daemon(shell: script, environment: environment, in: folder.url)
    }

    private func waitForBroker() throws {
        try broker.waitForLog(command == "serve" ? "worker welcomed" : "broker listens")
    }

    private static let sockets = ["jobs", "work", "results", "feed"]

    private static func variable(_ name: String) -> String { "DRAGOMAN_BROKER_\(name.uppercased())_ENDPOINT" }

    /// - Parameter place: See `startBroker`.
    func endpoint(_ name: String, at place: String = "") -> String {
        (environment[Self.variable(name)] ?? "") + place
    }

    func producer(_ security: Security = .none) throws -> Peer { try Peer(at: endpoint("jobs"), security: security) }

    /// One that has attached, and may be sent anything.
    func consumer(_ name: String, from sequence: UInt64? = nil, security: Security = .none) throws -> Peer {
        let consumer = try Peer(at: endpoint("results"), security: security)
        _ = try consumer.attach(name, from: sequence)
        return consumer
    }

    /// One that is run by the test.
    func worker(
        _ instance: String, models: [ModelOffer] = [.scripted], window: UInt64 = 1 << 20, security: Security = .none
    ) throws -> Peer {
        let worker = try Peer(at: endpoint("work"), security: security)
        _ = try worker.hello(instance, models: models, window: window)
        return worker
    }

    /// That everyone who does nothing wrong is served, from the job to its record.
    func requireHealth() throws {
        let id = JobID.random()
        // A name of its own: that of a worker that has just gone is not free at once.
        let model = ModelOffer(name: "healthy-\(id)")
        let worker = try worker("healthy-\(id)", models: [model])
        let producer = try producer()
        try producer.accept(Job(id: id, "All is well.", model: model.name))
        try worker.finish(try worker.assignment())
        let consumer = try consumer("healthy-\(id)")
        while true {
            let record = try consumer.record()
            if record.job == id && record.state == .done { return }
        }
    }
}
