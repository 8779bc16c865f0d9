import Foundation
import Glibc
import JobModel
import TestKit
import Testing

@Suite(
    "Daemons stop, reload and refuse to start as an operator expects", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct SignalTests {
    private static let demo = "demo-en-fr"

    @Test("SIGTERM to a broker: what runs is finished, what is queued is there at the next start, at no charge")
    func brokerDrains() async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let running = try producer.accept(Job("Running."))
        let assign = try worker.assignment()
        try worker.send(.workCredit(window: 1))
        let queued = try producer.accept(Job("Queued."))
        cluster.broker.signal(SIGTERM)
        let isDraining = try worker.receive("a beat") {
            if case .brokerBeat(let beat) = $0 { beat.isDraining } else { nil }
        }
        #expect(isDraining)
        #expect(try producer.rejection(of: Job("Too late.")).code == .retryLater)
        #expect(try producer.status().isDraining)
        #expect(cluster.broker.isRunning)
        // Not until it is told that it is settled: libzmq drops what is received and not read when a connection with
        // ZMQ_IMMEDIATE ends.
        try worker.sendResult(of: assign)
        #expect(await cluster.broker.waitForExit() == 0)
        try cluster.startBroker()
        let second = try cluster.worker("second")
        let again = try second.assignment()
        #expect(again.lease.chunk.job == queued)
        #expect(again.attempt == 1)
        try second.finish(again)
        let consumer = try cluster.consumer("c")
        let records = [try consumer.record(), try consumer.record()]
        #expect(records.map(\.job) == [running, queued])
        #expect(records.map(\.state) == [.done, .done])
        #expect(records.map(\.attempts) == [1, 1])
        try cluster.requireHealth()
    }

    @Test("SIGTERM to a broker whose worker does not finish: after its time it stops, and charges nothing")
    func brokerDrainsInTime() async throws {
        let cluster = try Cluster(["BROKER_DRAIN_MS": "100"])
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        try producer.accept(Job("A text."))
        _ = try worker.assignment()
        cluster.broker.signal(SIGTERM)
        #expect(await cluster.broker.waitForExit() == 0)
        try cluster.startBroker()
        let assign = try cluster.worker("second").assignment()
        #expect(assign.attempt == 1)
        #expect(!assign.isAlone)
    }

    @Test("SIGTERM to a worker: what it has begun is finished, the rest goes to another, and nothing is charged")
    func workerDrains() async throws {
        let cluster = try Cluster(["WORKER_WINDOW_TOKENS": "100000"], workers: 1)
        let producer = try cluster.producer()
        let text = "The weather is beautiful today, and tomorrow will be better than today was.\n"
        let jobs = (0..<40).map { _ in Job(String(repeating: text, count: 10), model: Self.demo) }
        #expect(try producer.submit(jobs).allSatisfy { $0.outcome == .accepted(duplicate: false) })
        let consumer = try cluster.consumer("c")
        var records = [try consumer.record()]
        cluster.workers[0].signal(SIGTERM)
        #expect(await cluster.workers[0].waitForExit() == 0)
        try cluster.addWorker("second")
        while records.count < jobs.count { records.append(try consumer.record()) }
        #expect(Set(records.map(\.job)) == Set(jobs.map(\.id)))
        #expect(records.allSatisfy { $0.state == .done && $0.attempts == 1 })
    }

    @Test("SIGTERM to broker and worker in one process")
    func serveDrains() async throws {
        let cluster = try Cluster(command: "serve")
        let producer = try cluster.producer()
        let jobs = (0..<40).map { Job("This is sentence number \($0).", model: Self.demo) }
        #expect(try producer.submit(jobs).allSatisfy { $0.outcome == .accepted(duplicate: false) })
        cluster.broker.signal(SIGTERM)
        #expect(await cluster.broker.waitForExit() == 0)
        try cluster.startBroker()
        let consumer = try cluster.consumer("c")
        var records: [Record] = []
        while records.count < jobs.count { records.append(try consumer.record()) }
        #expect(Set(records.map(\.job)) == Set(jobs.map(\.id)))
        #expect(records.allSatisfy { $0.state == .done && $0.attempts == 1 })
        #expect(records.map(\.sequence) == Array(1...40))
    }

    @Test("SIGHUP takes up what can change while it runs, and says what cannot; a mistake changes nothing")
    func reload() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("dragoman.yaml", "broker:\n  backoff_base_ms: 1\n  backoff_max_ms: 1\n")
        let cluster = try Cluster(arguments: ["--config", file], folder: folder)
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let consumer = try cluster.consumer("c")
        try folder.write(
            "dragoman.yaml",
            "broker:\n  backoff_base_ms: 1\n  backoff_max_ms: 1\n  attempts_max: 1\n  heartbeat_ms: 900\n")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        let lines = cluster.broker.log.split(separator: "\n")
        #expect(lines.contains { $0.contains("configuration: changed") && $0.contains("broker.attempts_max: 5 -> 1") })
        #expect(
            lines.contains {
                $0.contains("configuration: needs a restart") && $0.contains("broker.heartbeat_ms: 1000 -> 900")
            })
        try producer.accept(Job("A text."))
        try worker.fail(try worker.assignment(), Failure("test", "It failed."), isRetryable: true)
        #expect(try consumer.record().state == .dead)
        try folder.write("dragoman.yaml", "broker:\n  attempts_max: none\n")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration not read again")
        try producer.accept(Job("A text."))
        try worker.fail(try worker.assignment(), Failure("test", "It failed."), isRetryable: true)
        #expect(try consumer.record().state == .dead)
        try cluster.requireHealth()
    }

    @Test(
        "a configuration with mistakes ends the daemon with 78, which names line and key",
        arguments: ["broker", "worker", "serve"])
    func mistakes(command: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "dragoman.yaml", "broker:\n  heartbeat_ms: 1000\n  lease_ms: soon\n  nonsense: 1\n")
        let daemon = try Daemon([command, "--config", file], in: folder.url)
        #expect(await daemon.waitForExit() == 78)
        let lines = daemon.log.split(separator: "\n")
        #expect(lines.contains { $0.contains("dragoman.yaml:3") && $0.contains("lease_ms") }, "\(daemon.log)")
        #expect(lines.contains { $0.contains("dragoman.yaml:4") && $0.contains("nonsense") }, "\(daemon.log)")
    }

    @Test("what another broker has is refused with 69: endpoints and state directory")
    func inOthersHands() async throws {
        let cluster = try Cluster()
        try cluster.requireHealth()
        let folder = try TemporaryFolder()
        let sameEndpoints = try Cluster(
            ["BROKER_JOBS_ENDPOINT": cluster.endpoint("jobs")], folder: folder, isToStart: false)
        #expect(await sameEndpoints.broker.waitForExit() == 69)
        #expect(sameEndpoints.broker.log.contains(cluster.endpoint("jobs")), "\(sameEndpoints.broker.log)")
        let sameFolder = try Cluster(["STORE_DIRECTORY": cluster.folder.url.path], isToStart: false)
        #expect(await sameFolder.broker.waitForExit() == 69)
        #expect(sameFolder.broker.log.contains(cluster.folder.url.path), "\(sameFolder.broker.log)")
        try cluster.requireHealth()
    }
}
