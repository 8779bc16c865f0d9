import GRDB
import JobModel
package import JobStore
import Wire

extension SQLiteJobStore {
    /// Fills a store that has just been made with what another held, in one transaction.
    ///
    /// - Parameter give: Calls its argument with each item.
    /// - Throws: `.incompatible` when it is not empty; what `give` throws.
    package func fill(
        _ give: ((StoredItem) throws(StoreError) -> Void) throws(StoreError) -> Void
    ) throws(StoreError) {
        try writeAll { database in
            guard try database.integer("SELECT epoch FROM broker") == 0 else {
                throw StoreError(.incompatible, "\(self.path) has been used; name a state directory that has no store")
            }
            var filling = Filling(Transaction(database))
            try give { (item) throws(StoreError) in
                do { try filling.take(item) } catch { throw StoreError(error, path: self.path) }
            }
            try filling.finish()
        }
    }
}

private struct Filling {
    private var transaction: Transaction
    private var logs: [String: LogRow] = [:]

    init(_ transaction: Transaction) { self.transaction = transaction }

    private var statements: Statements { transaction.statements }

    private static let identity = SummedTable.broker.update(
        ["epoch": "?1", "is_closed": "?2", "history": "?3", "age": "?4"], where: "only_row = 1")
    private static let content = SummedTable.content.insertion()
    private static let chunk = SummedTable.chunk.insertion()
    private static let record = SummedTable.record.insertion()
    private static let consumer = SummedTable.consumer.insertion()
    private static let sighting = SummedTable.sighting.insertion()
    private static let offer = SummedTable.offer.insertion()
    private static let mark = SummedTable.logAge.insertion()

    mutating func take(_ item: StoredItem) throws {
        switch item {
        case .store(let history, let epoch, let age, let wasClosed):
            try transaction.database.run(Self.identity, epoch.stored, wasClosed ? 1 : 0, history.stored, age.stored)
        case .log(let tenant, let last, let purged):
            logs[tenant, default: LogRow(tenant: tenant)].lastSequence = last
            logs[tenant]?.purged = purged
        case .mark(let tenant, let age, let sequence):
            try statements.insert(Self.mark, tenant, age.stored, sequence.stored)
        case .consumer(let consumer):
            try statements.insert(Self.consumer, consumer.tenant, consumer.name, consumer.acknowledged.stored)
            guard consumer.seenAt > 0 else { return }
            try statements.insert(Self.sighting, consumer.tenant, consumer.name, consumer.seenAt.stored)
        case .offer(let offer):
            let model = offer.offer
            try statements.insert(
                Self.offer, model.name, model.column(\.source, \.sourceLanguage),
                model.column(\.target, \.targetLanguage))
            guard offer.seenAt > 0 else { return }
            try statements.insert(Self.sighting, "", model.name, offer.seenAt.stored)
        case .glossary(let kept):
            try KeptGlossaries.keep(kept.glossary, tenant: kept.tenant, with: statements)
        case .job(let job, let content, let chunks):
            try insert(job)
            if let content { try statements.insert(Self.content, job.number, StoredMessage.content(of: content)) }
            for (number, chunk) in chunks.sorted(by: { $0.key < $1.key }) {
                try statements.insert(
                    Self.chunk, job.number, number, chunk.isDone, chunk.attempts,
                    chunk.lease.map { Int64(bitPattern: $0.token) }, chunk.lease?.attempt, chunk.lease?.instance,
                    chunk.lease?.isAlone, chunk.isDone ? StoredMessage.outputs(chunk.outputs ?? []) : nil)
            }
        case .record(let tenant, let encoded, let job, let state): try insert(encoded, of: tenant, job, state)
        }
    }

    private mutating func insert(_ job: JobImage) throws {
        let draft = job.plan.draft
        try statements.insert(
            Transaction.job, job.number, job.key.id, job.key.tenant, job.digest, Int64(job.state.rawValue), draft.model,
            draft.topic, "", job.priority, job.maximumAttempts, draft.acceptedAt.stored, job.expiresAt?.stored,
            job.byteCount, job.wantsPartial, draft.retryOf, job.plan.chunks.count, job.chunksDone, job.attempts,
            job.failure?.code, job.failure?.message, job.sequence?.stored, job.finishedAt?.stored, job.isDeadLetter,
            job.plan.storedApart, job.outputBytes)
        if !job.state.isTerminal { logs[job.key.tenant, default: LogRow(tenant: job.key.tenant)].unfinished += 1 }
    }

    /// Each names the checksum of the one before it; the first that is there, none.
    private mutating func insert(
        _ encoded: EncodedRecord, of tenant: String, _ job: Int64, _ state: JobState
    ) throws {
        let finishedAt = try statements.decoder.record(encoded.bytes).finishedAt
        logs[tenant, default: LogRow(tenant: tenant)].head = try statements.insert(
            Self.record, tenant, encoded.sequence.stored, job, Int64(state.rawValue), finishedAt.stored,
            encoded.bytes.count, encoded.bytes, logs[tenant]?.head ?? 0)
    }

    func finish() throws {
        for log in logs.values {
            var log = log
            log.changes = 1
            if log.purged == log.lastSequence { log.anchor = log.head }
            try log.write(with: statements)
        }
    }
}
