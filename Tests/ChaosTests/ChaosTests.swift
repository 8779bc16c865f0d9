import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// The real programs, under `kill`.
///
///     DRAGOMAN_CHAOS_JOBS=1000000 DRAGOMAN_CHAOS_SEED=7 Scripts/test --filter ChaosTests.ChaosTests
@Suite("Nothing is lost when processes die", .serialized)
struct ChaosTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let jobs = environment["DRAGOMAN_CHAOS_JOBS"].flatMap { Int($0) } ?? 20_000
    private static let seed = environment["DRAGOMAN_CHAOS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...9999)
    private static let workers = 2
    private static let producers = 4

    @Test("lost 0, unexpected 0, the log without a gap, each consumer in order", .timeLimit(.minutes(15)))
    func totalQueue() async throws {
        print("chaos: seed \(Self.seed), \(Self.jobs) jobs")
        let began = ContinuousClock.now
        var settings = Cluster.shortTimes
        // Producers are held back all the time, so that there are some to the end.
        settings["DRAGOMAN_LIMITS_QUEUED_JOBS_MAX"] = "\(max(Self.jobs / 10, 500))"
        settings["DRAGOMAN_WORKER_WINDOW_TOKENS"] = "1024"
        let storm = try Storm(try Cluster(settings), workers: Self.workers)
        let phrases = try await Phrases()
        let ledger = Ledger()
        let consumers = [Consumer("prompt", lag: 20, storm.cluster), Consumer("slow", lag: 300, storm.cluster)]
        let schedule = Schedule(
            seed: Self.seed, records: Self.jobs, workers: Self.workers, consumers: consumers.count)
        try await storm.whileRunning {
            let client = try storm.cluster.client()
            // A model that nobody has ever offered is refused; from now on the broker knows it, whoever dies.
            try await storm.cluster.status(client) { $0.workers.count == Self.workers }
            let reading = consumers.map { consumer in Task { try await consumer.run() } }
            defer { for task in reading { task.cancel() } }
            let accepted = Progress()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<Self.producers {
                    let producer = Producer(
                        number: number, jobs: Self.jobs / Self.producers, seed: Self.seed, cluster: storm.cluster,
                        phrases: phrases, ledger: ledger, accepted: accepted)
                    group.addTask { try await producer.run() }
                }
                group.addTask {
                    try await storm.rage(schedule, consumers: consumers, accepted: accepted)
                }
                try await group.waitForAll()
            }
            let last = try await storm.cluster.status(client) { $0.queuedJobs == 0 && !$0.workers.isEmpty }.lastSequence
            for consumer in consumers { try await consumer.progress.wait(for: last) }
            for task in reading { task.cancel() }
            for task in reading { try await task.value }
        }
        for consumer in consumers { check(consumer.consumed, ledger, phrases, storm) }
        #expect(ledger.problems.prefix(20) == [])
        print("chaos: \(await storm.summary), \(ledger.duplicates) accepted again, in \(ContinuousClock.now - began)")
    }

    private func check(_ log: ConsumedLog, _ ledger: Ledger, _ phrases: Phrases, _ storm: Storm) {
        let report = ledger.report(on: log)
        let attempts = Dictionary(grouping: log.records, by: \.attempts).mapValues(\.count).sorted { $0.key < $1.key }
        print(
            """
            chaos: \(log.consumer): \(report); records \(log.records.count) in \(log.sessions) sessions; attempts \
            \(attempts.map { "\($0.key): \($0.value)" }.joined(separator: ", "))
            """)
        #expect(report.lost == 0, "\(storm.cluster.logs)")
        #expect(report.unexpected == 0)
        #expect(log.problems == [], "\(storm.cluster.logs)")
        #expect(ledger.problems(in: log, phrases).prefix(20) == [])
        #expect(log.records.enumerated().allSatisfy { $0.element.sequence == UInt64($0.offset + 1) })
    }
}
