import GRDB
import JobModel
import JobStore

extension Recovery {
    /// Of each chunk that there is something to say of, or of the job alone, what a queued job is. Texts are elsewhere.
    static let query = """
        SELECT job.id, job.tenant, job.model, job.priority, job.maximum_attempts, job.accepted_at, job.expires_at,
            job.byte_count, job.plan, job.number, chunk.number, chunk.is_done, chunk.attempts, chunk.lease_token,
            chunk.lease_attempt, chunk.lease_instance, chunk.lease_is_alone
        FROM job LEFT JOIN chunk ON chunk.job = job.number
        """

    init(beginningEpochIn database: Database) throws {
        try database.run("UPDATE broker SET epoch = epoch + 1")
        guard let broker = try database.row("SELECT epoch, age, is_closed FROM broker") else {
            throw BlobError("the broker's row is missing")
        }
        self.init(epoch: try broker.count(0), age: try broker.count(1), wasClosed: broker[2])
        try database.run("UPDATE broker SET is_closed = 0")
        jobs = try Self.unfinishedJobs(in: database)
        let logs = try database.rows("SELECT tenant, last_sequence FROM log")
        while let row = try logs.next() { lastSequences[row[0]] = try row.count(1) }
        let cursors = try database.rows("SELECT tenant, name, acknowledged FROM consumer ORDER BY tenant, name")
        while let row = try cursors.next() {
            consumers.append(Consumer(tenant: row[0], name: row[1], acknowledged: try row.count(2)))
        }
        let models = try database.rows("SELECT name, source_language, target_language FROM offer ORDER BY name")
        while let row = try models.next() {
            offers.append(ModelOffer(name: row[0], sourceLanguage: row[1], targetLanguage: row[2]))
        }
        deadJobs = Int(try database.integer("SELECT count(*) FROM job WHERE is_dead_letter") ?? 0)
    }

    private static func unfinishedJobs(in database: Database) throws -> [QueuedJob] {
        var jobs: [QueuedJob] = []
        var lastNumber: Int64?
        let rows = try database.rows(query + " WHERE job.state = 2 ORDER BY job.number, chunk.number")
        while let row = try rows.next() {
            let number: Int64 = row[9]
            if number != lastNumber { jobs.append(try QueuedJob(row)) }
            lastNumber = number
            try jobs[jobs.count - 1].takeChunk(row)
        }
        return jobs
    }
}

extension QueuedJob {
    /// - Parameter row: Of `Recovery.query`.
    init(_ row: Row) throws {
        self.init(
            key: JobKey(tenant: row[1], id: try row.jobID(0)), model: row[2], priority: try row.count(3),
            maximumAttempts: try row.count(4), acceptedAt: try row.count(5), expiresAt: try row.optionalCount(6),
            byteCount: try row.count(7), chunks: try row.blob(8, [ChunkPlan].self).map { Chunk(cost: $0.cost) })
    }

    fileprivate mutating func takeChunk(_ row: Row) throws {
        guard let number = try row.optionalCount(10) else { return }
        guard number < chunks.count else { throw BlobError("there is no chunk \(number)") }
        let chunk = Int(number)
        chunks[chunk].isDone = row[11]
        chunks[chunk].attempts = try row.count(12)
        if let token = row[13] as Int64? {
            chunks[chunk].lease = LeaseMark(
                token: UInt64(bitPattern: token), attempt: try row.count(14), instance: row[15], isAlone: row[16])
        }
    }
}
