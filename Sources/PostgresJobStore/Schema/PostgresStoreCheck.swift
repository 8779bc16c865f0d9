import JobModel
package import JobStore
import Wire

/// Looks at all of a store, while a broker may use it, and changes nothing.
package enum PostgresStoreCheck {
    /// Rows that are read at once.
    private static let page = 100

    /// - Throws: `StoreError` when it cannot be read at all.
    package static func findings(_ settings: PostgresJobStore.Settings) throws(StoreError) -> StoreFindings {
        let session = try CommandSession(settings, patience: 3_600_000)
        try session.check(settings)
        return try session.using { connection in
            var findings = StoreFindings(path: session.name)
            // One state of all tables.
            _ = try connection.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try count(connection, &findings)
            try compare(connection, &findings)
            try decode(connection, &findings)
            return findings
        }
    }

    private static func count(_ connection: Connection, _ findings: inout StoreFindings) throws {
        let row = try connection.run(
            """
            SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM job WHERE state = 2), (SELECT count(*) FROM record),
                (SELECT count(*) FROM log), (SELECT count(*) FROM consumer), history, store.epoch,
                \(Attempt.isHeld()), owner_name
            FROM store, tenure
            """
        ).rows[0]
        findings.jobs = try row.count(0)
        findings.unfinishedJobs = try row.count(1)
        findings.records = try row.count(2)
        findings.logs = try row.count(3)
        findings.consumers = try row.count(4)
        findings.logID = LogID(bytes: try row.bytes(5))
        findings.epoch = try row.count(6)
        findings.remarks.append(
            try row.flag(7) ? "\(row.optionalText(8) ?? "a broker") has the store" : "no broker has the store")
    }

    /// What tables say of each other.
    private static func compare(_ connection: Connection, _ findings: inout StoreFindings) throws {
        let comparisons: [(String, (Row) throws -> String)] = [
            (
                """
                SELECT log.tenant, last_sequence - purged, count(record.sequence), coalesce(min(record.sequence), 0),
                    coalesce(max(record.sequence), 0), purged, last_sequence
                FROM log LEFT JOIN record ON record.tenant = log.tenant GROUP BY log.tenant
                HAVING count(record.sequence) <> last_sequence - purged
                    OR count(record.sequence) > 0
                        AND (min(record.sequence) <> purged + 1 OR max(record.sequence) <> last_sequence)
                """,
                {
                    try
                        "log (tenant \($0.text(0))): it goes from \($0.integer(5) + 1) to \($0.integer(6)), and there are "
                        + "\($0.integer(2)) of its \($0.integer(1)) records, from \($0.integer(3)) to \($0.integer(4))"
                }
            ),
            (
                "SELECT DISTINCT tenant FROM record WHERE NOT EXISTS (SELECT 1 FROM log WHERE log.tenant = record.tenant)",
                { try "log (tenant \($0.text(0))): it is missing" }
            ),
            (
                "SELECT number FROM job WHERE state = 2 AND NOT EXISTS (SELECT 1 FROM content WHERE content.job = job.number)",
                { try "content (job \($0.integer(0))): it is missing" }
            ),
            (
                """
                SELECT record.tenant, sequence, job FROM record
                WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.number = record.job)
                """,
                {
                    try
                        "job (number \($0.integer(2))): it is missing; record \($0.integer(1)) of tenant \($0.text(0)) is "
                        + "of it"
                }
            ),
            (
                """
                SELECT job.number, job.sequence, job.tenant FROM job LEFT JOIN record
                    ON record.tenant = job.tenant AND record.sequence = job.sequence
                WHERE job.state <> 2 AND record.job IS DISTINCT FROM job.number AND NOT (job.is_dead_letter
                    AND job.sequence <= (SELECT purged FROM log WHERE log.tenant = job.tenant))
                """,
                {
                    try
                        "job (number \($0.integer(0))): it has ended, and record \($0.integer(1)) of tenant \($0.text(2)) "
                        + "is not of it"
                }
            ),
            (
                """
                SELECT job.number, job.chunks_done, count(chunk.number) FROM job
                    LEFT JOIN chunk ON chunk.job = job.number AND chunk.is_done
                WHERE job.state = 2 GROUP BY job.number HAVING count(chunk.number) <> job.chunks_done
                """,
                {
                    try
                        "job (number \($0.integer(0))): \($0.integer(1)) of its chunks should be done, and \($0.integer(2)) "
                        + "are"
                }
            ),
            (
                """
                SELECT consumer.tenant, name, acknowledged FROM consumer LEFT JOIN log USING (tenant)
                WHERE acknowledged > coalesce(last_sequence, 0)
                """,
                {
                    try
                        "consumer (tenant \($0.text(0)), name \($0.text(1))): it has acknowledged \($0.integer(2)), behind "
                        + "the log's end"
                }
            ),
        ]
        for (text, fault) in comparisons {
            let rows = try connection.run("\(text) LIMIT \(StoreFindings.faultsMaximum)").rows
            for row in rows { findings.add(try fault(row)) }
        }
    }

    /// That each stored message can be read.
    private static func decode(_ connection: Connection, _ findings: inout StoreFindings) throws {
        let decoder = try StoredMessageDecoder()
        try pages("SELECT number, plan, id FROM job WHERE number > $1::bigint ORDER BY number", connection) { row in
            do {
                _ = try decoder.plan(row.bytes(1), of: row.jobID(2))
            } catch {
                findings.add("job (number \(try row.integer(0))): its plan cannot be read: \(error)")
            }
        }
        try pages("SELECT job, body FROM content WHERE job > $1::bigint ORDER BY job", connection) { row in
            do {
                _ = try decoder.content(row.bytes(1))
            } catch {
                findings.add("content (job \(try row.integer(0))): it cannot be read: \(error)")
            }
        }
        for row in try connection.run(Recovery.KeptGlossary.query).rows
        where try Recovery.KeptGlossary(row, decoder) == nil {
            findings.add("glossary (tenant \(try row.text(0)), name \(try row.text(1))): its terms cannot be read")
        }
        for log in try connection.run("SELECT tenant FROM log ORDER BY tenant").rows {
            let tenant = try log.text(0)
            try pages(
                "SELECT sequence, body FROM record WHERE sequence > $1::bigint AND tenant = $2::text ORDER BY sequence",
                connection, .text(tenant)
            ) { row in
                do {
                    _ = try decoder.record(row.bytes(1))
                } catch {
                    findings.add(
                        "record (tenant \(tenant), sequence \(try row.integer(0))): it cannot be read: \(error)")
                }
            }
        }
    }

    private static func pages(
        _ text: String, _ connection: Connection, _ values: Parameter..., body: (Row) throws -> Void
    ) throws {
        var last: Int64 = 0
        while true {
            let statement = Statement("\(text) LIMIT \(page)", values: [.integer(last)] + values)
            let rows = try connection.run([statement])[0].rows
            for row in rows { try body(row) }
            guard let end = rows.last else { return }
            last = try end.integer(0)
        }
    }
}
