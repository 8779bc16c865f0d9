import Glibc
import Synchronization
import TestKit

/// A cluster whose processes die, and are started again at once.
final class Storm: Sendable {
    let cluster: Cluster
    let broker: SupervisedDaemon
    let workers: [SupervisedDaemon]
    private let crash: NextCrash

    /// Where the broker's next run ends.
    private final class NextCrash: Sendable {
        private let point = Mutex<CrashPoint?>(nil)

        func set(_ new: CrashPoint) { point.withLock { $0 = new } }

        func take() -> CrashPoint? {
            point.withLock { point in
                defer { point = nil }
                return point
            }
        }
    }

    init(_ cluster: Cluster, workers: Int) throws {
        self.cluster = cluster
        let crash = NextCrash()
        self.crash = crash
        broker = try SupervisedDaemon("broker") { try cluster.broker(crashingAt: crash.take()) }
        self.workers = try (0..<workers).map { number in
            try SupervisedDaemon("worker-\(number)") { try cluster.worker("worker-\(number)") }
        }
    }

    /// Ends all processes when the body has ended, however it has.
    func whileRunning(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await Self.whileRunning(workers + [broker], cluster, body)
    }

    static func whileRunning(
        _ daemons: [SupervisedDaemon], _ cluster: Cluster, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for daemon in daemons {
                    group.addTask {
                        try await daemon.supervise()
                        return false
                    }
                }
                group.addTask {
                    try await body()
                    return true
                }
                let first = await group.nextResult()
                group.cancelAll()
                for daemon in daemons { await daemon.stop() }
                _ = try first?.get()
            }
        } catch {
            throw Failure(description: "\(error)\(cluster.logs)")
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Lets all calamities happen.
    func rage(_ schedule: Schedule, consumers: [Consumer], accepted: Progress) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let progress = consumers[0].progress
            for (index, (_, calamity)) in schedule.calamities.enumerated() {
                try await progress.wait(for: schedule.due(index, progress: progress.value))
                print("chaos: at \(progress.value): \(calamity)")
                switch calamity {
                case .brokerKilled: await broker.send(SIGKILL)
                case .brokerKilledAndToCrash(let point):
                    crash.set(point)
                    await broker.send(SIGKILL)
                case .brokerKilledAfterAcceptance:
                    // All producers may be done by now.
                    let value = accepted.value + 1
                    try await Self.first(of: { try await accepted.wait(for: value) }, orAfter: .seconds(1))
                    await broker.send(SIGKILL)
                case .workerKilled(let worker): await workers[worker].send(SIGKILL)
                case .workerStopped(let worker):
                    let stopped = await workers[worker].current
                    // Meanwhile the others go on, and other things happen.
                    group.addTask {
                        stopped.send(SIGSTOP)
                        defer { stopped.send(SIGCONT) }
                        try await Task.sleep(for: Cluster.shortLease * 1.5)
                    }
                case .consumerRestarted(let consumer): consumers[consumer].restart()
                }
            }
            try await group.waitForAll()
        }
    }

    private static func first(
        of body: @escaping @Sendable () async throws -> Void, orAfter time: Duration
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await body() }
            group.addTask { try? await Task.sleep(for: time) }
            try await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    /// How often processes died.
    var summary: String {
        get async {
            // The last end of each is the test's own.
            var workerEnds = 0
            for worker in workers { workerEnds += await worker.ends.count - 1 }
            let crashes = cluster.log(of: "broker").count { $0.hasPrefix("crashes at") }
            return "broker killed \(await broker.ends.count - 1) times, of these \(crashes) at a named point; workers "
                + "killed \(workerEnds) times"
        }
    }
}
