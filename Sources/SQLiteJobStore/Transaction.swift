import GRDB
import JobModel
import JobStore

/// The writes of one commit. Each sees those before it.
struct Transaction {
    let statements: Statements
    /// Of the tenants that this transaction has to do with.
    private var logs: [String: LogRow] = [:]
    private var changedLogs: Set<String> = []
    private var lastJob: Int64?
    /// What was found damaged.
    private(set) var damages: [RowDamage] = []

    var database: Database { statements.database }

    init(_ database: Database) { statements = Statements(database) }

    mutating func apply(_ write: Write) throws -> WriteOutcome {
        switch write {
        case .insert(let stored): return try insert(stored)
        case .recognize(let key, let digest): return try present(key, digest: digest) ?? .noted
        case .lease(let key, let chunk, let mark):
            try lease(key, chunk, mark)
            return .noted
        case .requeue(let key, let chunk, let attempts, let failure):
            try requeue(key, chunk, attempts, failure)
            return .noted
        case .finish(let key, let chunk, let result):
            do {
                return try finish(key, chunk, result)
            } catch let damage as RowDamage {
                return .finished(records: [try endDamaged(key, damage, at: result.finishedAt)])
            }
        case .end(let key, let state, let failure, let attempts, let time):
            do {
                return try end(key, state, failure, attempts: attempts, at: time)
            } catch let damage as RowDamage {
                return .ended(try endDamaged(key, damage, at: time))
            }
        case .acknowledge(let tenant, let consumer, let sequence):
            return .acknowledged(upTo: try acknowledge(tenant, consumer, sequence))
        case .retryDead(let key, let newID, let time): return try retryDead(key, newID, at: time)
        case .dropDead(let key): return try dropDead(key)
        case .offer(let offer):
            try statements.insert(
                Self.offer, offer.name, offer.column(\.source, \.sourceLanguage),
                offer.column(\.target, \.targetLanguage))
            return .noted
        case .keepGlossary(let glossary, let tenant):
            try KeptGlossaries.keep(glossary, tenant: tenant, with: statements)
            return .noted
        case .removeGlossary(let key):
            try KeptGlossaries.remove(key, in: database)
            return .noted
        case .forgetOffer(let name):
            try database.run("DELETE FROM offer WHERE name = ?", name)
            try Sightings.forget(tenant: "", name: name, in: database)
            return .noted
        case .removeConsumer(let key):
            try database.run("DELETE FROM consumer WHERE tenant = ? AND name = ?", key.tenant, key.name)
            try Sightings.forget(tenant: key.tenant, name: key.name, in: database)
            return .noted
        case .seen(let consumers, let models, let age):
            try Sightings.note(consumers, models, at: age, with: statements)
            return .noted
        case .purge(let age, let retention, let acknowledgedRetention, let consumerAbandonment, let limit):
            return try purge(
                age: age, retention: retention, acknowledgedRetention: acknowledgedRetention,
                consumerAbandonment: consumerAbandonment, limit: limit)
        }
    }

    /// Writes down how far the logs go now: before the commit, and before anything that reads it from the table.
    ///
    /// - Returns: How many were changed.
    @discardableResult
    mutating func writeLogs() throws -> Int {
        for tenant in changedLogs { try logs[tenant]!.write(with: statements) }
        defer { changedLogs = [] }
        return changedLogs.count
    }

    /// - Throws: `StoreError` when the log's row is damaged: all of the log hangs on it.
    mutating func log(of tenant: String) throws -> LogRow {
        if let log = logs[tenant] { return log }
        let log = try LogRow(of: tenant, with: statements) ?? LogRow(tenant: tenant)
        logs[tenant] = log
        return log
    }

    mutating func changeLog(of tenant: String, _ change: (inout LogRow) -> Void) throws {
        var log = try log(of: tenant)
        change(&log)
        if changedLogs.insert(tenant).inserted { log.changes += 1 }
        logs[tenant] = log
    }

    mutating func note(_ damage: RowDamage) { damages.append(damage) }

    /// The number of a new job: one more than that of the last that is there, as SQLite would choose it.
    mutating func nextJob() throws -> Int64 {
        let last = try lastJob ?? statements.integer(Self.lastNumber) ?? 0
        lastJob = last + 1
        return last + 1
    }

    /// Adds a record to the log of the job's tenant.
    mutating func log(_ job: JobRow, _ state: JobState, at time: UInt64, fill: (inout Record) -> Void) throws
        -> LogEntry
    {
        let end = try self.log(of: job.key.tenant)
        let sequence = end.lastSequence + 1
        var record = job.draft
        record.sequence = sequence
        record.state = state
        record.finishedAt = time
        fill(&record)
        let entry = LogEntry(record, of: job.key.tenant)
        let checksum = try statements.insert(
            Self.record, job.key.tenant, sequence.stored, job.number, Int64(state.rawValue), time.stored,
            entry.encoded.bytes.count, entry.encoded.bytes, end.head)
        try changeLog(of: job.key.tenant) { log in
            log.lastSequence = sequence
            log.head = checksum
            // It has ended.
            if state.isTerminal { log.unfinished -= 1 }
        }
        return entry
    }

    private static let lastNumber = Query("SELECT max(number) FROM job")
    private static let record = SummedTable.record.insertion()
    private static let offer = SummedTable.offer.insertion("INSERT OR REPLACE")
    private static let consumer = SummedTable.consumer.insertion("INSERT OR REPLACE")

    private mutating func acknowledge(_ tenant: String, _ consumer: String, _ sequence: UInt64) throws -> UInt64 {
        let present = try statements.first(Self.cursor, tenant, consumer) { try $0.count(0, UInt64.self) }
        let cursor = max(present ?? 0, min(sequence, try log(of: tenant).lastSequence))
        try statements.insert(Self.consumer, tenant, consumer, cursor.stored)
        return cursor
    }

    private static let cursor = Query(
        "SELECT acknowledged FROM consumer WHERE tenant = ? AND name = ? AND \(SummedTable.consumer.isWhole)")
}
