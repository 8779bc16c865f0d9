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
    private static func fill(_ client: Client) async throws -> (accepted: Set<JobID>, refusal: Rejection) {
        var accepted: Set<JobID> = []
        while true {
            let job = job(accepted.count)
            do throws(ClientError) {
                switch try await client.submit([job], patience: .milliseconds(500)).first?.outcome {
                case .rejected(let rejection)?: return (accepted, rejection)
                default: accepted.insert(job.id)
                }
            } catch {
                // The answer was on its way when the patience ended: to be asked for again.
                guard error.code == .noAnswer else { throw error }
            }
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

        var (accepted, refusal) = try await Self.fill(client)
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

    @Test("a full database refuses jobs, and those that it has accepted end", .timeLimit(.minutes(3)))
    func fullDatabase() async throws {
        let cluster = try Cluster(
            Cluster.shortTimes.merging(["DRAGOMAN_STORE_DATABASE_BYTES_MAX": "\(16 << 20)"]) { $1 })
        let broker = try cluster.broker()
        let client = try cluster.client()
        let first = try cluster.worker("first")
        try await cluster.status(client) { $0.workers.count == 1 }
        await first.stop()

        let (accepted, refusal) = try await Self.fill(client)
        #expect(refusal.code == .retryLater)
        #expect(!accepted.isEmpty)
        let second = try cluster.worker("second")
        try await cluster.expectDone(accepted, client)
        #expect(!second.hasEnded && !broker.hasEnded)
    }
}
