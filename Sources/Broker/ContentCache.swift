import DequeModule
package import Dispatching
package import JobModel
package import JobStore

/// Jobs that were just accepted, so that a chunk that is assigned soon need not be read from the store. Bounded by bytes;
/// the oldest go first.
package struct ContentCache {
    /// What a job takes beside its texts: measured with jobs of one sentence.
    private static let overhead = 1536

    private let bytesMaximum: Int
    private var jobs: [JobKey: StoredJob] = [:]
    private var order: Deque<JobKey> = []
    private var bytes = 0
    /// Jobs on their way to the store, and their places among the commit's writes.
    private var uncommitted: [CommitID: [(index: Int, job: StoredJob)]] = [:]

    package init(bytesMaximum: Int) {
        self.bytesMaximum = bytesMaximum
    }

    /// A commit goes to the store.
    package mutating func begin(_ commit: CommitID, _ writes: [Write]) {
        let jobs = writes.enumerated().compactMap { index, write -> (index: Int, job: StoredJob)? in
            if case .insert(let job) = write { (index, job) } else { nil }
        }
        if !jobs.isEmpty { uncommitted[commit] = jobs }
    }

    /// Only what the store took is what it has: under the id of a duplicate or a conflict it has another job.
    ///
    /// - Parameter outcomes: nil: it took nothing.
    package mutating func end(_ commit: CommitID, _ outcomes: [WriteOutcome]?) {
        let jobs = uncommitted.removeValue(forKey: commit) ?? []
        guard let outcomes else { return }
        for (index, job) in jobs { if case .inserted = outcomes[index] { insert(job) } }
    }

    private mutating func insert(_ job: StoredJob) {
        let key = JobKey(tenant: job.tenant, id: job.job.id)
        guard jobs[key] == nil, Self.size(job) <= bytesMaximum else { return }
        bytes += Self.size(job)
        jobs[key] = job
        order.append(key)
        while bytes > bytesMaximum, let oldest = order.popFirst() { remove(oldest) }
    }

    package func content(of job: JobKey, chunk: UInt32) -> ChunkContent? {
        jobs[job]?.content(of: chunk)
    }

    package mutating func remove(_ key: JobKey) {
        guard let job = jobs.removeValue(forKey: key) else { return }
        bytes -= Self.size(job)
        // Names of what has gone stay in the order until they are the greater part of it.
        if order.count > 2 * jobs.count + 1024 { order.removeAll { jobs[$0] == nil } }
    }

    private static func size(_ job: StoredJob) -> Int { job.job.byteCount + overhead }
}
