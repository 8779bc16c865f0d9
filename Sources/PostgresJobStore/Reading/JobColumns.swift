import JobModel
import JobStore
import Wire

extension JobImage {
    /// What `init` reads, in this order.
    static let columns = """
        job.number, job.id, job.tenant, job.digest, job.state, job.priority, job.maximum_attempts, job.expires_at,
        job.byte_count, job.wants_partial, job.chunks_done, job.attempts, job.output_bytes, job.failure_code,
        job.failure_message, job.sequence, job.finished_at, job.is_dead_letter, job.plan
        """
    static let columnCount = 19

    /// - Parameter row: Of `columns`.
    init(_ row: Row, _ decoder: StoredMessageDecoder) throws {
        let id = try row.jobID(1)
        self.init(
            number: try row.integer(0), key: JobKey(tenant: try row.text(2), id: id), digest: try row.bytes(3),
            plan: Self.plan(try row.bytes(18), of: id, decoder), priority: try row.count(5),
            maximumAttempts: try row.count(6), expiresAt: try row.optionalCount(7), byteCount: try row.count(8),
            wantsPartial: try row.flag(9))
        state = try row.state(4)
        chunksDone = try row.count(10)
        attempts = try row.count(11)
        outputBytes = try row.count(12)
        failure = row.optionalText(13).map { Failure($0, row.optionalText(14) ?? "") }
        sequence = try row.optionalCount(15)
        finishedAt = try row.optionalCount(16)
        isDeadLetter = try row.flag(17)
    }

    /// A job of which the plan cannot be read has none, and ends when something is done to it.
    private static func plan(_ bytes: [UInt8], of id: JobID, _ decoder: StoredMessageDecoder) -> JobPlan {
        (try? decoder.plan(bytes, of: id)) ?? JobPlan(draft: Record(draftOf: id), chunks: [])
    }
}

extension LeaseMark {
    /// - Parameter row: With `lease_token, lease_attempt, lease_instance, lease_is_alone` from the index on.
    init?(_ row: Row, from index: Int) throws {
        guard let token = try row.optionalInteger(index) else { return nil }
        self.init(
            token: UInt64(bitPattern: token), attempt: try row.count(index + 1), instance: try row.text(index + 2),
            isAlone: try row.flag(index + 3))
    }
}
