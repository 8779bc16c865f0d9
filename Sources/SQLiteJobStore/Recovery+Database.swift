import GRDB
import JobModel
import JobStore

extension Recovery {
    /// Of each chunk that there is something to say of, or of the job alone, what a queued job is. Texts are elsewhere.
    static let query = """
        SELECT job.id, job.tenant, job.priority, job.maximum_attempts, job.expires_at, job.byte_count, job.number,
            job.chunks_done, \(SummedTable.job.isWhole), chunk.number, chunk.is_done, chunk.attempts, chunk.lease_token,
            chunk.lease_attempt, chunk.lease_instance, chunk.lease_is_alone,
            iif(chunk.job IS NULL, 1, \(SummedTable.chunk.isWhole)), \(JobPlan.columns)
        FROM job LEFT JOIN chunk ON chunk.job = job.number
        """

    /// - Parameter history: That of a store that is another one from now on.
    init(beginningEpochIn database: Database, newHistory history: LogID?, _ transaction: inout Transaction) throws {
        let broker = try database.row("SELECT is_closed, age FROM broker")
        let (wasClosed, age) = (broker?[0] == 1 as Int64?, try broker?.count(1, UInt64.self) ?? 0)
        try database.run(Self.beginning, history?.stored)
        let identity = try StoreIdentity(in: database)
        self.init(epoch: identity.epoch, age: age, wasClosed: wasClosed)
        logID = identity.history
        try Self.checkLogs(try LogRow.all(with: transaction.statements), in: database)
        jobs = try Self.intactJobs(in: database, &transaction)
        for log in try LogRow.all(with: transaction.statements) where log.lastSequence > 0 {
            lastSequences[log.tenant] = log.lastSequence
        }
        try readConsumers(database, &transaction)
        try readOffers(database, &transaction)
        try readGlossaries(database, &transaction)
        let letters = try database.rows("SELECT tenant, count(*) FROM job WHERE is_dead_letter GROUP BY tenant")
        while let row = try letters.next() { deadJobs[row[0]] = try row.count(1) }
    }

    private static let beginning = SummedTable.broker.update(
        ["epoch": "epoch + 1", "is_closed": "0", "history": "coalesce(?1, history)"], where: "only_row = 1")

    /// A place in the log that is damaged is none: its consumer gets again what it may have had.
    private mutating func readConsumers(_ database: Database, _ transaction: inout Transaction) throws {
        let rows = try database.rows(
            """
            SELECT tenant, name, acknowledged, \(SummedTable.consumer.isWhole),
                \(Sightings.age("consumer.tenant", "consumer.name"))
            FROM consumer ORDER BY tenant, name
            """)
        var damaged: [(tenant: String, name: String)] = []
        while let row = try rows.next() {
            guard row[3] else {
                damaged.append((row[0], row[1]))
                continue
            }
            let tenant: String = row[0]
            consumers.append(
                Consumer(
                    tenant: tenant, name: row[1], acknowledged: min(try row.count(2), lastSequences[tenant] ?? 0),
                    seenAt: try row.count(4)))
        }
        for (tenant, name) in damaged {
            let condition = "tenant = \(RowDamage.quoted(tenant)) AND name = \(RowDamage.quoted(name))"
            try transaction.remove(
                try RowDamage(.consumer, "tenant \(tenant), name \(name)", where: condition, in: database))
        }
    }

    /// Workers offer their models again.
    private mutating func readOffers(_ database: Database, _ transaction: inout Transaction) throws {
        let rows = try database.rows(
            """
            SELECT name, source_language, target_language, \(SummedTable.offer.isWhole),
                \(Sightings.age("''", "offer.name"))
            FROM offer ORDER BY name
            """)
        var damaged: [String] = []
        while let row = try rows.next() {
            guard row[3] else {
                damaged.append(row[0])
                continue
            }
            let offer = ModelOffer(name: row[0], sourceColumn: row[1], targetColumn: row[2])
            offers.append(Offer(offer, seenAt: try row.count(4)))
        }
        for name in damaged {
            try transaction.remove(
                try RowDamage(.offer, "name \(name)", where: "name = \(RowDamage.quoted(name))", in: database))
        }
    }

