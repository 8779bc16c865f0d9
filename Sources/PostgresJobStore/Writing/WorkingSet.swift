import JobModel
import JobStore

/// The rows that a commit has to do with, as they are read, and as its writes leave them.
///
/// A round trip to the database for each write would take longer than the write. So all rows are read together, the writes
/// are applied here, and what they have changed is written together.
struct WorkingSet {
    var jobs: [Int64: JobImage] = [:]
    /// Of the jobs that are there.
    var numbers: [JobKey: Int64] = [:]
    var chunks: [ChunkKey: ChunkImage] = [:]
    var logs: [String: LogEnd] = [:]
    var consumers: [ConsumerKey: Cursor] = [:]
    var offers: [String: Recovery.Offer] = [:]
    /// For new jobs.
    var freeNumbers: ArraySlice<Int64> = []
    var changes = Changes()

    /// What is to be written.
    struct Changes {
        var newJobs: [Int64] = []
        var changedJobs: Set<Int64> = []
        var removedJobs: Set<Int64> = []
        /// Of new jobs, encoded.
        var newContents: [Int64: [UInt8]] = [:]
        /// From a dead job to the one that repeats it; in order.
        var movedContents: [(from: Int64, to: Int64)] = []
        var removedContents: Set<Int64> = []
        var changedChunks: Set<ChunkKey> = []
        /// Jobs whose chunks are of no more use.
        var closedJobs: Set<Int64> = []
        var records: [RecordRow] = []
        var changedLogs: Set<String> = []
        var changedConsumers: Set<ConsumerKey> = []
        var changedOffers: Set<String> = []
        /// nil: it is removed.
        var glossaries: [GlossaryKey: NamedGlossary?] = [:]
    }

    func job(_ key: JobKey) -> JobImage? { numbers[key].flatMap { jobs[$0] } }

    func unfinished(_ key: JobKey) -> JobImage? { job(key).flatMap { $0.state.isTerminal ? nil : $0 } }

    mutating func add(_ job: JobImage) {
        jobs[job.number] = job
        numbers[job.key] = job.number
        changes.newJobs.append(job.number)
    }

    mutating func change(_ job: JobImage) {
        jobs[job.number] = job
        changes.changedJobs.insert(job.number)
    }

    mutating func remove(_ job: JobImage) {
        jobs[job.number] = nil
        numbers[job.key] = nil
        changes.removedJobs.insert(job.number)
    }

    mutating func removeContent(of job: Int64) {
        if changes.newContents.removeValue(forKey: job) == nil { changes.removedContents.insert(job) }
    }

    mutating func moveContent(from old: Int64, to new: Int64) {
        if let content = changes.newContents.removeValue(forKey: old) {
            changes.newContents[new] = content
        } else {
            changes.movedContents.append((old, new))
        }
    }

    mutating func changeChunk(_ key: ChunkKey, _ change: (inout ChunkImage) -> Void) {
        change(&chunks[key, default: ChunkImage()])
        changes.changedChunks.insert(key)
    }
}
