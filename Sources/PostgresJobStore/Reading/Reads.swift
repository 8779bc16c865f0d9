import JobModel
import JobStore
import Wire

/// What is read beside the writer.
struct Reads {
    private let connection: Connection
    private let decoder: StoredMessageDecoder

    init(_ connection: Connection) throws {
        self.connection = connection
        decoder = try StoredMessageDecoder()
    }

    func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws -> [ChunkContent?] {
        let keys = Array(Set(chunks.map(\.job)))
        let rows = try connection.run(
            """
            SELECT \(JobImage.columns), content.body FROM job
            JOIN unnest($1::text[], $2::bytea[]) AS wanted (tenant, id)
                ON job.id = wanted.id AND job.tenant = wanted.tenant
            JOIN content ON content.job = job.number
            WHERE job.state = 2
            """, .texts(keys.map(\.tenant)), .ids(keys.map(\.id))
        ).rows
        var found: [JobKey: (job: JobImage, content: Job)] = [:]
        for row in rows {
            let job = try JobImage(row, decoder)
            let content = try decoder.content(try row.bytes(JobImage.columnCount))
            guard job.plan.chunks.allSatisfy({ $0.pieces.allSatisfy { $0.source < content.sources.count } }) else {
                throw RowError("a piece of job \(job.key.id) is of a source that is not there")
            }
            found[job.key] = (job, content)
        }
        return chunks.map { key, chunk in
            guard let (job, content) = found[key], chunk < job.plan.chunks.count else { return nil }
            return ChunkContent(
                of: job.plan.chunks[Int(chunk)], of: content, model: job.plan.draft.model,
                languages: job.plan.languages, trace: job.plan.draft.trace)
        }
    }

    /// - Parameter end: The last that may be read.
    func records(
        of tenant: String, after sequence: UInt64, upTo end: UInt64, limit: Int, bytes: Int
    ) throws -> [EncodedRecord] {
        let records = try connection.run(
            """
            SELECT sequence, body FROM (
                SELECT sequence, body, sum(octet_length(body)) OVER (ORDER BY sequence) AS total,
                    row_number() OVER (ORDER BY sequence) AS place
                FROM (SELECT sequence, body FROM record
                    WHERE tenant = $1::text AND sequence > $2::bigint AND sequence <= $3::bigint
                    ORDER BY sequence LIMIT $4::bigint) AS wanted) AS counted
            WHERE total <= $5::bigint OR place = 1 ORDER BY sequence
            """, .text(tenant), .count(sequence), .count(end), .integer(Int64(limit)), .integer(Int64(bytes))
        ).rows.map { EncodedRecord(sequence: try $0.count(0), bytes: try $0.bytes(1)) }
        var expected = sequence + 1
        if records.first?.sequence != expected { expected = max(expected, try firstSequence(of: tenant) ?? end + 1) }
        for record in records {
            guard record.sequence == expected else { throw missing(expected, of: tenant) }
            expected += 1
        }
        guard !records.isEmpty || expected > end else { throw missing(expected, of: tenant) }
        return records
    }

    private func missing(_ sequence: UInt64, of tenant: String) -> StoreError {
        StoreError(
            .damaged,
            "the log of tenant \(tenant) has no record \(sequence), though it has later ones; `dragoman store check` lists "
                + "all that is damaged")
    }

    func firstSequence(of tenant: String) throws -> UInt64? {
        let rows = try connection.run(
            "SELECT purged + 1 FROM log WHERE tenant = $1::text AND purged < last_sequence", .text(tenant)
        ).rows
        return try rows.first?.count(0)
    }

    func report(on job: JobKey) throws -> JobReport? {
        try reports(
            "SELECT \(JobImage.columns) FROM job WHERE id = $1::bytea AND tenant = $2::text", .bytes(job.id.bytes),
            .text(job.tenant)
        ).first
    }

    func deadLetters(of tenant: String, after sequence: UInt64, limit: Int) throws -> [JobReport] {
        try reports(
            """
            SELECT \(JobImage.columns) FROM job
            WHERE tenant = $1::text AND sequence > $2::bigint AND is_dead_letter ORDER BY sequence LIMIT $3::bigint
            """, .text(tenant), .count(sequence), .integer(Int64(max(limit, 0))))
    }

