import DragomanClient
import Foundation
import Gateway
import Glibc
import JobModel
import Logging
import TestKit
import Testing

/// Two brokers over one store, of which one runs at a time. The other's sockets are not there until it does.
@Suite(
    "A broker and its standby", .ownThread, .timeLimit(.minutes(5)), .enabled(if: BuiltProgram.isExpected))
struct StandbyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Everyone is told of both places from the start.
    private func cluster(workers: Int = 0) throws -> Cluster {
        let work = "ipc://\(folder.file("work").path)"
        return try Cluster(
            [
                "WORKER_WORK_ENDPOINT": "\(work),\(work).b",
                // What the worker had goes on, or the test waits in vain.
                "BROKER_RESUME_GRACE_MS": "600000",
            ], workers: workers, folder: folder)
    }

    private func both(_ name: String, _ cluster: Cluster) -> String {
        "\(cluster.endpoint(name)),\(cluster.endpoint(name, at: ".b"))"
    }

    private func client(_ cluster: Cluster) throws -> Client {
        var settings = Client.Settings()
        settings.jobsEndpoints = [both("jobs", cluster)]
        settings.resultsEndpoints = [both("results", cluster)]
        return try Client(settings)
    }

    @Test("producer, worker and consumer follow from one to the other and back, and each job ends once, in order")
    func failover() async throws {
        let cluster = try cluster(workers: 1)
        let client = try client(cluster)
        let count = 400
        async let accepted: Set<JobID> = {
            var ids: Set<JobID> = []
            while ids.count < count {
                let jobs = (0..<4).map { Job([.text("Thank you, number \(ids.count + $0).")]) }
                let verdicts = try await client.submit(jobs, patience: nil)
                for verdict in verdicts {
                    guard case .accepted = verdict.outcome else {
                        throw Daemon.NeverHappened(description: "\(verdict)")
                    }
                }
                ids.formUnion(jobs.map(\.id))
            }
            return ids
        }()
        var log = ConsumedLog(consumer: "c")
        log.beginSession()
        var places = [".b", "", ".b", ""]
        let results = client.results(consumer: "c")
        for try await record in results {
            log.receive(record)
            results.acknowledge(upTo: record.sequence)
            if log.records.count == count { break }
            guard log.records.count.isMultiple(of: 60), let place = places.first else { continue }
            places.removeFirst()
            // Killed, and told to stop, in turn.
            if places.count.isMultiple(of: 2) { cluster.broker.signal(SIGTERM) } else { cluster.broker.signal(SIGKILL) }
            _ = await cluster.broker.waitForExit()
            try cluster.startBroker(at: place)
        }
        #expect(places.isEmpty)
        #expect(log.problems == [])
        #expect(Set(log.records.map(\.job)) == (try await accepted))
        #expect(log.records.allSatisfy { $0.state == .done && $0.attempts == 1 }, "\(log.records.map(\.attempts))")
        let status = try await client.status()
        #expect(status.lastSequence == UInt64(count))
        #expect(status.epoch == 5)
        await results.close()
        let worker = cluster.workers[0].log
        let work = cluster.endpoint("work")
        #expect(worker.contains("broker at \(work) has closed the connection; trying \(work).b"), "\(worker)")
    }

    @Test("those who begin when only the standby is there find it, and status says where it is")
    func onlyStandby() async throws {
        let cluster = try cluster()
        await cluster.broker.kill()
        try cluster.startBroker(at: ".b")
        try cluster.addWorker("w")
        let places = "--jobs-endpoint \(both("jobs", cluster)) --results-endpoint \(both("results", cluster))"
        func run(_ command: String) async throws -> (status: Int32, log: String) {
            let daemon = try Daemon(shell: "dragoman \(command) \(places)", environment: [:], in: folder.url)
            return (await daemon.waitForExit(), daemon.log)
        }
        let submitted = try await run("submit --wait <(echo 'Thank you.')")
        #expect(submitted.status == 0)
        #expect(submitted.log.contains("Merci."), "\(submitted.log)")
        let health = try await run("health")
        #expect(health.log.hasPrefix("\(cluster.endpoint("jobs", at: ".b")): ready"), "\(health.log)")
        let status = try await run("status --json")
        withExtendedLifetime(cluster) {}
        #expect(status.log.contains(#""endpoint":"\#(cluster.endpoint("jobs", at: ".b"))""#), "\(status.log)")
    }

    @Test("commands that wait follow, and say so in one line")
    func commands() async throws {
        let cluster = try cluster(workers: 1)
        let output = folder.file("output")
        let places = "--jobs-endpoint \(both("jobs", cluster)) --results-endpoint \(both("results", cluster))"
        let reader = try Daemon(
            shell: "exec dragoman results --consumer c --follow \(places) > \(output.path)", environment: [:],
            in: folder.url)
        let client = try client(cluster)
        func read(_ count: Int) async throws {
            while (try? String(contentsOf: output, encoding: .utf8))?.split(separator: "\n").count ?? 0 < count {
                try #require(reader.isRunning, "\(reader.log)")
                await Task.yield()
            }
        }
        try await client.submit(Job("Thank you.", model: "demo-en-fr"))
        try await read(1)
        await cluster.broker.kill()
        try cluster.startBroker(at: ".b")
        try await client.submit(Job("Good morning.", model: "demo-en-fr"))
        try await read(2)
        let results = cluster.endpoint("results")
        #expect(reader.log == "dragoman: broker at \(results) has closed the connection; trying \(results).b\n")
        reader.signal(SIGTERM)
        _ = await reader.waitForExit()
        withExtendedLifetime(cluster) {}
    }

    @Test("a gateway follows, and what was asked of the last broker is answered by the next")
    func gateway() async throws {
        let cluster = try cluster(workers: 1)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let desk = BrokerDesk(
            try client(cluster), patience: .seconds(120), deadline: .seconds(240), logger: logger)
        desk.start()
        defer { desk.stop() }
        #expect(
            try await desk.run([Job("Thank you.", model: "demo-en-fr")]).first?.outputs.first?.hypotheses.first?.text
                == "Merci.")
        await cluster.broker.kill()
        async let records = desk.run([Job("Good morning.", model: "demo-en-fr")])
        try cluster.startBroker(at: ".b")
        #expect(try await records.first?.state == .done)
        withExtendedLifetime(cluster) {}
    }

    @Test(
        "a list with a mistake is refused by flags, and by check",
        arguments: ["tcp://a:1,,tcp://b:1", "tcp://a:1,ipc:///b", "tcp://a:1,tcp://a:1"])
    func mistakes(text: String) async throws {
        let flag = try Daemon(
            ["status", "--jobs-endpoint", text], environment: ["DRAGOMAN_CONFIG": ""], in: folder.url)
        #expect(await flag.waitForExit() == 64)
        #expect(flag.log.contains("--jobs-endpoint: \"\(text)\" are not the addresses of a broker"), "\(flag.log)")
        for variable in ["WORKER_WORK_ENDPOINT", "CLIENT_JOBS_ENDPOINT", "CLIENT_RESULTS_ENDPOINT"] {
            let check = try Daemon(
                ["check"], environment: ["DRAGOMAN_CONFIG": "", "DRAGOMAN_\(variable)": text], in: folder.url)
            #expect(await check.waitForExit() == 78)
            #expect(check.log.contains("DRAGOMAN_\(variable)") && check.log.contains("\"\(text)\""), "\(check.log)")
        }
    }
}
