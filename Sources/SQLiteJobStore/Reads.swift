import GRDB
import JobModel
import JobStore

/// What is read beside the writer.
struct Reads {
    let statements: Statements
    /// Called with what is found damaged, and does not keep the rest from being read.
    let note: (RowDamage) -> Void

    init(_ database: Database, note: @escaping (RowDamage) -> Void = { _ in }) {
        statements = Statements(database)
        self.note = note
    }

    var database: Database { statements.database }

    func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws -> [ChunkContent?] {
        var last: (key: JobKey, job: StoredContent?)?
        return try chunks.map { key, chunk in
            // The chunks of one document mostly come together.
            if last?.key != key { last = (key, try StoredContent(of: key, with: statements)) }
            return last?.job?.chunk(chunk)
        }
    }

    func firstSequence(of tenant: String) throws -> UInt64? {
        guard let log = try LogRow(of: tenant, with: statements), log.purged < log.lastSequence else { return nil }
        return log.purged + 1
    }

    func report(on job: JobKey) throws -> JobReport? {
        guard
            let row = try database.row(Self.reportQuery + " WHERE id = ? AND tenant = ?", job.id.stored, job.tenant)
        else { return nil }
        guard row[15] else { throw try RowDamage.job(row[16], in: database) }
        return try JobReport(row)
    }

    func deadLetters(of tenant: String, after sequence: UInt64, limit: Int) throws -> [JobReport] {
        let rows = try database.rows(
            Self.reportQuery + " WHERE tenant = ? AND sequence > ? AND is_dead_letter ORDER BY sequence LIMIT ?",
            tenant,
            sequence.stored, max(limit, 0))
        return try reports(rows).jobs.map(\.report)
    }

    func deadLetters(fromTenant tenant: String, after sequence: UInt64, limit: Int) throws -> [JobReport] {
        let rows = try database.rows(
            Self.reportQuery
                + " WHERE (tenant, sequence) > (?, ?) AND is_dead_letter ORDER BY tenant, sequence LIMIT ?", tenant,
            sequence.stored, max(limit, 0))
        return try reports(rows).jobs.map(\.report)
    }

    func jobs(_ selection: JobSelection) throws -> JobList {
        let last = UInt64(try database.integer("SELECT max(number) FROM job") ?? 0)
        let end = min(selection.upTo ?? .max, last)
        let near = selection.near(last)
        let first = try found(selection, upTo: near)
        // What has been found is enough, or there is no more.
        guard first.count < selection.limit, near < end else {
            return page(first, of: selection, reach: nil, last: last)
        }
        let lookedAt = try database.row(
            """
            SELECT count(*), max(number) FROM (
                SELECT number FROM job WHERE \(Self.range(of: selection)) ORDER BY number LIMIT ?)
            """, selection.after.stored, end.stored, JobSelection.lookedAtMaximum)
        var reach: Int64?
        if let lookedAt, lookedAt[0] == JobSelection.lookedAtMaximum { reach = lookedAt[1] }
        return page(
            try found(selection, upTo: reach.map { UInt64($0) } ?? end), of: selection, reach: reach.map { UInt64($0) },
            last: last)
    }

    /// With the index `unfinished_job`.
    private static func range(of selection: JobSelection) -> String {
        "number > ? AND number <= ?" + (selection.isOfUnfinished ? " AND state = 2" : "")
    }

    private func found(_ selection: JobSelection, upTo end: UInt64) throws -> FoundReports {
        let rows = try database.rows(
            Self.reportQuery + """
                 WHERE \(Self.range(of: selection)) AND (? >> state) & 1 AND tenant = ifnull(?, tenant)
                    AND topic = ifnull(?, topic) AND model = ifnull(?, model) AND accepted_at <= ? ORDER BY number LIMIT ?
                """, selection.after.stored, end.stored, selection.stateBits, selection.tenant, selection.topic,
            selection.model, selection.acceptedUpTo?.stored ?? .max, selection.limit)
        return try reports(rows)
    }

    private func page(_ found: FoundReports, of selection: JobSelection, reach: UInt64?, last: UInt64) -> JobList {
        selection.page(
            found.jobs, found: found.count == selection.limit ? UInt64(found.last) : nil, reach: reach, last: last)
    }

    func tenants(with ids: [JobID]) throws -> [[String]] {
        try ids.map { id in
            let rows = try database.rows("SELECT tenant FROM job WHERE id = ? ORDER BY tenant", id.stored)
            var tenants: [String] = []
            while let row = try rows.next() { tenants.append(row[0]) }
            return tenants
        }
    }

    /// Those that are whole with their numbers; how many rows there were, and the number of the last one.
    private typealias FoundReports = (jobs: [(place: UInt64, report: JobReport)], count: Int, last: Int64)

    private func reports(_ rows: RowCursor) throws -> FoundReports {
        var found: FoundReports = ([], 0, 0)
        var damaged: [Int64] = []
        while let row = try rows.next() {
            found.count += 1
            found.last = row[16]
            if row[15] { found.jobs.append((UInt64(found.last), try JobReport(row))) } else { damaged.append(row[16]) }
        }
        for number in damaged { note(try .job(number, in: database)) }
        return found
    }

    private static let reportQuery = """
        SELECT id, state, chunk_count, chunks_done, attempts, priority, sequence, accepted_at, finished_at, expires_at,
            failure_code, failure_message, model, topic, retry_of, \(SummedTable.job.isWhole), number, tenant
        FROM job
        """
}

/// A job's texts, and which of them belong to which chunk.
private struct StoredContent {
    var plan: JobPlan
    var content: Job

    init?(of key: JobKey, with statements: Statements) throws {
        let found = try statements.first(Self.query, key.id, key.tenant) { row in
            guard row[0] else { throw try RowDamage.job(row[2], in: statements.database) }
            guard row[1] else { throw try RowDamage.content(row[2], in: statements.database) }
            return try StoredContent(of: key.id, row, statements)
        }
        guard let found else { return nil }
        self = found
    }

    private static let query = Query(
        """
        SELECT \(SummedTable.job.isWhole), \(SummedTable.content.isWhole), number, body, \(JobPlan.columns)
        FROM job JOIN content ON content.job = job.number
        WHERE id = ? AND tenant = ? AND state = 2
        """)

    /// - Parameter row: Of `query`.
    private init(of job: JobID, _ row: Columns, _ statements: Statements) throws {
        content = try statements.content(row.bytes(3))
        plan = try JobPlan(of: job, row, from: 4, statements)
        guard plan.chunks.allSatisfy({ $0.pieces.allSatisfy { $0.source < content.sources.count } }) else {
            throw ValueError("a piece is of a source that is not there")
        }
    }

    func chunk(_ chunk: UInt32) -> ChunkContent? {
        guard chunk < plan.chunks.count else { return nil }
        return ChunkContent(
            of: plan.chunks[Int(chunk)], of: content, model: plan.draft.model, languages: plan.languages,
            trace: plan.draft.trace)
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
        tenant = row[17]
    }
}
