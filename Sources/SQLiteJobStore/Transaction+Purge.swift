import GRDB
import JobModel
import JobStore

extension Transaction {
    /// The file does not shrink: its free pages are used again, so a store in steady use has the size that its fullest
    /// time needed. `auto_vacuum` would move pages about in every commit, and keep a map of them, for space that the next
    /// jobs will take anyway; who wants it back runs `VACUUM` while the broker is stopped.
    func purge(before: UInt64, acknowledgedBefore: UInt64, limit: Int) throws -> WriteOutcome {
        try writeLastSequences()
        var remaining = limit
        var dead = 0
        for tenant in try String.fetchAll(database, sql: "SELECT tenant FROM log ORDER BY tenant") {
            guard remaining > 0 else { break }
            let front = try oldRecords(
                of: tenant, before: before, acknowledgedBefore: acknowledgedBefore, limit: remaining)
            guard let last = front.last else { continue }
            for record in front where record.isTerminal {
                try database.run("DELETE FROM job WHERE number = ?", record.job)
                try database.run("DELETE FROM content WHERE job = ?", record.job)
                dead += record.isDead ? 1 : 0
            }
            try database.run(
                "DELETE FROM record WHERE tenant = ? AND sequence <= ?", tenant, last.sequence)
            remaining -= front.count
        }
        return .purged(records: limit - remaining, dead: dead)
    }

    private struct OldRecord {
        var sequence: Int64
        var job: Int64
        var isTerminal: Bool
        /// On the list of the dead.
        var isDead: Bool
    }

    /// From the log's front up to the first that is to be kept.
    private func oldRecords(
        of tenant: String, before: UInt64, acknowledgedBefore: UInt64, limit: Int
    ) throws -> [OldRecord] {
        let acknowledged =
            try database.integer("SELECT min(acknowledged) FROM consumer WHERE tenant = ?", tenant) ?? 0
        let rows = try database.rows(
            """
            SELECT record.sequence, record.job, record.state, record.finished_at,
                record.state = \(JobState.dead.rawValue) AND job.is_dead_letter
            FROM record JOIN job ON job.number = record.job
            WHERE record.tenant = ? ORDER BY record.sequence LIMIT ?
            """, tenant, limit)
        var old: [OldRecord] = []
        while let row = try rows.next() {
            let record = OldRecord(
                sequence: row[0], job: row[1], isTerminal: try row.state(2).isTerminal, isDead: row[4])
            let time = try row.count(3, UInt64.self)
            let isUnneeded = record.sequence <= acknowledged && time < acknowledgedBefore && !record.isDead
            guard time < before || isUnneeded else { break }
            old.append(record)
        }
        return old
    }
}