    /// One that is damaged is none: jobs that name it are refused, rather than translated with other terms.
    private mutating func readGlossaries(_ database: Database, _ transaction: inout Transaction) throws {
        var damaged: [(key: GlossaryKey, isWhole: Bool)] = []
        glossaries = try KeptGlossaries.all(with: transaction.statements) { damaged.append(($0, $1)) }
        for (key, isWhole) in damaged {
            try transaction.remove(try RowDamage.glossary(key, isWhole: isWhole, in: database))
        }
    }

    /// - Returns: nil when a job is damaged.
    static func unfinishedJobs(in database: Database, _ transaction: inout Transaction) throws -> [QueuedJob]? {
        var jobs: [QueuedJob] = []
        /// How many chunks are done, beside how many should be.
        var done: [(number: Int64, found: Int, expected: Int)] = []
        var damagedChunks: [(job: Int64, number: Int64)] = []
        var isDamaged = false
        try transaction.statements.rows(unfinished) { row in
            isDamaged = !row[8]
            guard !isDamaged else { return false }
            let number: Int64 = row[6]
            if number != done.last?.number {
                jobs.append(try QueuedJob(row, transaction.statements))
                done.append((number, 0, try row.count(7)))
            }
            let hasChunk = (row[9] as Int64?) != nil
            if hasChunk, !row[16] {
                damagedChunks.append((number, row[9]))
                return true
            }
            try jobs[jobs.count - 1].takeChunk(row)
            if hasChunk, row[10] { done[done.count - 1].found += 1 }
            return true
        }
        if isDamaged { return nil }
        for (job, number) in damagedChunks { try transaction.remove(try .chunk(job, number, in: database)) }
        // What a chunk came to may be gone: it is translated again.
        for job in done where job.found != job.expected {
            try database.run(chunksDone, job.number, job.found)
        }
        return jobs
    }

    private static let unfinished = Query(query + " WHERE job.state = 2 ORDER BY job.number, chunk.number")
    private static let chunksDone = SummedTable.job.update(["chunks_done": "?2"], where: "number = ?1")
}

extension Transaction {
    /// Removes a damaged row that can be done without.
    mutating func remove(_ damage: RowDamage) throws {
        note(damage)
        try Quarantine.keep(damage, in: database)
        guard let condition = damage.condition else { return }
        try database.execute(sql: "DELETE FROM \(damage.table) WHERE \(condition)")
    }
}

extension QueuedJob {
    /// - Parameter row: Of `Recovery.query`.
    init(_ row: Columns, _ statements: Statements) throws {
        let id = try row.jobID(0)
        let plan = try JobPlan(of: id, row, from: 17, statements)
        self.init(
            key: JobKey(tenant: row[1], id: id), model: plan.draft.model, languages: plan.languages,
            priority: try row.count(2), maximumAttempts: try row.count(3), acceptedAt: plan.draft.acceptedAt,
            expiresAt: try row.optionalCount(4), byteCount: try row.count(5),
            chunks: plan.chunks.map { Chunk(cost: $0.cost) })
    }

    fileprivate mutating func takeChunk(_ row: Columns) throws {
        guard let number = try row.optionalCount(9) else { return }
        guard number < chunks.count else { throw ValueError("there is no chunk \(number)") }
        let chunk = Int(number)
        chunks[chunk].isDone = row[10]
        chunks[chunk].attempts = try row.count(11)
        if let token = row[12] as Int64? {
            chunks[chunk].lease = LeaseMark(
                token: UInt64(bitPattern: token), attempt: try row.count(13), instance: row[14], isAlone: row[15])
        }
    }
}
