import Inference

extension ReplicaPool {
    /// Decodes all jobs at once, each in a task of its own; the results are in the jobs' order.
    func decode(_ jobs: [SegmentJob]) async throws -> [[TokenHypothesis]] {
        try await withThrowingTaskGroup(of: (Int, [TokenHypothesis]).self) { group in
            for (index, job) in jobs.enumerated() {
                group.addTask { (index, try await self.decode(job)) }
            }
            var results = [[TokenHypothesis]](repeating: [], count: jobs.count)
            for try await (index, hypotheses) in group { results[index] = hypotheses }
            return results
        }
    }
}
