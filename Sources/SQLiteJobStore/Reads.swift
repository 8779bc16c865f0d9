import GRDB
import JobModel
import JobStore

/// What is read beside the writer.
struct Reads {
    let database: Database

    func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws -> [ChunkContent?] {
        var last: (key: JobKey, job: StoredContent?)?
        return try chunks.map { key, chunk in
            // The chunks of one document mostly come together.
            if last?.key != key { last = (key, try StoredContent(of: key, in: database)) }
            return last?.job?.chunk(chunk)
        }
    }

    func records(of tenant: String, after sequence: UInt64, limit: Int, bytes: Int) throws -> [Record] {
        let rows = try database.rows(
            "SELECT byte_count, body FROM record WHERE tenant = ? AND sequence > ? ORDER BY sequence LIMIT ?", tenant,
            sequence.stored, max(limit, 0))
        var records: [Record] = []
        var total = 0
        while let row = try rows.next() {
            total += try row.count(0, Int.self)
            guard total <= bytes || records.isEmpty else { break }
            records.append(try row.blob(1))
        }
        return records
    }

    func firstSequence(of tenant: String) throws -> UInt64? {
        try database.row("SELECT min(sequence) FROM record WHERE tenant = ?", tenant)?.optionalCount(0)
    }

    func report(on job: JobKey) throws -> JobReport? {
        try database.row(Self.reportQuery + " WHERE id = ? AND tenant = ?", job.id.stored, job.tenant).map(
            JobReport.init)
    }

    func deadLetters(of tenant: String, after sequence: UInt64, limit: Int) throws -> [JobReport] {
        let rows = try database.rows(
            Self.reportQuery + " WHERE tenant = ? AND sequence > ? AND is_dead_letter ORDER BY sequence LIMIT ?",
            tenant,
            sequence.stored, max(limit, 0))
        var reports: [JobReport] = []
        while let row = try rows.next() { reports.append(try JobReport(row)) }
        return reports
    }

    private static let reportQuery = """
        SELECT id, state, chunk_count, chunks_done, attempts, priority, sequence, accepted_at, finished_at, expires_at,
            failure_code, failure_message, model, topic, retry_of
        FROM job
        """
}

/// A job's texts, and which of them belong to which chunk.
private struct StoredContent {
    var plan: [ChunkPlan]
    var content: JobContent
    var model: String
    var trace: String

    init?(of key: JobKey, in database: Database) throws {
        let row = try database.row(
            """
            SELECT plan, body, model, trace FROM job JOIN content ON content.job = job.number
            WHERE id = ? AND tenant = ? AND state = 2
            """, key.id.stored, key.tenant)
        guard let row else { return nil }
        plan = try row.blob(0)
        content = try row.blob(1)
        model = row[2]
        trace = row[3]
        guard plan.allSatisfy({ $0.pieces.allSatisfy { $0.source < content.sources.count } }) else {
            throw BlobError("a piece is of a source that is not there")
        }
    }

    func chunk(_ chunk: UInt32) -> ChunkContent? {
        guard chunk < plan.count else { return nil }
        return ChunkContent(
            sources: plan[Int(chunk)].pieces.map { content.sources[$0.source].part($0.bytes) },
            options: content.options, model: model, trace: trace, wantsTokens: content.wantsTokens)
    }
}

extension JobReport {
    /// - Parameter row: Of `Reads.reportQuery`.
    fileprivate init(_ row: Row) throws {
        self.init(job: try row.jobID(0), state: try row.state(1))
        chunks = try row.count(2)
        chunksDone = try row.count(3)
        attempts = try row.count(4)
        priority = try row.count(5)
        sequence = try row.optionalCount(6)
        acceptedAt = try row.count(7)
        finishedAt = try row.optionalCount(8)
        expiresAt = try row.optionalCount(9)
        failure = (row[10] as String?).map { Failure($0, row[11] ?? "") }
        model = row[12]
        topic = row[13]
        retryOf = try row.optionalJobID(14)
    }
}
