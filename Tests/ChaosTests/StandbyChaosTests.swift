import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// Three brokers over one database, of which one serves: brokers are killed and stopped, workers are killed, the database's
/// server crashes, and its standby takes over.
///
///     DRAGOMAN_CHAOS_CALAMITIES=500 DRAGOMAN_CHAOS_SEED=7 Scripts/test --filter StandbyChaosTests
@Suite(
    "Nothing is lost when brokers over one database die", .serialized,
    .enabled(if: PostgresServer.isThere, PostgresServer.missing))
struct StandbyChaosTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let calamities = environment["DRAGOMAN_CHAOS_CALAMITIES"].flatMap { Int($0) } ?? 16
    private static let seed = environment["DRAGOMAN_CHAOS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...9999)
    private static let tenure = Duration.milliseconds(1000)

    fileprivate enum Calamity: CaseIterable {
        case ownerKilled, ownerStopped, ownerEnded, standbyKilled, workerKilled, serverCrashed, serverReplaced
    }

    /// The primary, and the standby that has all that it has said to be durable.
    fileprivate actor Database {
        private var primary: PostgresServer
        private var standby: PostgresServer
        nonisolated let url: String

        init() throws {
            primary = try PostgresServer()
            try primary.query("CREATE DATABASE dragoman")
            // First, so that the standby has the setting too, and commits wait when it has become the primary.
            try primary.waitForStandbys()
            standby = try PostgresServer(following: primary, as: "standby")
            url = primary.url("dragoman", or: standby)
        }

        func crash() async throws {
            await primary.stop()
            try primary.start()
        }

        /// The primary is lost. The standby takes its place, and gets one of its own where the primary was.
        func fail() async throws {
            await primary.stop()
            try standby.promote()
            try primary.follow(standby, as: "standby")
            (primary, standby) = (standby, primary)
        }

        /// Which broker has the store, or had it last.
        func owner(among cluster: Cluster) async throws -> Int {
            while true {
                let name = try primary.query("SELECT coalesce(owner_name, '') FROM dragoman.store", in: "dragoman")
                let owner = (0..<cluster.brokers).first { name.contains("(\(cluster.jobsAddress(of: $0)))") }
                if let owner { return owner }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("lost 0, unexpected 0, the log without a gap, each consumer in order", .timeLimit(.minutes(30)))
    func totalQueue() async throws {
        print("standby chaos: seed \(Self.seed), \(Self.calamities) calamities")
        let database = try Database()
        let cluster = try Cluster(
            brokers: 3,
            Cluster.shortTimes.merging([
                "DRAGOMAN_STORE_URL": database.url, "DRAGOMAN_STORE_TENURE_MS": "1000",
                "DRAGOMAN_LIMITS_QUEUED_JOBS_MAX": "500",
            ]) { $1 })
        try await cluster.command(["store", "init"])
        let brokers = try (0..<3).map { number in
            try SupervisedDaemon("broker-\(number)", endsWell: true) { try cluster.broker(number: number) }
        }
        let workers = try (0..<2).map { number in
            try SupervisedDaemon("worker-\(number)") { try cluster.worker("worker-\(number)") }
        }
        let phrases = try await Phrases()
        let ledger = Ledger()
        let consumer = Consumer("all", lag: 20, cluster)
        let accepted = Progress()
        try await Storm.whileRunning(brokers + workers, cluster) {
            let client = try cluster.client()
            try await cluster.status(client) { $0.workers.count == 2 }
            let reading = Task { try await consumer.run() }
            defer { reading.cancel() }
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2 {
                    let producer = Producer(
                        number: number, jobs: .max, seed: Self.seed, cluster: cluster, phrases: phrases,
                        ledger: ledger, accepted: accepted, until: isOver)
                    group.addTask { try await producer.run() }
                }
                defer { isOver.set() }
                try await rage(database, brokers, workers, cluster, accepted)
                isOver.set()
                try await group.waitForAll()
            }
            let last = try await cluster.status(client) { $0.queuedJobs == 0 && !$0.workers.isEmpty }.lastSequence
            try await consumer.progress.wait(for: last)
            reading.cancel()
            try await reading.value
        }
        let log = consumer.consumed
        let report = ledger.report(on: log)
        print("standby chaos: \(report)")
        #expect(report.lost == 0, "\(cluster.logs)")
        #expect(report.unexpected == 0)
        #expect(log.problems == [], "\(cluster.logs)")
        #expect(ledger.problems(in: log, phrases).prefix(20) == [])
        #expect(ledger.problems.prefix(20) == [])
        #expect(log.records.enumerated().allSatisfy { $0.element.sequence == UInt64($0.offset + 1) })
        // What a commit of an owner that was replaced has left would be seen here.
        #expect(try await cluster.command(["store", "check"]).contains("no damage"))
    }

    /// Each calamity once, and then whatever chance will have; between them, jobs are accepted again.
    private func rage(
        _ database: Database, _ brokers: [SupervisedDaemon], _ workers: [SupervisedDaemon], _ cluster: Cluster,
        _ accepted: Progress
    ) async throws {
        var random = SeededRandom(seed: Self.seed)
        let client = try cluster.client()
        for number in 0..<Self.calamities {
            let all = Calamity.allCases
            let calamity = number < all.count ? all[number] : random.choice(all)
            // That jobs are accepted and records come again is what was to be shown of the one before.
            let before = try await cluster.status(client).lastSequence
            try await accepted.wait(for: accepted.value + 2)
            try await cluster.status(client) { $0.lastSequence > before }
            let owner = try await database.owner(among: cluster)
            print("standby chaos: \(number): \(calamity) (broker \(owner) serves)")
            switch calamity {
            case .ownerKilled: await brokers[owner].send(SIGKILL)
            case .ownerEnded: await brokers[owner].send(SIGTERM)
            case .ownerStopped:
                let stopped = await brokers[owner].current
                stopped.send(SIGSTOP)
                // Until another one has taken over, and has done something.
                while try await database.owner(among: cluster) == owner { try await Task.sleep(for: .milliseconds(50)) }
                try await accepted.wait(for: accepted.value + 1)
                stopped.send(SIGCONT)
            case .standbyKilled: await brokers[(owner + 1) % brokers.count].send(SIGKILL)
            case .workerKilled: await workers[random.integer(0...1)].send(SIGKILL)
            case .serverCrashed: try await database.crash()
            case .serverReplaced: try await database.fail()
            }
        }
    }
}
