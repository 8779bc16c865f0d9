import DragomanClient
import Foundation
import JobModel
import TestKit
import Testing

/// A library that is loaded into the broker has one sync of the disk fail.
@Suite("A sync that fails ends the broker, and loses nothing")
struct FailedSyncTests {
    private static let library = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        // Fails once for each file that a test puts at FAILING_SYNC.
        static int sync_or_fail(long call, int file) {
            const char *trigger = getenv("FAILING_SYNC");
            if (!trigger || unlink(trigger)) return syscall(call, file);
            errno = EIO;
            return -1;
        }

        int fsync(int file) { return sync_or_fail(SYS_fsync, file); }
        int fdatasync(int file) { return sync_or_fail(SYS_fdatasync, file); }
        """

    private static func build(_ folder: URL) throws -> URL {
        let source = folder.appending(path: "failing-sync.c")
        let result = folder.appending(path: "failing-sync.so")
        try Data(library.utf8).write(to: source)
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-o", result.path, source.path]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        return result
    }

    private static func jobs(_ range: Range<Int>) -> [Job] {
        range.map { index in
            var job = Job(id: JobID(high: 5, low: UInt64(index)), [.text("Hello.")])
            job.options = Phrases.options
            return job
        }
    }

    @Test("the broker ends with 74, and started again has all that it accepted", .timeLimit(.minutes(3)))
    func failedSync() async throws {
        let cluster = try Cluster(Cluster.shortTimes)
        let trigger = cluster.folder.appending(path: "fail")
        let library = try Self.build(cluster.folder)
        let failing = ["LD_PRELOAD": library.path, "FAILING_SYNC": trigger.path]
        let before = try cluster.broker(failing)
        let client = try cluster.client()
        let first = try cluster.worker("first")
        try await cluster.status(client) { $0.workers.count == 1 }
        await first.stop()
        let verdicts = try await client.submit(Self.jobs(0..<20))
        #expect(verdicts.allSatisfy { $0.outcome == .accepted(duplicate: false) })

        try Data().write(to: trigger)
        let unanswered = Task { try await client.submit(Self.jobs(20..<30), patience: nil) }
        #expect(await before.end() == .status(74), "\(cluster.logs)")
        unanswered.cancel()
        if case .success(let verdicts) = await unanswered.result { Issue.record("answered: \(verdicts)") }
        let log = cluster.log(of: "broker")
        #expect(log.contains { $0.contains("the disk of the job store failed") }, "\(cluster.logs)")

        // Also where it fails when the broker is stopped.
        let between = try cluster.broker(failing)
        try await cluster.status(client)
        try Data().write(to: trigger)
        #expect(await between.stop(SIGTERM) == .status(74), "\(cluster.logs)")

        let after = try cluster.broker()
        for verdict in try await client.submit(Self.jobs(20..<30)) {
            if case .rejected(let rejection) = verdict.outcome { Issue.record("\(rejection)") }
        }
        let second = try cluster.worker("second")
        try await cluster.expectDone(Set(Self.jobs(0..<30).map(\.id)), client)
        #expect(!second.hasEnded && !after.hasEnded)
    }
}
