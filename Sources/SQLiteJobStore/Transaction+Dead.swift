import GRDB
import JobModel
import JobStore

extension Transaction {
    /// The texts move from the old job to the new one.
    func retryDead(_ key: JobKey, _ newID: JobID, at time: UInt64) throws -> WriteOutcome {
        guard let old = try letter(key) else { return .notDead }
        let isTaken =
            try database.integer("SELECT 1 FROM job WHERE id = ? AND tenant = ?", newID.stored, key.tenant) != nil
        guard !isTaken else { return .conflict }
        try database.run(
            """
            INSERT INTO job (id, tenant, digest, state, model, topic, trace, priority, maximum_attempts, accepted_at,
                expires_at, byte_count, wants_partial, retry_of, chunk_count, plan)
            SELECT ?1, tenant, digest, 2, model, topic, trace, priority, maximum_attempts, ?2,
                ?2 + max(expires_at - accepted_at, 0), byte_count, wants_partial, id, chunk_count, plan
            FROM job WHERE number = ?3
            """, newID.stored, time.stored, old)
        let new = database.lastInsertedRowID
        try database.run("UPDATE job SET is_dead_letter = 0 WHERE number = ?", old)
        try database.run("UPDATE content SET job = ? WHERE job = ?", new, old)
        let rows = try database.rows(Recovery.query + " WHERE job.number = ?", new)
        guard let row = try rows.next() else { throw BlobError("the job that was just inserted is missing") }
        return .inserted(try QueuedJob(row))
    }

    func dropDead(_ key: JobKey) throws -> WriteOutcome {
        guard let number = try letter(key) else { return .notDead }
        try database.run("UPDATE job SET is_dead_letter = 0 WHERE number = ?", number)
        try database.run("DELETE FROM content WHERE job = ?", number)
        return .noted
    }

    private func letter(_ key: JobKey) throws -> Int64? {
        try database.integer(
            "SELECT number FROM job WHERE id = ? AND tenant = ? AND is_dead_letter", key.id.stored, key.tenant)
    }
}
