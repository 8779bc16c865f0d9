import GRDB
import JobModel
import JobStore

extension Transaction {
    /// The texts move from the old job to the new one.
    mutating func retryDead(_ key: JobKey, _ newID: JobID, at time: UInt64) throws -> WriteOutcome {
        guard let old = try letter(key) else { return .notDead }
        let isTaken =
            try database.integer("SELECT 1 FROM job WHERE id = ? AND tenant = ?", newID.stored, key.tenant) != nil
        guard !isTaken else { return .conflict }
        let new = try nextJob()
        try database.run(Self.content, old, new)
        // What is damaged, or gone, cannot be translated.
        guard database.changesCount > 0 else {
            note(try .content(old, in: database))
            return .notDead
        }
        try database.run(Self.copy, old, new, newID.stored, time.stored)
        try takeOffList(old, of: key.tenant)
        try changeLog(of: key.tenant) { $0.unfinished += 1 }
        guard let job = try statements.first(Self.queued, new, body: { try QueuedJob($0, statements) }) else {
            throw ValueError("the job that was just inserted is missing")
        }
        return .inserted(job)
    }

    mutating func dropDead(_ key: JobKey) throws -> WriteOutcome {
        guard let number = try letter(key) else { return .notDead }
        try takeOffList(number, of: key.tenant)
        try database.run("DELETE FROM content WHERE job = ?", number)
        return .noted
    }

    /// A job whose record is gone was kept for the list alone.
    private mutating func takeOffList(_ job: Int64, of tenant: String) throws {
        try database.run(Self.letter, job)
        try database.run("DELETE FROM job WHERE number = ? AND sequence <= ?", job, try log(of: tenant).purged.stored)
    }

    private func letter(_ key: JobKey) throws -> Int64? {
        try database.integer(
            "SELECT number FROM job WHERE id = ? AND tenant = ? AND is_dead_letter AND \(SummedTable.job.isWhole)",
            key.id.stored, key.tenant)
    }

    private static let queued = Query(Recovery.query + " WHERE job.number = ?")
    private static let letter = SummedTable.job.update(["is_dead_letter": "0"], where: "number = ?1")
    private static let content = SummedTable.content.update(["job": "?2"], where: "job = ?1")
    private static let copy: String = {
        let values = [
            "number": "?2", "id": "?3", "state": "2", "accepted_at": "?4",
            "expires_at": "?4 + max(expires_at - accepted_at, 0)", "retry_of": "id", "chunks_done": "0",
            "attempts": "0", "failure_code": "NULL", "failure_message": "NULL", "sequence": "NULL",
            "finished_at": "NULL", "is_dead_letter": "0", "output_bytes": "0",
        ]
        let table = SummedTable.job
        return "INSERT INTO job (\(table.columns.joined(separator: ", ")), checksum) "
            + "SELECT \(table.columns.map { values[$0] ?? $0 }.joined(separator: ", ")), \(table.sum(values)) "
            + "FROM job WHERE number = ?1"
    }()
}
