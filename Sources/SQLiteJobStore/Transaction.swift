import GRDB
import JobModel
import JobStore

/// The writes of one commit. Each sees those before it.
struct Transaction {
    let database: Database
    /// The last numbers of the logs that this transaction adds to.
    private var lastSequences: [String: UInt64] = [:]

    init(_ database: Database) { self.database = database }

    mutating func apply(_ write: Write) throws -> WriteOutcome {
        switch write {
        case .insert(let stored): return try insert(stored)
        case .lease(let key, let chunk, let mark):
            try lease(key, chunk, mark)
            return .noted
        case .requeue(let key, let chunk, let attempts, let failure):
            try requeue(key, chunk, attempts, failure)
            return .noted
        case .finish(let key, let chunk, let result): return try finish(key, chunk, result)
        case .end(let key, let state, let failure, let attempts, let time):
            return try end(key, state, failure, attempts: attempts, at: time)
        case .acknowledge(let tenant, let consumer, let sequence):
            return .acknowledged(upTo: try acknowledge(tenant, consumer, sequence))
        case .retryDead(let key, let newID, let time): return try retryDead(key, newID, at: time)
        case .dropDead(let key): return try dropDead(key)
        case .offer(let offer):
            try database.run(
                "INSERT OR REPLACE INTO offer VALUES (?, ?, ?)", offer.name, offer.sourceLanguage, offer.targetLanguage)
            return .noted
        case .purge(let age, let retention, let acknowledgedRetention, let limit):
            return try purge(
                age: age, retention: retention, acknowledgedRetention: acknowledgedRetention, limit: limit)
        }
    }

    /// Writes down how far the logs go now: before the commit, and before anything that reads it from the table.
    func writeLastSequences() throws {
        for (tenant, last) in lastSequences {
            try database.run("INSERT OR REPLACE INTO log VALUES (?, ?)", tenant, last.stored)
        }
    }

    func lastSequence(of tenant: String) throws -> UInt64 {
        if let last = lastSequences[tenant] { return last }
        let row = try database.row("SELECT last_sequence FROM log WHERE tenant = ?", tenant)
        return try row?.count(0) ?? 0
    }

    /// Adds a record to the log of the job's tenant.
    mutating func log(_ job: JobRow, _ state: JobState, at time: UInt64, fill: (inout Record) -> Void) throws
        -> LogEntry
    {
        let sequence = try lastSequence(of: job.key.tenant) + 1
        var record = Record(sequence: sequence, job: job.key.id, state: state)
        record.topic = job.topic
        record.trace = job.trace
        record.model = job.model
        record.acceptedAt = job.acceptedAt
        record.finishedAt = time
        record.retryOf = job.retryOf
        fill(&record)
        let entry = LogEntry(record, of: job.key.tenant)
        try database.run(
            "INSERT INTO record (tenant, sequence, job, state, finished_at, byte_count, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            job.key.tenant, sequence.stored, job.number, Int64(state.rawValue), time.stored, record.byteCount,
            record.blob)
        lastSequences[job.key.tenant] = sequence
        return entry
    }

    private func acknowledge(_ tenant: String, _ consumer: String, _ sequence: UInt64) throws -> UInt64 {
        let present = try database.row(
            "SELECT acknowledged FROM consumer WHERE tenant = ? AND name = ?", tenant, consumer)
        let cursor = max(try present?.count(0) ?? 0, min(sequence, try lastSequence(of: tenant)))
        try database.run("INSERT OR REPLACE INTO consumer VALUES (?, ?, ?)", tenant, consumer, cursor.stored)
        return cursor
    }
}
