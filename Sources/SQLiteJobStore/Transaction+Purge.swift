import GRDB
import JobModel
import JobStore

extension Transaction {
    /// The file does not shrink: its free pages are used again, so a store in steady use has the size that its fullest
    /// time needed. `auto_vacuum` would move pages about in every commit, and keep a map of them, for space that the next
    /// jobs will take anyway; who wants it back runs `VACUUM` while the broker is stopped.
    mutating func purge(
        age: UInt64, retention: UInt64, acknowledgedRetention: UInt64, limit: Int
    ) throws -> WriteOutcome {
        try writeLogs()
        try database.run(Self.age, age.stored)
        guard let broker = try database.row("SELECT age FROM broker") else {
            throw BlobError("the broker's row is missing")
        }
        let age = try broker.count(0, UInt64.self)
        var remaining = limit
        var dead = 0
        for tenant in try String.fetchAll(database, sql: "SELECT tenant FROM log ORDER BY tenant") {
            try mark(logOf: tenant, at: age)
            let old = try lastRecord(of: tenant, keptFor: retention, at: age)
            try forgetMarks(of: tenant, before: old)
            let front = try oldRecords(
                of: tenant, upTo: old,
                acknowledgedUpTo: try lastRecord(of: tenant, keptFor: acknowledgedRetention, at: age), limit: remaining)
            guard let last = front.last else { continue }
            for record in front where record.isTerminal {
                try database.run("DELETE FROM job WHERE number = ?", record.job)
                try database.run("DELETE FROM content WHERE job = ?", record.job)
                dead += record.isDead ? 1 : 0
            }
            try moveAnchor(of: tenant, to: last.sequence)
            try database.run(
                "DELETE FROM record WHERE tenant = ? AND sequence <= ?", tenant, last.sequence)
            remaining -= front.count
        }
        return .purged(records: limit - remaining, dead: dead)
    }

    private static let age = SummedTable.broker.update(["age": "max(age, ?1)"], where: "only_row = 1")
    private static let mark = SummedTable.logAge.insertion("INSERT OR REPLACE")
    private static let markIsWhole = SummedTable.logAge.isWhole

    /// The log begins behind this record now, which the next one, or the log, knows by its checksum.
    private mutating func moveAnchor(of tenant: String, to sequence: Int64) throws {
        let next = try database.integer(
            "SELECT previous FROM record WHERE tenant = ? AND sequence = ? AND \(SummedTable.record.isWhole)", tenant,
            sequence + 1)
        let own = try database.integer(
            "SELECT checksum FROM record WHERE tenant = ? AND sequence = ?", tenant, sequence)
        try changeLog(of: tenant) { log in
            log.purged = UInt64(sequence)
            log.anchor = log.lastSequence == log.purged ? log.head : next ?? own ?? 0
        }
    }

    private struct OldRecord {
        var sequence: Int64
        var job: Int64
        var isTerminal: Bool
        /// On the list of the dead.
        var isDead: Bool
    }

    /// As `LogAge.mark` does.
    private mutating func mark(logOf tenant: String, at age: UInt64) throws {
        let marked = try database.integer(
            "SELECT sequence FROM log_age WHERE tenant = ? AND \(Self.markIsWhole) ORDER BY age DESC LIMIT 1", tenant)
        let last = try log(of: tenant).lastSequence
        guard last.stored > marked ?? 0 else { return }
        let start = LogAge.start(ofMarksReplacedAt: age)
        try database.run("DELETE FROM log_age WHERE tenant = ? AND age >= ?", tenant, start.stored)
        try database.run(Self.mark, tenant, age.stored, last.stored)
    }

    /// As `LogAge.forget` does.
    private func forgetMarks(of tenant: String, before sequence: Int64) throws {
        try database.run("DELETE FROM log_age WHERE tenant = ? AND sequence < ?", tenant, sequence)
    }

    /// As `LogAge.lastRecord` does.
    private func lastRecord(of tenant: String, keptFor retention: UInt64, at age: UInt64) throws -> Int64 {
        guard age >= retention else { return 0 }
        let limit = age - retention
        return try database.integer(
            "SELECT sequence FROM log_age WHERE tenant = ? AND age <= ? AND \(Self.markIsWhole) ORDER BY age DESC "
                + "LIMIT 1", tenant, limit.stored) ?? 0
    }

    /// From the log's front up to the first that is to be kept.
    private func oldRecords(
        of tenant: String, upTo old: Int64, acknowledgedUpTo recent: Int64, limit: Int
    ) throws -> [OldRecord] {
        let acknowledged =
            try database.integer("SELECT min(acknowledged) FROM consumer WHERE tenant = ?", tenant) ?? 0
        let unneeded = min(recent, acknowledged)
        let rows = try database.rows(
            """
            SELECT record.sequence, record.job, record.state >= \(JobState.done.rawValue),
                record.state = \(JobState.dead.rawValue) AND coalesce(job.is_dead_letter, 0)
            FROM record LEFT JOIN job ON job.number = record.job
            WHERE record.tenant = ? ORDER BY record.sequence LIMIT ?
            """, tenant, limit)
        var records: [OldRecord] = []
        while let row = try rows.next() {
            let record = OldRecord(
                sequence: row[0], job: row[1], isTerminal: row[2], isDead: row[3])
            guard record.sequence <= old || record.sequence <= unneeded && !record.isDead else { break }
            records.append(record)
        }
        return records
    }
}
