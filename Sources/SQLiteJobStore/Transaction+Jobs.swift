import GRDB
import JobModel
import JobStore
import Wire

extension Transaction {
    mutating func insert(_ stored: StoredJob) throws -> WriteOutcome {
        precondition(!stored.chunks.isEmpty, "a job has chunks")
        let key = JobKey(tenant: stored.tenant, id: stored.job.id)
        if let outcome = try present(key, digest: stored.digest) { return outcome }
        let number = try nextJob()
        try statements.insert(
            Self.job, number, stored.job.id, stored.tenant, stored.digest, Int64(JobState.queued.rawValue),
            stored.model, stored.job.topic, "", stored.job.priority, stored.maximumAttempts,
            stored.acceptedAt.stored, stored.expiresAt?.stored, stored.job.byteCount, stored.job.wantsPartialResults,
            stored.retryOf, stored.chunks.count, 0, 0, nil, nil, nil, nil, false, stored.encodedPlan, 0)
        try statements.insert(Self.content, number, StoredMessage.content(of: stored.job))
        try changeLog(of: stored.tenant) { $0.unfinished += 1 }
        return .inserted(QueuedJob(stored))
    }

    /// - Returns: nil: there is no job of that id.
    func present(_ key: JobKey, digest: [UInt8]) throws -> WriteOutcome? {
        // Whether one that is damaged was the same job cannot be told.
        try statements.first(Self.present, key.id, key.tenant) { row in row[1] && row.bytes(0) == digest }
            .map { $0 ? .duplicate : .conflict }
    }

    func lease(_ key: JobKey, _ chunk: UInt32, _ mark: LeaseMark) throws {
        guard let job = try number(ofUnfinished: key, with: chunk) else { return }
        try statements.insert(
            Self.lease, job, chunk, false, 0, Int64(bitPattern: mark.token), mark.attempt, mark.instance, mark.isAlone,
            nil)
    }

    func requeue(_ key: JobKey, _ chunk: UInt32, _ attempts: UInt32, _ failure: Failure?) throws {
        guard let job = try number(ofUnfinished: key, with: chunk) else { return }
        try statements.insert(Self.requeue, job, chunk, false, attempts, nil, nil, nil, nil, nil)
        guard database.changesCount > 0, attempts > 0 || failure != nil else { return }
        try statements.run(Self.charge, job, attempts, failure?.code, failure?.message)
    }

    private static let present = Query(
        "SELECT digest, \(SummedTable.job.isWhole) FROM job WHERE id = ? AND tenant = ?")
    static let job = SummedTable.job.insertion()
    private static let content = SummedTable.content.insertion()
    private static let lease = upsert([
        "lease_token": "?5", "lease_attempt": "?6", "lease_instance": "?7", "lease_is_alone": "?8",
    ])
    private static let requeue = upsert([
        "attempts": "?4", "lease_token": "NULL", "lease_attempt": "NULL", "lease_instance": "NULL",
        "lease_is_alone": "NULL",
    ])
    private static let charge = Query(
        SummedTable.job.update(
            [
                "attempts": "max(attempts, ?2)", "failure_code": "coalesce(?3, failure_code)",
                "failure_message": "coalesce(?4, failure_message)",
            ], where: "number = ?1"))
    private static let failed = Query(
        SummedTable.job.change(["failure_code": "?2", "failure_message": "?3"], where: "number = ?1"))
    private static let closing = Query(
        SummedTable.job.change(
            [
                "state": "?2", "chunks_done": "?3", "attempts": "?4", "sequence": "?5", "finished_at": "?6",
                "is_dead_letter": "?7",
            ], where: "number = ?1"))
    private static let chunksOfJob = Query("DELETE FROM chunk WHERE job = ?")
    private static let contentOfJob = Query("DELETE FROM content WHERE job = ?")
    private static let unfinishedNumber = Query(
        "SELECT number FROM job WHERE id = ? AND tenant = ? AND state = 2 AND chunk_count > ?")

    /// Of a chunk that is not done.
    private static func upsert(_ values: KeyValuePairs<String, String>) -> SummedInsertion {
        let chunk = SummedTable.chunk
        return chunk.insertion(
            conflict: "ON CONFLICT DO UPDATE \(chunk.assignments(values)) WHERE NOT is_done AND \(chunk.isWhole)")
    }

    mutating func end(
        _ key: JobKey, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) throws -> WriteOutcome {
        precondition([.dead, .expired, .cancelled].contains(state), "a job is not ended as \(state)")
        guard let job = try JobRow(unfinished: key, with: statements) else { return .alreadyTerminal }
        return .ended(try end(job, state, failure, attempts: attempts, at: time))
    }

    mutating func end(
        _ job: JobRow, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) throws -> LogEntry {
        let entry = try log(job, state, at: time) { record in
            record.failure = failure
            record.attempts = Int(attempts)
        }
        try statements.run(Self.failed, job.number, failure.code, failure.message)
        try close(job, entry.record, attempts: max(job.attempts, attempts), at: time)
        return entry
    }

    /// Gives a job its terminal record, and forgets what only an unfinished one needs.
    func close(_ job: JobRow, _ record: Record, attempts: UInt32, at time: UInt64) throws {
        try statements.run(
            Self.closing, job.number, Int64(record.state.rawValue), job.chunksDone, attempts, record.sequence.stored,
            time.stored, record.state == .dead)
        try statements.run(Self.chunksOfJob, job.number)
        // The dead may be tried again.
        if record.state != .dead { try statements.run(Self.contentOfJob, job.number) }
    }

    private func number(ofUnfinished key: JobKey, with chunk: UInt32) throws -> Int64? {
        try statements.integer(Self.unfinishedNumber, key.id, key.tenant, chunk)
    }
}
