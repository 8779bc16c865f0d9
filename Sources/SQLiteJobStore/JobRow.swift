import GRDB
import JobModel
import JobStore

/// What a write must know of a job that has not ended.
struct JobRow {
    var number: Int64
    var key: JobKey
    /// What its records have in common.
    var draft: Record
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
            return try JobRow(row, key, statements)
        }
        guard let job else { return nil }
        self = job
    }

    /// - Parameter row: Of `query`.
    private init(_ row: Columns, _ key: JobKey, _ statements: Statements) throws {
        self.key = key
        number = row[0]
        wantsPartial = row[1]
        chunksDone = try row.count(2)
        attempts = try row.count(3)
        outputBytes = try row.count(4)
        let plan = try JobPlan(of: key.id, row, from: 5, statements)
        draft = plan.draft
        self.plan = plan.chunks
    }

    private static let query = Query(
        """
        SELECT number, wants_partial, chunks_done, attempts, output_bytes, \(JobPlan.columns),
            \(SummedTable.job.isWhole)
        FROM job WHERE id = ? AND tenant = ? AND state = 2
        """)

    /// A job of which nothing is known but whose it is.
    init(damaged key: JobKey, number: Int64) {
        self.number = number
        self.key = key
        draft = Record(draftOf: key.id)
        wantsPartial = false
        chunksDone = 0
        attempts = 0
        outputBytes = 0
        plan = []
    }
}
