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
    init?(unfinished key: JobKey, in database: Database) throws {
        let row = try database.row(
            """
            SELECT number, model, topic, trace, accepted_at, retry_of, wants_partial, chunks_done, attempts,
                output_bytes, plan
            FROM job WHERE id = ? AND tenant = ? AND state = 2
            """, key.id.stored, key.tenant)
        guard let row else { return nil }
        number = row[0]
        self.key = key
        model = row[1]
        topic = row[2]
        trace = row[3]
        acceptedAt = try row.count(4)
        retryOf = try row.optionalJobID(5)
        wantsPartial = row[6]
        chunksDone = try row.count(7)
        attempts = try row.count(8)
        outputBytes = try row.count(9)
        plan = try row.blob(10)
    }
}
