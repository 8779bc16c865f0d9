import GRDB
import JobModel
import JobStore

/// What a write must know of a job that has not ended.
struct JobRow {
    var number: Int64
    var key: JobKey
    var model: String
    var topic: String
    var trace: String
    var acceptedAt: UInt64
    var retryOf: JobID?
    var wantsPartial: Bool
    var chunksDone: Int
    var attempts: UInt32
    /// Of the chunks that are done.
    var outputBytes: Int
    var plan: [ChunkPlan]

    /// nil: there is no such job, or it has ended.
    ///
    /// - Throws: `RowDamage` when it is not what was written.
    init?(unfinished key: JobKey, with statements: Statements) throws {
        let job = try statements.first(Self.query, key.id, key.tenant) { row in
            guard row[11] else { throw try RowDamage.job(row[0], in: statements.database) }
            return try JobRow(row, key)
        }
        guard let job else { return nil }
        self = job
    }

    /// - Parameter row: Of `query`.
    private init(_ row: Columns, _ key: JobKey) throws {
        self.key = key
        number = row[0]
        model = row[1]
        topic = row[2]
        trace = row[3]
        acceptedAt = try row.count(4)
        retryOf = try row.optionalJobID(5)
        wantsPartial = row[6]
        chunksDone = try row.count(7)
        attempts = try row.count(8)
        outputBytes = try row.count(9)
        plan = try row.blob(10, JobPlan.self).chunks
    }

    private static let query = Query(
        """
        SELECT number, model, topic, trace, accepted_at, retry_of, wants_partial, chunks_done, attempts, output_bytes,
            plan, \(SummedTable.job.isWhole)
        FROM job WHERE id = ? AND tenant = ? AND state = 2
        """)

    /// A job of which nothing is known but whose it is.
    init(damaged key: JobKey, number: Int64) {
        self.number = number
        self.key = key
        model = ""
        topic = ""
        trace = ""
        acceptedAt = 0
        wantsPartial = false
        chunksDone = 0
        attempts = 0
        outputBytes = 0
        plan = []
    }
}
