import JobModel

/// What an in-memory store holds.
struct MemoryState {
    var jobs: [JobKey: Entry] = [:]
    var logs: [String: Log] = [:]
    /// On the list of the dead.
    var dead: Set<JobKey> = []
    var consumers: [String: [String: Cursor]] = [:]
    var offers: [String: Recovery.Offer] = [:]
    var glossaries: [GlossaryKey: NamedGlossary] = [:]
    var epoch: UInt64 = 0
    var age: UInt64 = 0
    var isClosed = true
    let logID = LogID.random()
    private var acceptedCount = 0

    struct Entry {
        /// Without its sources when nobody will ask for them again.
        var stored: StoredJob
        /// In the order of acceptance.
        var number: Int
        var state = JobState.queued
        var chunks: [QueuedJob.Chunk]
        var results: [[Output]?]
        /// Of the results that are there.
        var resultBytes = 0
        var attempts: UInt32 = 0
        var failure: Failure?
        var sequence: UInt64?
        var finishedAt: UInt64?

        var key: JobKey { JobKey(tenant: stored.tenant, id: stored.job.id) }

        var report: JobReport {
            var report = JobReport(job: stored.job.id, state: state)
            report.tenant = stored.tenant
            report.chunks = chunks.count
            report.chunksDone = chunks.count { $0.isDone }
            report.attempts = Int(attempts)
            report.priority = stored.job.priority
            report.sequence = sequence
            report.acceptedAt = stored.acceptedAt
            report.finishedAt = finishedAt
            report.expiresAt = stored.expiresAt
            report.failure = failure
            report.model = stored.model
            report.topic = stored.job.topic
            report.retryOf = stored.retryOf
            return report
        }
    }

    struct Cursor {
        var acknowledged: UInt64 = 0
        var seenAt: UInt64 = 0
    }

    struct Log {
        var last: UInt64 = 0
        /// Of the records that are kept.
        var entries: [LogEntry] = []
        var age = LogAge()

        func entries(after sequence: UInt64) -> ArraySlice<LogEntry> {
            guard let first = entries.first?.record.sequence, sequence >= first else { return entries[...] }
            return entries.dropFirst(Int(min(sequence - first + 1, UInt64(entries.count))))
        }
    }

    mutating func recover() -> Recovery {
        epoch += 1
        defer { isClosed = false }
        let unfinished = jobs.values.filter { !$0.state.isTerminal }.sorted { $0.number < $1.number }
        return Recovery(
            epoch: epoch,
            jobs: unfinished.map { entry in
                var job = QueuedJob(entry.stored)
                job.chunks = entry.chunks
                return job
            },
            lastSequences: logs.mapValues(\.last),
            consumers: consumers.sorted { $0.key < $1.key }.flatMap { tenant, cursors in
                cursors.sorted { $0.key < $1.key }.map {
                    .init(tenant: tenant, name: $0.key, acknowledged: $0.value.acknowledged, seenAt: $0.value.seenAt)
                }
            },
            offers: offers.values.sorted { $0.offer.name < $1.offer.name },
            glossaries: glossaries.sorted { ($0.key.tenant, $0.key.name) < ($1.key.tenant, $1.key.name) }
                .map { .init($0.value, tenant: $0.key.tenant) },
            deadJobs: Dictionary(dead.map { ($0.tenant, 1) }, uniquingKeysWith: +), age: age, wasClosed: isClosed,
            logID: logID)
    }

    mutating func insert(_ stored: StoredJob) -> WriteOutcome {
        let key = JobKey(tenant: stored.tenant, id: stored.job.id)
        if let present = jobs[key] { return present.stored.digest == stored.digest ? .duplicate : .conflict }
        acceptedCount += 1
        let queued = QueuedJob(stored)
        jobs[key] = Entry(
            stored: stored, number: acceptedCount, chunks: queued.chunks,
            results: Array(repeating: nil, count: stored.chunks.count))
        return .inserted(queued)
    }

    /// Adds a record to the job's tenant's log.
    mutating func log(
        _ entry: Entry, _ state: JobState, attempts: UInt32, at time: UInt64, fill: (inout Record) -> Void
    ) -> LogEntry {
        let tenant = entry.stored.tenant
        var log = logs.removeValue(forKey: tenant) ?? Log()
        log.last += 1
        var record = entry.stored.draft
        record.sequence = log.last
        record.state = state
        record.finishedAt = time
        record.attempts = Int(attempts)
        fill(&record)
        log.entries.append(LogEntry(record, of: tenant))
        defer { logs[tenant] = log }
        return log.entries[log.entries.count - 1]
    }
}
