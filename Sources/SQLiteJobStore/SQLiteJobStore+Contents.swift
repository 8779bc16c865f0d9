import GRDB
import JobModel
package import JobStore
import Wire

extension SQLiteJobStore {
    /// Gives all that the store holds, as it is at one moment.
    ///
    /// - Throws: `.damaged` when a row is not what was written; what `take` throws.
    package func contents(_ take: (StoredItem) throws(StoreError) -> Void) throws(StoreError) {
        try readAll { database in
            let contents = Contents(statements: Statements(database))
            try contents.store(take)
            try contents.logs(take)
            try contents.consumers(take)
            try contents.glossaries(take)
            try contents.jobs(take)
            try contents.records(take)
        }
    }
}

private struct Contents {
    typealias Take = (StoredItem) throws(StoreError) -> Void

    let statements: Statements
    var database: Database { statements.database }

    func store(_ take: Take) throws {
        let identity = try StoreIdentity(in: database)
        guard let row = try database.row("SELECT age, is_closed FROM broker") else {
            throw ValueError("the broker's row is missing")
        }
        try take(
            .store(
                history: identity.history, epoch: identity.epoch, age: try row.count(0),
                wasClosed: row[1] == 1 as Int64?))
    }

    func logs(_ take: Take) throws {
        for log in try LogRow.all(with: statements) {
            try take(.log(tenant: log.tenant, last: log.lastSequence, purged: log.purged))
        }
        let rows = try database.rows("SELECT tenant, age, sequence, \(SummedTable.logAge.isWhole) FROM log_age")
        while let row = try rows.next() {
            try check(row[3], .logAge, "tenant \(row[0] as String)")
            try take(.mark(tenant: row[0], age: try row.count(1), sequence: try row.count(2)))
        }
    }

    func consumers(_ take: Take) throws {
        let rows = try database.rows(
            """
            SELECT tenant, name, acknowledged, \(SummedTable.consumer.isWhole),
                \(Sightings.age("consumer.tenant", "consumer.name"))
            FROM consumer
            """)
        while let row = try rows.next() {
            try check(row[3], .consumer, "tenant \(row[0] as String), name \(row[1] as String)")
            try take(
                .consumer(
                    Recovery.Consumer(
                        tenant: row[0], name: row[1], acknowledged: try row.count(2), seenAt: try row.count(4))))
        }
        let offers = try database.rows(
            """
            SELECT name, source_language, target_language, \(SummedTable.offer.isWhole),
                \(Sightings.age("''", "offer.name"))
            FROM offer
            """)
        while let row = try offers.next() {
            try check(row[3], .offer, "name \(row[0] as String)")
            let offer = ModelOffer(name: row[0], sourceColumn: row[1], targetColumn: row[2])
            try take(.offer(Recovery.Offer(offer, seenAt: try row.count(4))))
        }
    }

    func glossaries(_ take: Take) throws {
        let glossaries = try KeptGlossaries.all(with: statements) { key, _ in
            try check(false, .glossary, "tenant \(key.tenant), name \(key.name)")
        }
        for glossary in glossaries { try take(.glossary(glossary)) }
    }

    func jobs(_ take: Take) throws {
        try statements.rows(Self.jobsQuery) { row in
            try check(row[0], .job, "number \(row[1] as Int64)")
            let id = try row.jobID(2)
            var job = JobImage(
                number: row[1], key: JobKey(tenant: row[3], id: id), digest: row.bytes(4),
                plan: try JobPlan(of: id, row, from: 21, statements), priority: try row.count(6),
                maximumAttempts: try row.count(7), expiresAt: try row.optionalCount(8), byteCount: try row.count(9),
                wantsPartial: row[10])
            job.state = try row.state(5)
            job.chunksDone = try row.count(11)
            job.attempts = try row.count(12)
            job.outputBytes = try row.count(13)
            job.failure = row.isNull(14) ? nil : Failure(row[14], row.isNull(15) ? "" : row[15])
            job.sequence = try row.optionalCount(16)
            job.finishedAt = try row.optionalCount(17)
            job.isDeadLetter = row[18]
            var content: Job?
            if !row.isNull(19) {
                try check(row[19], .content, "job \(job.number)")
                content = try statements.content(row.bytes(20))
            }
            try take(.job(job, content: content, chunks: job.state.isTerminal ? [:] : try chunks(of: job.number)))
            return true
        }
    }

    private static let jobsQuery = Query(
        """
        SELECT \(SummedTable.job.isWhole), job.number, id, tenant, digest, state, priority, maximum_attempts, expires_at,
            byte_count, wants_partial, chunks_done, attempts, output_bytes, failure_code, failure_message, sequence,
            finished_at, is_dead_letter, iif(content.job IS NULL, NULL, \(SummedTable.content.isWhole)), content.body,
            \(JobPlan.columns)
        FROM job LEFT JOIN content ON content.job = job.number ORDER BY job.number
        """)

    private func chunks(of job: Int64) throws -> [UInt32: ChunkImage] {
        var chunks: [UInt32: ChunkImage] = [:]
        try statements.rows(Self.chunksQuery, job) { row in
            try check(row[0], .chunk, "job \(job), number \(row[1] as Int64)")
            var chunk = ChunkImage(isDone: row[2], attempts: try row.count(3))
            if let token = row[4] as Int64? {
                chunk.lease = LeaseMark(
                    token: UInt64(bitPattern: token), attempt: try row.count(5), instance: row[6], isAlone: row[7])
            }
            if chunk.isDone { chunk.outputs = try statements.outputs(row.bytes(8)) }
            chunks[try row.count(1)] = chunk
            return true
        }
        return chunks
    }

    private static let chunksQuery = Query(
        """
        SELECT \(SummedTable.chunk.isWhole), number, is_done, attempts, lease_token, lease_attempt, lease_instance,
            lease_is_alone, outputs
        FROM chunk WHERE job = ?
        """)

    func records(_ take: Take) throws {
        try statements.rows(Self.recordsQuery) { row in
            try check(row[0], .record, RowDamage.recordKey(row[1], try row.count(2)))
            let encoded = try EncodedRecord(sequence: try row.count(2), body: row.bytes(5))
            try take(.record(tenant: row[1], encoded, job: row[3], state: try row.state(4)))
            return true
        }
    }

    private static let recordsQuery = Query(
        """
        SELECT \(SummedTable.record.isWhole), tenant, sequence, job, state, body FROM record ORDER BY tenant, sequence
        """)

    private func check(_ isWhole: Bool, _ table: SummedTable, _ key: String) throws {
        guard !isWhole else { return }
        throw StoreError(
            .damaged,
            "\(table.name) (\(key)) is damaged: its checksum does not match; `dragoman store check` lists all that is, and "
                + "a start of the broker sets it aside")
    }
}
