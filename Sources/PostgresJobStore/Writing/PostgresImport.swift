import JobModel
package import JobStore
import Wire

/// Fills an empty store with what another held, in one transaction.
package final class PostgresImport {
    private let session: CommandSession
    private var set = WorkingSet()
    private var marks: [(tenant: String, age: UInt64, sequence: UInt64)] = []
    private var header: StoredItem?
    private var pendingBytes = 0
    package private(set) var jobs = 0
    package private(set) var records = 0

    private static let batchBytes = 4 << 20

    /// - Throws: `.busy` when a broker has the store; `.incompatible` when it is not empty.
    package init(into settings: PostgresJobStore.Settings) throws(StoreError) {
        session = try CommandSession(settings)
        try session.check(settings)
        try session.keepBrokersOut()
        let isEmpty = try session.using { connection in
            try connection.run(
                """
                SELECT NOT EXISTS (SELECT 1 FROM job) AND NOT EXISTS (SELECT 1 FROM log)
                    AND NOT EXISTS (SELECT 1 FROM consumer)
                    AND NOT EXISTS (SELECT 1 FROM glossary)
                """
            ).rows[0].flag(0)
        }
        guard isEmpty else {
            throw StoreError(
                .incompatible,
                "the job store \(session.name) is not empty; import into a database of which the tables have just been "
                    + "made")
        }
    }

    package func take(_ item: StoredItem) throws(StoreError) {
        switch item {
        case .store: header = item
        case .log(let tenant, let last, let purged):
            // One without a record is none here.
            guard last > 0 else { return }
            set.logs[tenant] = LogEnd(last: last, purged: purged)
            set.changes.changedLogs.insert(tenant)
        case .mark(let tenant, let age, let sequence): marks.append((tenant, age, sequence))
        case .consumer(let consumer):
            let key = ConsumerKey(tenant: consumer.tenant, name: consumer.name)
            set.consumers[key] = Cursor(acknowledged: consumer.acknowledged, seenAt: consumer.seenAt)
            set.changes.changedConsumers.insert(key)
        case .offer(let offer):
            set.offers[offer.offer.name] = offer
            set.changes.changedOffers.insert(offer.offer.name)
        case .glossary(let kept):
            set.changes.glossaries[GlossaryKey(tenant: kept.tenant, name: kept.glossary.name)] = .some(kept.glossary)
            pendingBytes += 128 + kept.glossary.byteCount
        case .job(let job, let content, let chunks):
            set.add(job)
            if let content { set.changes.newContents[job.number] = StoredMessage.content(of: content) }
            for (number, chunk) in chunks {
                set.changeChunk(ChunkKey(job: job.number, chunk: number)) { $0 = chunk }
                pendingBytes += chunk.outputs?.reduce(0) { $0 + $1.byteCount } ?? 0
            }
            jobs += 1
            pendingBytes += 512 + job.byteCount
        case .record(let tenant, let encoded, let job, let state):
            set.changes.records.append(RecordRow(tenant: tenant, job: job, state: state, encoded: encoded))
            records += 1
            pendingBytes += 128 + encoded.bytes.count
        }
        if pendingBytes >= Self.batchBytes { try flush() }
    }

    /// Makes it durable. Without this, nothing has happened.
    package func finish() throws(StoreError) {
        guard case .store(let history, let epoch, let age, let wasClosed)? = header else {
            throw StoreError(.failed, "what was to be imported has no identity")
        }
        try flush()
        try session.commit([
            Statement(
                "INSERT INTO log_age (tenant, age, sequence) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])",
                .texts(marks.map(\.tenant)), .counts(marks.map(\.age)), .counts(marks.map(\.sequence))),
            Statement("SELECT setval('job_number', (SELECT coalesce(max(number), 0) + 1 FROM job), false)"),
            Statement(
                """
                UPDATE store SET history = $1::bytea, epoch = greatest(epoch, $2::bigint) + 1, age = $3::bigint,
                    is_closed = $4::boolean, origin = \(SchemaState.origin)
                """, .bytes(history.bytes), .count(epoch), .count(age), .flag(wasClosed)),
        ])
    }

    private func flush() throws(StoreError) {
        try session.using { _ = try $0.run(set.statements) }
        // What is in it is written; where logs end, and who reads them, comes once.
        set = WorkingSet()
        pendingBytes = 0
    }
}
