import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

@Suite("A broker's death wastes no work, and not much time", .serialized)
struct RestartTests {
    /// Long enough that it is being translated when the broker dies: beam search over sentences of many words.
    private static func job(_ index: Int) -> Job {
        let sentence = "The old woman who lives in the house by the river told me a long story about her brother. "
        var job = Job(id: JobID(high: 2, low: UInt64(index)), [.text(String(repeating: sentence, count: 12))])
        job.options.beamSize = 6
        return job
    }

    @Test("workers go on with what they have, and nothing is begun again (I8)", .timeLimit(.minutes(3)))
    func resume() async throws {
        // However busy the machine: the worker is neither taken for dead nor too late to come back with what it holds.
        let cluster = try Cluster([
            "DRAGOMAN_WORKER_WINDOW_TOKENS": "1000000",
            "DRAGOMAN_BROKER_WORKER_DEAD_AFTER_MS": "60000",
            "DRAGOMAN_BROKER_LEASE_MS": "90000",
            "DRAGOMAN_BROKER_RESUME_GRACE_MS": "60000",
        ])
        let before = try cluster.broker()
        let worker = try cluster.worker("worker")
        let client = try cluster.client()
        try await cluster.status(client) { $0.workers.count == 1 }
        let jobs = (0..<120).map(Self.job)
        for verdict in try await client.submit(jobs) { #expect(verdict.outcome == .accepted(duplicate: false)) }
        // All are with the worker, and some are done, so that it is busy with others.
        try await cluster.status(client) { $0.queuedChunks == 0 && $0.lastSequence > 0 }
        await before.stop()
        let after = try cluster.broker()
        let status = try await cluster.status(client) { $0.queuedJobs == 0 }
        #expect(status.epoch == 2)

        var records: [Record] = []
        for try await record in client.results(consumer: "all") {
            records.append(record)
            if records.count == jobs.count { break }
        }
        #expect(records.allSatisfy { $0.state == .done && $0.attempts == 1 }, "\(records.map(\.attempts))")
        #expect(Set(records.map(\.job)) == Set(jobs.map(\.id)))
        // What the second broker found unfinished is what the worker still had: there was nothing left to assign.
        let log = cluster.log(of: "broker")
        let unfinished = try #require(Self.field("unfinished_jobs", in: log, last: "broker listens"))
        let resumed = try #require(Self.field("leases", in: log, last: "worker welcomed"))
        #expect(unfinished > 0 && resumed == unfinished, "\(cluster.logs)")
        #expect(!log.contains { $0.contains("lost") }, "\(cluster.logs)")
        #expect(!after.hasEnded && !worker.hasEnded)
    }

    private static func field(_ name: String, in log: [String], last message: String) -> Int? {
        log.last { $0.contains(message) }?.split(separator: " ").first { $0.hasPrefix("\(name)=") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }

    /// From SIGKILL, with a supervisor that starts the broker again at once, to the first result that the new broker
    /// writes down, and until a consumer has it. The times are those of the default settings.
    ///
    ///     DRAGOMAN_CHAOS_ROUNDS=20 Scripts/test --filter RestartTests
    @Test("a broker that is killed is back", .timeLimit(.minutes(10)))
    func recoveryTime() async throws {
        let rounds = ProcessInfo.processInfo.environment["DRAGOMAN_CHAOS_ROUNDS"].flatMap { Int($0) } ?? 2
        let storm = try Storm(try Cluster(), workers: 1)
        try await storm.whileRunning {
            let client = try storm.cluster.client()
            try await storm.cluster.status(client) { $0.workers.count == 1 }
            var written: [Duration] = []
            var read: [Duration] = []
            var records = client.results(consumer: "all").makeAsyncIterator()
            for round in 0..<rounds {
                let jobs = (0..<400).map { Self.job(1000 * (round + 1) + $0) }
                _ = try await client.submit(jobs)
                _ = try await records.next()
                let daemon = await storm.broker.current
                let (killed, killedAt) = (ContinuousClock.now, Date.now)
                await daemon.stop(SIGKILL)
                // What is finished later is the new broker's doing.
                let gone = UInt64(Date.now.timeIntervalSince1970 * 1000)
                var isBack = false
                for _ in 1..<jobs.count {
                    let record = try #require(try await records.next())
                    guard !isBack, record.finishedAt > gone else { continue }
                    isBack = true
                    read.append(ContinuousClock.now - killed)
                    let at = Int(record.finishedAt) - Int(killedAt.timeIntervalSince1970 * 1000)
                    written.append(.milliseconds(at))
                }
                #expect(isBack)
            }
            for (what, times) in [("written", written.sorted()), ("read", read.sorted())] where !times.isEmpty {
                let median = times[times.count / 2]
                print("chaos: first result \(what) after SIGKILL: median \(median), longest \(times.last ?? median)")
            }
        }
    }
}