    /// Tenants are in the order of their bytes, as everywhere.
    func deadLetters(fromTenant tenant: String, after sequence: UInt64, limit: Int) throws -> [JobReport] {
        try reports(
            """
            SELECT \(JobImage.columns) FROM job
            WHERE (tenant, sequence) > ($1::text, $2::bigint) AND is_dead_letter
            ORDER BY tenant, sequence LIMIT $3::bigint
            """, .text(tenant), .count(sequence), .integer(Int64(max(limit, 0))))
    }

    /// The plans of a page, which are as large as their jobs.
    private static let planBytesMaximum = 4 << 20

    func jobs(_ selection: JobSelection) throws -> JobList {
        let newest = try connection.run("SELECT coalesce(max(number), 0) FROM job").rows
        let last: UInt64 = try newest[0].count(0)
        let end = min(selection.upTo ?? .max, last)
        let near = selection.near(last)
        let first = try found(selection, upTo: near)
        // What has been found is enough, or there is no more.
        guard first.last == nil, near < end else {
            return selection.page(first.jobs, found: first.last, reach: nil, last: last)
        }
        let looked = try connection.run(
            """
            SELECT count(*), coalesce(max(number), 0) FROM (
                SELECT number FROM job WHERE \(Self.range(of: selection)) ORDER BY number LIMIT $3::bigint) AS looked
            """, .count(selection.after), .count(end), .integer(Int64(JobSelection.lookedAtMaximum))
        ).rows[0]
        let reach: UInt64? = try looked.integer(0) == JobSelection.lookedAtMaximum ? looked.count(1) : nil
        let found = try found(selection, upTo: reach ?? end)
        return selection.page(found.jobs, found: found.last, reach: reach, last: last)
    }

    /// With the index `unfinished_job`.
    private static func range(of selection: JobSelection) -> String {
        "number > $1::bigint AND number <= $2::bigint" + (selection.isOfUnfinished ? " AND state = 2" : "")
    }

    /// A job's topic and model are in its plan, which SQL does not look into.
    ///
    /// - Returns: The last one's number is nil where there are no others.
    private func found(
        _ selection: JobSelection, upTo end: UInt64
    ) throws -> (jobs: [(place: UInt64, report: JobReport)], last: UInt64?) {
        let rows = try connection.run(
            """
            SELECT \(JobImage.columns), page.count FROM (
                SELECT number, count(*) OVER () AS count, row_number() OVER (ORDER BY number) AS place,
                    sum(octet_length(plan)) OVER (ORDER BY number) AS total
                FROM (SELECT number, plan FROM job
                    WHERE \(Self.range(of: selection)) AND ($3::bigint >> state) & 1 = 1
                        AND tenant = coalesce($4::text, tenant)
                    ORDER BY number LIMIT $5::bigint) AS wanted) AS page
            JOIN job ON job.number = page.number
            WHERE page.total <= $6::bigint OR page.place = 1 ORDER BY job.number
            """, .count(selection.after), .count(end), .integer(selection.stateBits), .text(selection.tenant),
            .integer(Int64(selection.limit)), .integer(Int64(Self.planBytesMaximum))
        ).rows
        var jobs: [(place: UInt64, report: JobReport)] = []
        var last: UInt64?
        // One plan at a time.
        for row in rows {
            let image = try JobImage(row, decoder)
            let count = try row.integer(JobImage.columnCount)
            if count == selection.limit || count > rows.count { last = UInt64(image.number) }
            if selection.matches(image.report) { jobs.append((UInt64(image.number), image.report)) }
        }
        return (jobs, last)
    }

    func tenants(with ids: [JobID]) throws -> [[String]] {
        var tenants: [JobID: [String]] = [:]
        let rows = try connection.run(
            #"SELECT id, tenant FROM job WHERE id = ANY ($1::bytea[]) ORDER BY tenant"#, .ids(ids)
        ).rows
        for row in rows { tenants[try row.jobID(0), default: []].append(try row.text(1)) }
        return ids.map { tenants[$0] ?? [] }
    }

    private func reports(_ text: String, _ values: Parameter...) throws -> [JobReport] {
        try connection.run([Statement(text, values: values)])[0].rows.map { try JobImage($0, decoder).report }
    }
}
