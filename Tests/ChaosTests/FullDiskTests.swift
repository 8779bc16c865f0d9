import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// A store without space refuses jobs, keeps those it has accepted, and goes on when there is space again.
@Suite("A full disk loses nothing")
struct FullDiskTests {
    private static func job(_ index: Int) -> Job {
        // Blank, so that it takes space and no time.
        var job = Job(id: JobID(high: 1, low: UInt64(index)), [.text(String(repeating: " ", count: 60_000))])
        job.options = Phrases.options
        return job
    }

    /// Submits jobs one at a time until one is refused.
    ///
    /// - Returns: Those that were accepted, and why the last was not.
    private static func fill(
        _ cluster: Cluster, _ client: Client
    ) async throws -> (accepted: Set<JobID>, refusal: Rejection) {
        var accepted: Set<JobID> = []
        while true {
            let job = job(accepted.count)
            if let refusal = try await cluster.refusal(of: job, client) { return (accepted, refusal) }
            accepted.insert(job.id)
        }
    }

    @Test(
        "on a full file system jobs are refused; with space again they are accepted, and all end",
        .timeLimit(.minutes(3)))
    func fullFileSystem() async throws {
        let cluster = try Cluster(Cluster.shortTimes)
        guard let mount = try MemoryMount(at: cluster.folder.appending(path: "state"), options: "size=64m") else {
            return print("skipped: no file system can be mounted here")
        }
        let ballast = mount.folder.appending(path: "ballast")
        try Data(count: 48 << 20).write(to: ballast)
        let broker = try cluster.broker()
        let client = try cluster.client()
        // The broker must know a model to accept jobs for it.
        let first = try cluster.worker("first")
        try await cluster.status(client) { $0.workers.count == 1 }
        await first.stop()

        var (accepted, refusal) = try await Self.fill(cluster, client)
        #expect(refusal.code == .retryLater)
        #expect(refusal.retryAfterMilliseconds > 0)
        #expect(!accepted.isEmpty)
        #expect(!broker.hasEnded)

        try FileManager.default.removeItem(at: ballast)
        let late = Self.job(1_000_000)
        #expect(try await client.submit(late) == false)
        accepted.insert(late.id)
        let second = try cluster.worker("second")
        try await cluster.expectDone(accepted, client)
        #expect(!second.hasEnded && !broker.hasEnded)
    }

    @Test(
        "a broker that starts on a full file system serves results and refuses jobs, and goes on when there is space",
        .timeLimit(.minutes(3)))
    func startOnFullFileSystem() async throws {
        let cluster = try Cluster(Cluster.shortTimes)
        guard let mount = try MemoryMount(at: cluster.folder.appending(path: "state"), options: "size=64m") else {
            return print("skipped: no file system can be mounted here")
        }
        let before = try cluster.broker()
        let client = try cluster.client()
        let first = try cluster.worker("first")
        try await cluster.status(client) { $0.workers.count == 1 }
        for index in 0..<5 { _ = try await client.submit(Self.job(index)) }
        try await cluster.status(client) { $0.queuedJobs == 0 }
        await first.stop()
        for index in 5..<10 { _ = try await client.submit(Self.job(index)) }
        await before.stop()
        let filling = mount.folder.appending(path: "filling")
        try Self.fill(filling)

        let after = try cluster.broker()
        let second = try cluster.worker("second")
        let status = try await cluster.status(client) { $0.workers.count == 1 }
        #expect(status.refusal.contains("full") && status.queuedJobs == 5 && status.epoch == 2)
        let late = Self.job(1_000_000)
        #expect(try await cluster.refusal(of: late, client)?.code == .retryLater)
        var read: [JobID] = []
        for try await record in client.results(consumer: "early") {
            read.append(record.job)
            if read.count == 5 { break }
        }
        #expect(read == (0..<5).map { Self.job($0).id })
        #expect(try await client.status().leasedChunks == 0)
        #expect(cluster.log(of: "broker").count { $0.contains("nothing can be written") } == 1, "\(cluster.logs)")

        try FileManager.default.removeItem(at: filling)
        #expect(try await client.submit(late) == false)
        try await cluster.expectDone(Set((0..<10).map { Self.job($0).id } + [late.id]), client)
        #expect(try await client.status().refusal.isEmpty)
        #expect(!second.hasEnded && !after.hasEnded)
    }

    /// Takes all the space there is.
    private static func fill(_ file: URL) throws {
        let descriptor = open(file.path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        for size in [1 << 20, 4096, 1] {
            let zeros = [UInt8](repeating: 0, count: size)
            while write(descriptor, zeros, size) > 0 {}
        }
    }

    @Test("no job is accepted once the database has been moved away", .timeLimit(.minutes(3)))
    func movedDatabase() async throws {
        let cluster = try Cluster(Cluster.shortTimes)
        let broker = try cluster.broker()
        let client = try cluster.client()
        let worker = try cluster.worker("worker")
        try await cluster.status(client) { $0.workers.count == 1 }
        _ = try await client.submit(Self.job(0))
        let database = cluster.folder.appending(path: "state/jobs.sqlite")
        let away = cluster.folder.appending(path: "away.sqlite")
        try FileManager.default.moveItem(at: database, to: away)
        for index in 1..<20 {
            #expect(try await cluster.refusal(of: Self.job(index), client)?.code == .retryLater)
        }
        try FileManager.default.moveItem(at: away, to: database)
        for index in 1..<20 { _ = try await client.submit(Self.job(index)) }
        try await cluster.expectDone(Set((0..<20).map { Self.job($0).id }), client)
        #expect(!worker.hasEnded && !broker.hasEnded)
    }

    @Test("a full database refuses jobs, and those that it has accepted end", .timeLimit(.minutes(3)))
    func fullDatabase() async throws {
        let cluster = try Cluster(
            Cluster.shortTimes.merging(["DRAGOMAN_STORE_DATABASE_BYTES_MAX": "\(16 << 20)"]) { $1 })
        let broker = try cluster.broker()
        let client = try cluster.client()
        let first = try cluster.worker("first")
        try await cluster.status(client) { $0.workers.count == 1 }
        await first.stop()

        let (accepted, refusal) = try await Self.fill(cluster, client)
        #expect(refusal.code == .retryLater)
        #expect(!accepted.isEmpty)
        let second = try cluster.worker("second")
        try await cluster.expectDone(accepted, client)
        #expect(!second.hasEnded && !broker.hasEnded)
    }
}
