import Foundation
package import Measures
package import Tensors

/// Threads that decode, each with a replica, and the batcher that feeds them: the shell around the pure parts. A thread
/// that has nothing to decode helps the others, so that one sentence is translated by all cores.
///
/// Any number of tasks may call `decode`; their segments share batches.
package final class ReplicaPool: Sendable {
    private let queue: SegmentQueue
    private let crew: Crew?
    private let cache: SegmentCache?

    /// - Parameter cacheBytes: The most that remembered outputs may take; 0: every segment is decoded.
    package init(
        transformer: Transformer, replicas: Int, batchTokens: Int, cacheBytes: Int = 0, kernels: Kernels
    ) {
        cache = cacheBytes > 0 ? SegmentCache(bytes: cacheBytes) : nil
        let queue = SegmentQueue(replicas: replicas, batchTokens: batchTokens)
        self.queue = queue
        // Only products of integers are shared.
        let crew = transformer.precision == .int8 ? Crew() : nil
        self.crew = crew
        for index in 0..<replicas {
            let thread = Thread {
                let replica = Replica(
                    transformer: transformer, batchTokens: batchTokens, kernels: kernels, crew: crew ?? Crew())
                Self.run(replica, index: index, queue: queue, crew: crew)
            }
            thread.name = "dragoman-\(index)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        queue.stop()
    }

    /// How far each thread is.
    package var progress: [ReplicaProgress] { queue.progress }

    /// How many rows the steps of all threads had.
    package var batchRows: Histogram { queue.batchRows }

    /// What was remembered so far.
    package var cacheCounts: CacheCounts { cache?.counts ?? CacheCounts() }

    /// How many products were shared by threads so far.
    package var productsShared: Int { crew?.productsShared ?? 0 }

    /// Decodes one segment, or remembers what was decoded.
    ///
    /// - Returns: Hypotheses, best first (samples: in the order drawn); none when the segment's constraints allow no output.
    /// - Throws: `CancellationError` when the calling task is cancelled; the segment then leaves its batch before the
    ///   next step.
    package func decode(_ job: SegmentJob) async throws -> [TokenHypothesis] {
        // A task that waits keeps the threads that it waits for.
        defer { withExtendedLifetime(self) {} }
        guard let cache else { return try await queue.decode(job) }
        return try await cache.output(of: job) { try await queue.decode(job) }
    }

    private static func run(_ replica: Replica, index: Int, queue: SegmentQueue, crew: Crew?) {
        var rows = 0
        while true {
            let work = queue.nextWork(for: index, after: rows)
            rows = 0
            if work.isStopping { return }
            for id in work.abandoned where replica.abandon(id) {
                queue.finish(id, with: nil, on: index, after: replica.work)
            }
            replica.start(work.started)
            if replica.isIdle {
                // What has just been abandoned was still running when the batcher was asked: ask again before sleeping,
                // for only an idle replica is woken.
                guard work.abandoned.isEmpty else { continue }
                queue.rest(index)
                if let crew, crew.wantsHelp, queue.hasBusyReplica { crew.help { queue.isCalled(index) } }
                queue.waitForWork(index)
            } else {
                if let crew, crew.wantsHelp { queue.callForHelp(of: Crew.helpersMaximum - crew.size) }
                replica.step { id, hypotheses in
                    queue.finish(id, with: hypotheses, on: index, after: replica.work)
                }
                rows = replica.stepRows
            }
        }
    }
}
