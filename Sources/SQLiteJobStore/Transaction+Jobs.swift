import Foundation
import GRDB
import JobModel
import JobStore

extension Transaction {
    func insert(_ stored: StoredJob) throws -> WriteOutcome {
        precondition(!stored.chunks.isEmpty, "a job has chunks")
        let present = try database.row(
            "SELECT digest FROM job WHERE id = ? AND tenant = ?", stored.job.id.stored, stored.tenant)
        if let present { return try present.bytes(0) == stored.digest ? .duplicate : .conflict }
        try database.run(
            """
            INSERT INTO job (id, tenant, digest, state, model, topic, trace, priority, maximum_attempts, accepted_at,
                expires_at, byte_count, wants_partial, retry_of, chunk_count, plan)
            VALUES (?, ?, ?, 2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, stored.job.id.stored, stored.tenant, Data(stored.digest), stored.model, stored.job.topic,
            stored.job.trace, stored.job.priority, stored.maximumAttempts, stored.acceptedAt.stored,
            stored.expiresAt?.stored, stored.job.byteCount, stored.job.wantsPartialResults, stored.retryOf?.stored,
            stored.chunks.count, stored.chunks.blob)
        try database.run(
            "INSERT INTO content (job, body) VALUES (?, ?)", database.lastInsertedRowID, JobContent(stored.job).blob)
        return .inserted(QueuedJob(stored))
    }

    func lease(_ key: JobKey, _ chunk: UInt32, _ mark: LeaseMark) throws {
        guard let job = try number(ofUnfinished: key, with: chunk) else { return }
        try database.run(
            """
            INSERT INTO chunk (job, number, is_done, attempts, lease_token, lease_attempt, lease_instance,
                lease_is_alone)
            VALUES (?, ?, 0, 0, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET lease_token = excluded.lease_token, lease_attempt = excluded.lease_attempt,
                lease_instance = excluded.lease_instance, lease_is_alone = excluded.lease_is_alone
            WHERE NOT is_done
            """, job, chunk, Int64(bitPattern: mark.token), mark.attempt, mark.instance, mark.isAlone)
    }

    func requeue(_ key: JobKey, _ chunk: UInt32, _ attempts: UInt32, _ failure: Failure?) throws {
        guard let job = try number(ofUnfinished: key, with: chunk) else { return }
        try database.run(
            """
            INSERT INTO chunk (job, number, is_done, attempts) VALUES (?, ?, 0, ?)
            ON CONFLICT DO UPDATE SET attempts = excluded.attempts, lease_token = NULL, lease_attempt = NULL,
                lease_instance = NULL, lease_is_alone = NULL
            WHERE NOT is_done
            """, job, chunk, attempts)
        guard database.changesCount > 0, attempts > 0 || failure != nil else { return }
        try database.run(
            """
            UPDATE job SET attempts = max(attempts, ?1), failure_code = coalesce(?2, failure_code),
                failure_message = coalesce(?3, failure_message)
            WHERE number = ?4
            """, attempts, failure?.code, failure?.message, job)
    }

    mutating func end(
        _ key: JobKey, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) throws -> WriteOutcome {
        precondition([.dead, .expired, .cancelled].contains(state), "a job is not ended as \(state)")
        guard let job = try JobRow(unfinished: key, in: database) else { return .alreadyTerminal }
        return .ended(try end(job, state, failure, attempts: attempts, at: time))
    }

    mutating func end(
        _ job: JobRow, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) throws -> LogEntry {
        let entry = try log(job, state, at: time) { record in
            record.failure = failure
            record.attempts = Int(attempts)
        }
        try database.run(
            "UPDATE job SET failure_code = ?, failure_message = ? WHERE number = ?", failure.code, failure.message,
            job.number)
        try close(job, entry.record, attempts: max(job.attempts, attempts), at: time)
        return entry
    }

    /// Gives a job its terminal record, and forgets what only an unfinished one needs.
    func close(_ job: JobRow, _ record: Record, attempts: UInt32, at time: UInt64) throws {
        try database.run(
            """
            UPDATE job SET state = ?, chunks_done = ?, attempts = ?, sequence = ?, finished_at = ?, is_dead_letter = ?
            WHERE number = ?
            """, Int64(record.state.rawValue), job.chunksDone, attempts, record.sequence.stored, time.stored,
            record.state == .dead, job.number)
        try database.run("DELETE FROM chunk WHERE job = ?", job.number)
        // The dead may be tried again.
        if record.state != .dead { try database.run("DELETE FROM content WHERE job = ?", job.number) }
    }

    private func number(ofUnfinished key: JobKey, with chunk: UInt32) throws -> Int64? {
        try database.integer(
            "SELECT number FROM job WHERE id = ? AND tenant = ? AND state = 2 AND chunk_count > ?", key.id.stored,
            key.tenant, chunk)
    }
}
