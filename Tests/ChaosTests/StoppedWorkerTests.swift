import DragomanClient
import Glibc
import JobModel
import TestKit
import Testing

@Suite("A worker that stops for longer than its lease harms nobody")
struct StoppedWorkerTests {
    @Test(
        "its chunks are done by another; what it says when it goes on is dropped, and it works again",
        .timeLimit(.minutes(3)))
    func another() async throws {
        let (cluster, broker, sleeper, client, jobs) = try await begun()
        sleeper.send(SIGSTOP)
        // The broker has given it up.
        try await cluster.status(client) { $0.workers.isEmpty }
        let other = try cluster.worker("other")
        try await cluster.status(client) { $0.queuedJobs == 0 }
        sleeper.send(SIGCONT)
        try await cluster.status(client) { $0.workers.count == 2 }
        // It is as good as before: with nobody else there, it does what comes.
        await other.stop()
        let more = (0..<20).map { Self.job(1_000_000 + $0) }
        for verdict in try await client.submit(more) { #expect(verdict.outcome == .accepted(duplicate: false)) }
        try await cluster.expectDone(Set((jobs + more).map(\.id)), client)
        #expect(!broker.hasEnded && !sleeper.hasEnded)
    }

    @Test("with nobody else there, it finishes them itself when it goes on", .timeLimit(.minutes(3)))
    func itself() async throws {
        let (cluster, broker, sleeper, client, jobs) = try await begun()
        sleeper.send(SIGSTOP)
        try await cluster.status(client) { $0.workers.isEmpty }
        try await Task.sleep(for: Cluster.shortLease)
        sleeper.send(SIGCONT)
        try await cluster.expectDone(Set(jobs.map(\.id)), client)
        #expect(!broker.hasEnded && !sleeper.hasEnded)
    }

    private static func job(_ index: Int) -> Job {
        var job = Job(id: JobID(high: 4, low: UInt64(index)), [.text("The red house is near the old river.")])
        job.options.beamSize = 6
        return job
    }

    /// A worker that has some of the jobs, and not all of them behind it.
    private func begun() async throws -> (Cluster, DaemonProcess, DaemonProcess, Client, [Job]) {
        let cluster = try Cluster(Cluster.shortTimes)
        let broker = try cluster.broker()
        let worker = try cluster.worker("sleeper")
        let client = try cluster.client()
        try await cluster.status(client) { $0.workers.count == 1 }
        var jobs: [Job] = []
        var isBusy = false
        // On a busy machine the worker may be done with all before the test looks.
        while !isBusy {
            let more = (jobs.count..<jobs.count + 600).map(Self.job)
            for verdict in try await client.submit(more) { #expect(verdict.outcome == .accepted(duplicate: false)) }
            jobs += more
            let report = try await cluster.status(client) {
                $0.lastSequence > UInt64(jobs.count - more.count) && ($0.leasedChunks > 0 || $0.queuedJobs == 0)
            }
            isBusy = report.leasedChunks > 0
        }
        return (cluster, broker, worker, client, jobs)
    }
}
