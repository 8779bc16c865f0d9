import GRDB
import JobModel
import JobStore

extension Transaction {
    /// The file does not shrink: its free pages are used again, so a store in steady use has the size that its fullest
    /// time needed. `auto_vacuum` would move pages about in every commit, and keep a map of them, for space that the next
    /// jobs will take anyway; who wants it back runs `VACUUM` while the broker is stopped.
    mutating func purge(
        age: UInt64, retention: UInt64, acknowledgedRetention: UInt64, consumerAbandonment: UInt64, limit: Int
    ) throws -> WriteOutcome {
        try writeLogs()
        try database.run(Self.age, age.stored)
        guard let broker = try database.row("SELECT age FROM broker") else {
            throw ValueError("the broker's row is missing")
        }
        let age = try broker.count(0, UInt64.self)
        var remaining = limit
        var dead: [String: Int] = [:]
        for tenant in try String.fetchAll(database, sql: "SELECT tenant FROM log ORDER BY tenant") {
            try mark(logOf: tenant, at: age)
            let old = try lastRecord(of: tenant, keptFor: retention, at: age)
            try forgetMarks(of: tenant, before: old)
            let unneeded = min(
                try lastRecord(of: tenant, keptFor: acknowledgedRetention, at: age),
                try acknowledged(in: tenant, seenSince: age > consumerAbandonment ? age - consumerAbandonment : 0))
            let front = try records(of: tenant, upTo: max(old, unneeded), limit: remaining)
            for record in front where record.isTerminal && (record.sequence <= old || !record.isDead) {
                try remove(job: record.job)
                if record.isDead { dead[tenant, default: 0] += 1 }
            }
            if let last = front.last {
                try moveAnchor(of: tenant, to: last.sequence)
                try database.run("DELETE FROM record WHERE tenant = ? AND sequence <= ?", tenant, last.sequence)
                remaining -= front.count
            }
            let letters = try letters(of: tenant, upTo: old, limit: remaining)
            for letter in letters { try remove(job: letter) }
            if !letters.isEmpty { dead[tenant, default: 0] += letters.count }
            remaining -= letters.count
        }
        return .purged(records: limit - remaining, dead: dead)
    }

    private func remove(job: Int64) throws {
        try database.run("DELETE FROM job WHERE number = ?", job)
        try database.run("DELETE FROM content WHERE job = ?", job)
    }

    /// How far all consumers have read that still count.
    private func acknowledged(in tenant: String, seenSince age: UInt64) throws -> Int64 {
        try database.integer(
            """
            SELECT min(acknowledged) FROM consumer
            WHERE tenant = ?1 AND acknowledged > 0
                AND (\(Sightings.age("consumer.tenant", "consumer.name")) = 0
                    OR \(Sightings.age("consumer.tenant", "consumer.name")) >= ?2)
            """, tenant, age.stored) ?? 0
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
        try statements.insert(Self.mark, tenant, age.stored, last.stored)
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

    /// From the log's front.
    private func records(of tenant: String, upTo last: Int64, limit: Int) throws -> [OldRecord] {
        let rows = try database.rows(
            """
            SELECT record.sequence, record.job, record.state >= \(JobState.done.rawValue),
                record.state = \(JobState.dead.rawValue) AND coalesce(job.is_dead_letter, 0)
            FROM record LEFT JOIN job ON job.number = record.job
            WHERE record.tenant = ? AND record.sequence <= ? ORDER BY record.sequence LIMIT ?
            """, tenant, last, limit)
        var records: [OldRecord] = []
        while let row = try rows.next() {
            records.append(OldRecord(sequence: row[0], job: row[1], isTerminal: row[2], isDead: row[3]))
        }
        return records
    }

    /// Jobs on the list of the dead whose record is gone, oldest first.
    private mutating func letters(of tenant: String, upTo last: Int64, limit: Int) throws -> [Int64] {
        let rows = try database.rows(
            "SELECT number FROM job WHERE tenant = ? AND is_dead_letter AND sequence <= ? ORDER BY sequence LIMIT ?",
            tenant, min(last, try log(of: tenant).purged.stored), limit)
        var letters: [Int64] = []
        while let row = try rows.next() { letters.append(row[0]) }
        return letters
    }
}
