import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// Three brokers over one database, of which one serves: brokers are killed, stopped and cut off from the database, workers are
/// killed and cut off from the brokers, the database's server crashes, and its standby takes over.
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
        case ownerKilled, ownerStopped, ownerEnded, ownerCutOff, ownerUnanswered, standbyKilled
        case workerKilled, workerCutOff, serverCrashed, serverReplaced
    }

    /// The primary, and the standby that has all that it has said to be durable.
    fileprivate actor Database {
        private var primary: PostgresServer
        private var standby: PostgresServer
        nonisolated let url: String
        /// Of each broker, its ways to the two servers.
        private nonisolated let relays: [[SocketRelay]]

        init(brokers: Int) throws {
            primary = try PostgresServer()
            try primary.query("CREATE DATABASE dragoman")
            // First, so that the standby has the setting too, and commits wait when it has become the primary.
            try primary.waitForStandbys()
            standby = try PostgresServer(following: primary, as: "standby")
            url = primary.url("dragoman", or: standby)
            let servers = [primary, standby]
            relays = try (0..<brokers).map { _ in try servers.map { try SocketRelay(before: $0) } }
        }

        nonisolated func url(of broker: Int) -> String { PostgresServer.url("dragoman", through: relays[broker]) }

        /// Nothing that is sent in these directions arrives before it is released.
        nonisolated func hold(_ directions: Set<SocketRelay.Direction>, of broker: Int) {
            for relay in relays[broker] { relay.hold(directions) }
        }
        nonisolated func release(_ broker: Int) { for relay in relays[broker] { relay.release() } }

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
        let database = try Database(brokers: 3)
        let cluster = try Cluster(
            brokers: 3,
            Cluster.shortTimes.merging([
                "DRAGOMAN_STORE_URL": database.url, "DRAGOMAN_STORE_TENURE_MS": "1000",
                "DRAGOMAN_LIMITS_QUEUED_JOBS_MAX": "500",
            ]) { $1 })
        try await cluster.command(["store", "init"])
        let brokers = try (0..<3).map { number in
            try SupervisedDaemon("broker-\(number)", endsWell: true) {
                try cluster.broker(number: number, ["DRAGOMAN_STORE_URL": database.url(of: number)])
            }
        }
        // Of each worker, to each broker.
        let ways = try (0..<2).map { _ in
            try (0..<3).map { try SocketRelay(before: cluster.workSocket(of: $0)) }
        }
        let workers = try (0..<2).map { number in
            let addresses = ways[number].map { "ipc://\($0.path)" }.joined(separator: ",")
            return try SupervisedDaemon("worker-\(number)") {
                try cluster.worker("worker-\(number)", ["DRAGOMAN_WORKER_WORK_ENDPOINT": addresses])
            }
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
                try await rage(database, brokers, workers, ways, cluster, accepted)
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
        _ database: Database, _ brokers: [SupervisedDaemon], _ workers: [SupervisedDaemon], _ ways: [[SocketRelay]],
        _ cluster: Cluster, _ accepted: Progress
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
                try await replaced(owner, database, cluster, accepted)
                stopped.send(SIGCONT)
            case .ownerCutOff, .ownerUnanswered:
                // What it has sent arrives when the store is another's; or has arrived, and it does not know.
                database.hold(calamity == .ownerCutOff ? [.requests, .answers] : [.answers], of: owner)
                defer { database.release(owner) }
                try await replaced(owner, database, cluster, accepted)
            case .standbyKilled: await brokers[(owner + 1) % brokers.count].send(SIGKILL)
            case .workerKilled: await workers[random.integer(0...1)].send(SIGKILL)
            case .workerCutOff:
                try await cluster.status(client) { $0.workers.count == workers.count }
                let way = random.choice(ways)
                for relay in way { relay.hold([.requests, .answers]) }
                defer { for relay in way { relay.release() } }
                // What it has done meanwhile comes when others have done it.
                try await cluster.status(client) { $0.workers.count < workers.count }
            case .serverCrashed: try await database.crash()
            case .serverReplaced: try await database.fail()
            }
        }
    }

    /// Waits until another broker has taken over, and has done something.
    private func replaced(
        _ owner: Int, _ database: Database, _ cluster: Cluster, _ accepted: Progress
    ) async throws {
        while try await database.owner(among: cluster) == owner { try await Task.sleep(for: .milliseconds(50)) }
        try await accepted.wait(for: accepted.value + 1)
    }
}
