import JobModel
package import JobStore
import Wire

/// Fills an empty store with what another held, in one transaction.
package final class PostgresImport {
    private let connection: Connection
    private let name: String
    private var set = WorkingSet()
    private var marks: [(tenant: String, age: UInt64, sequence: UInt64)] = []
    private var header: StoredItem?
    private var pendingBytes = 0
    package private(set) var jobs = 0
    package private(set) var records = 0

    private static let batchBytes = 4 << 20

    /// - Throws: `.busy` when a broker has the store; `.incompatible` when it is not empty.
    package init(into settings: PostgresJobStore.Settings) throws(StoreError) {
        var target = try Connection.Target(settings.url, password: settings.password)
        target.patience = 600_000
        name = target.name
        connection = try Connection.open(target, idleMilliseconds: 600_000)
        try SchemaState(connection, name: name).check(cluster: settings.cluster, name: name)
        do {
            let row = try connection.run([
                Statement("BEGIN"), Statement("SELECT 1 FROM store, tenure FOR UPDATE"),
                Statement(
                    """
                    SELECT tenure.expires_at > clock_timestamp(), owner_name, EXISTS (SELECT 1 FROM job)
                        OR EXISTS (SELECT 1 FROM log) OR EXISTS (SELECT 1 FROM consumer)
                    FROM store, tenure
                    """),
            ])[2].rows[0]
            guard try !row.flag(0) else {
                throw StoreError(
                    .busy, "\(row.optionalText(1) ?? "a broker") has the job store \(name); stop all its brokers first")
            }
            guard try !row.flag(2) else {
                throw StoreError(
                    .incompatible,
                    "the job store \(name) is not empty; import into a database of which the tables have just been made"
                )
            }
        } catch {
            throw StoreError(reading: error, store: name)
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
        do {
            _ = try connection.run([
                Statement(
                    "INSERT INTO log_age (tenant, age, sequence) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])",
                    .texts(marks.map(\.tenant)), .counts(marks.map(\.age)), .counts(marks.map(\.sequence))),
                Statement("SELECT setval('job_number', (SELECT coalesce(max(number), 0) + 1 FROM job), false)"),
                Statement(
                    """
                    UPDATE store SET history = $1::bytea, epoch = greatest(epoch, $2::bigint) + 1, age = $3::bigint,
                        is_closed = $4::boolean, origin = \(SchemaState.origin)
                    """, .bytes(history.bytes), .count(epoch), .count(age), .flag(wasClosed)),
                Statement("COMMIT"),
            ])
        } catch {
            throw StoreError(ending: error, store: name)
        }
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
    }

    private func flush() throws(StoreError) {
        do {
            _ = try connection.run(set.statements)
        } catch {
            throw StoreError(reading: error, store: name)
        }
        // What is in it is written; where logs end, and who reads them, comes once.
        set = WorkingSet()
        pendingBytes = 0
    }
}

extension StoreError {
    /// What kept the last transaction of a move from being committed.
    init(ending error: any Error, store: String) {
        guard case Connection.Failure.lost(let reason)? = error as? Connection.Failure else {
            self.init(reading: error, store: store)
            return
        }
        self.init(
            .unknownOutcome,
            "the connection to the job store \(store) was lost at the very end: \(reason). Whether the move is done is not "
                + "known: look with `dragoman store check`, and start no broker on both stores")
    }
}
