import Foundation
import Inference
import Measures
import Testing

/// The test is the replica: it asks for work, and says when a segment is done.
@Suite(.timeLimit(.minutes(30))) struct SegmentQueueTests {
    private let model: TestModel
    private let job: SegmentJob

    init() throws {
        model = try TestModel(Golden("marian-separate").model)
        job = try model.search([5, 6, 7])
    }

    private static let result = [
        TokenHypothesis(tokens: [1], tokenScores: [-1], score: -1, alignment: nil, isTruncated: false)
    ]

    /// Asks until there is something; the submitting task is on its way.
    private func work(of queue: SegmentQueue) async -> SegmentQueue.Work {
        while true {
            let work = queue.nextWork(for: 0)
            if !work.started.isEmpty || !work.abandoned.isEmpty { return work }
            await Task.yield()
        }
    }

    @Test func `a segment is handed out once, and its task gets what the replica found`() async throws {
        let queue = SegmentQueue(replicas: 1, batchTokens: 64)
        let task = Task { try await queue.decode(job) }
        let work = await work(of: queue)
        #expect(work.started.map(\.job.source) == [job.source])
        #expect(queue.nextWork(for: 0).started.isEmpty)
        queue.finish(work.started[0].id, with: Self.result, on: 0, after: ComputedWork())
        #expect(try await task.value == Self.result)
    }

    @Test func `the rows of all replicas' steps are counted by their number`() {
        let queue = SegmentQueue(replicas: 2, batchTokens: 64)
        for (replica, rows) in [(0, 0), (0, 4), (1, 5), (0, 4), (1, 0)] {
            _ = queue.nextWork(for: replica, after: rows)
        }
        #expect(queue.batchRows.count == 3 && queue.batchRows.sum == 13)
        #expect(queue.batchRows.cumulative(at: [2, 4, 8]) == [0, 2, 3])
    }

    @Test func `a replica's steps are counted, and it is busy until it sleeps`() async throws {
        let queue = SegmentQueue(replicas: 2, batchTokens: 64)
        #expect(queue.progress == Array(repeating: ReplicaProgress(steps: 0, isBusy: false), count: 2))
        _ = queue.nextWork(for: 1)
        _ = queue.nextWork(for: 1)
        #expect(queue.progress[1] == ReplicaProgress(steps: 2, isBusy: true))
        // Stopping wakes it at once.
        queue.stop()
        queue.rest(1)
        queue.waitForWork(1)
        #expect(queue.progress[1] == ReplicaProgress(steps: 2, isBusy: false))
        #expect(queue.progress[0].steps == 0)
    }

    @Test(arguments: [true, false])
    func `a replica that sleeps is woken to help, and one that helps hears when it is wanted`(sleeps: Bool) async throws
    {
        let queue = SegmentQueue(replicas: 2, batchTokens: 64)
        for replica in 0..<2 { _ = queue.nextWork(for: replica) }
        #expect(queue.hasBusyReplica)
        queue.rest(0)
        if sleeps {
            // A replica with something to do calls at every step.
            let calling = Task {
                while !Task.isCancelled {
                    queue.callForHelp(of: 1)
                    await Task.yield()
                }
            }
            await withCheckedContinuation { woken in
                Thread.detachNewThread {
                    queue.waitForWork(0)
                    woken.resume()
                }
            }
            calling.cancel()
        }
        #expect(!queue.isCalled(0))
        let task = Task { try await queue.decode(job) }
        while !queue.isCalled(0) { await Task.yield() }
        queue.waitForWork(0)
        let work = queue.nextWork(for: 0)
        queue.finish(work.started[0].id, with: Self.result, on: 0, after: ComputedWork())
        _ = try await task.value
    }

    @Test func `a task that is cancelled before it begins never reaches a replica`() async throws {
        let queue = SegmentQueue(replicas: 1, batchTokens: 64)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await queue.decode(job)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(queue.nextWork(for: 0).started.isEmpty)
    }

    @Test func `a task that is cancelled while its segment waits ends without a replica`() async throws {
        let queue = SegmentQueue(replicas: 1, batchTokens: job.cost)
        let first = Task { try await queue.decode(job) }
        let work = await work(of: queue)
        // The budget is full: the second one waits.
        let second = Task { try await queue.decode(job) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        queue.finish(work.started[0].id, with: Self.result, on: 0, after: ComputedWork())
        #expect(queue.nextWork(for: 0).started.isEmpty)
        #expect(try await first.value == Self.result)
    }

    @Test func `a task that is cancelled while its segment runs ends when the replica lets go of it`() async throws {
        let queue = SegmentQueue(replicas: 1, batchTokens: 64)
        let task = Task { try await queue.decode(job) }
        let id = await work(of: queue).started[0].id
        task.cancel()
        let abandoned = await work(of: queue).abandoned
        #expect(abandoned == [id])
        queue.finish(id, with: nil, on: 0, after: ComputedWork())
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a segment that ends before the replica hears of the cancellation is a result`() async throws {
        let queue = SegmentQueue(replicas: 1, batchTokens: 64)
        let task = Task { try await queue.decode(job) }
        let id = await work(of: queue).started[0].id
        task.cancel()
        queue.finish(id, with: Self.result, on: 0, after: ComputedWork())
        #expect(try await task.value == Self.result)
        // What the replica is told too late, it finds nowhere in its batch; a second report harms nobody.
        queue.finish(id, with: nil, on: 0, after: ComputedWork())
    }

    @Test func `every replica hears of the end`() {
        let queue = SegmentQueue(replicas: 3, batchTokens: 64)
        for replica in 0..<3 { #expect(!queue.nextWork(for: replica).isStopping) }
        queue.stop()
        for replica in 0..<3 {
            queue.waitForWork(replica)
            #expect(queue.nextWork(for: replica).isStopping)
        }
    }
}
