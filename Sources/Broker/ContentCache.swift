import DequeModule
import JobModel
import JobStore

/// Jobs that were just accepted, so that a chunk that is assigned soon need not be read from the store. Bounded by bytes;
/// the oldest go first.
struct ContentCache {
    /// What a job takes beside its texts: measured with jobs of one sentence.
    private static let overhead = 1536

    private let bytesMaximum: Int
    private var jobs: [JobKey: StoredJob] = [:]
    private var order: Deque<JobKey> = []
    private var bytes = 0

    init(bytesMaximum: Int) {
        self.bytesMaximum = bytesMaximum
    }

    mutating func insert(_ job: StoredJob) {
        let key = JobKey(tenant: job.tenant, id: job.job.id)
        guard jobs[key] == nil, Self.size(job) <= bytesMaximum else { return }
        bytes += Self.size(job)
        jobs[key] = job
        order.append(key)
        while bytes > bytesMaximum, let oldest = order.popFirst() { remove(oldest) }
    }

    func content(of job: JobKey, chunk: UInt32) -> ChunkContent? {
        jobs[job]?.content(of: chunk)
    }

    mutating func remove(_ key: JobKey) {
        guard let job = jobs.removeValue(forKey: key) else { return }
        bytes -= Self.size(job)
        // Names of what has gone stay in the order until they are the greater part of it.
        if order.count > 2 * jobs.count + 1024 { order.removeAll { jobs[$0] == nil } }
    }
    private static func size(_ job: StoredJob) -> Int { job.job.byteCount + overhead }
}
