import Foundation
import GRDB
import JobModel
import JobStore

extension Transaction {
    /// Ends a job that has not ended and of which something is damaged, so that it does not vanish silently.
    mutating func endDamaged(_ key: JobKey, _ damage: RowDamage, at time: UInt64) throws -> LogEntry {
        note(damage)
        let found: JobRow?
        do {
            found = try JobRow(unfinished: key, with: statements)
        } catch is RowDamage {
            found = nil
        }
        if let found { return try end(found, .dead, .storeDamaged, attempts: found.attempts, at: time) }
        let number = try database.integer(
            "SELECT number FROM job WHERE id = ? AND tenant = ?", key.id.stored, key.tenant)
        guard let number else { throw damage }
        return try bury(key, number, at: time)
    }

    /// Puts a row in the place of a damaged one that says no more than that the job is dead.
    mutating func bury(_ key: JobKey, _ number: Int64, at time: UInt64) throws -> LogEntry {
        for damage in [try RowDamage.job(number, in: database), try .content(number, in: database)] {
            try Quarantine.keep(damage, in: database)
        }
        let entry = try log(JobRow(damaged: key, number: number), .dead, at: time) { $0.failure = .storeDamaged }
        for table in ["job WHERE number", "content WHERE job", "chunk WHERE job"] {
            try database.run("DELETE FROM \(table) = ?", number)
        }
        try statements.insert(
            Self.job, number, key.id, key.tenant, [UInt8](), Int64(JobState.dead.rawValue), "", "", "", 0, 0, 0,
            nil,
            0, false, nil, 0, 0, 0, Failure.storeDamaged.code, Failure.storeDamaged.message,
            entry.record.sequence.stored, time.stored, false, [UInt8](), 0)
        return entry
    }
}
