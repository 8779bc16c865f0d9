import CSQLite
import GRDB
package import JobModel
package import JobStore

/// What a store has, read while there is no space to write.
///
/// It takes no space at all: in exclusive locking mode SQLite keeps the index of the WAL in memory, and one transaction that
/// is never committed holds the tables as this version has them and the epoch that the broker will have. A database that has
/// nothing in it yet is one in memory.
package final class FrozenStore: JobStore {
    private let queue: DatabaseQueue
    private let path: String
    /// Why nothing can be written.
    let problem: StoreError
    /// Of the result logs of a store that is a copy; nil where they go on.
    let newHistory: LogID?

    /// - Parameter history: The new history that was announced before, if there was one.
    init(in directory: StateDirectory, history: LogID? = nil, because problem: StoreError) throws(StoreError) {
        let path = directory.database
        self.path = path
        self.problem = problem
        var configuration = Configuration()
        configuration.label = "frozen job store"
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try RowSum.install(in: database)
            try database.execute(
                sql: "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cache_spill = OFF")
            if let connection = database.sqliteConnection { _ = csqlite_disable_checkpoint_on_close(connection) }
        }
        do {
            queue =
                try Disk.bytes(of: path) == 0
                ? DatabaseQueue(configuration: configuration)
                : DatabaseQueue(path: path, configuration: configuration)
            let fork = try queue.writeWithoutTransaction { database in
                try database.beginTransaction(.immediate)
                let isNew = try Schema.migrate(database, path: path, mustExist: directory.marker != nil)
                return isNew ? nil : try StoreIdentity(in: database).fork(from: directory.marker, path: path)
            }
            newHistory = fork == nil ? nil : history ?? .random()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    package func recover() throws(StoreError) -> Recovery {
        var recovery = try with { database in
            var transaction = Transaction(database)
            return try Recovery(beginningEpochIn: database, newHistory: newHistory, &transaction)
        }
        recovery.problem = problem
        return recovery
    }

    package func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] { throw problem }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try with { try Reads($0).contents(of: chunks) }
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        try with { try Reads($0).records(of: tenant, after: sequence, limit: limit, bytes: bytes) }
    }

    package func firstSequence(of tenant: String) throws(StoreError) -> UInt64? {
        try with { try Reads($0).firstSequence(of: tenant) }
    }

    package func report(on job: JobKey) throws(StoreError) -> JobReport? {
        try with { try Reads($0).report(on: job) }
    }

    package func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try with { try Reads($0).deadLetters(of: tenant, after: sequence, limit: limit) }
    }

    package func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try with { try Reads($0).deadLetters(fromTenant: tenant, after: sequence, limit: limit) }
    }

    package func jobs(_ selection: JobSelection) throws(StoreError) -> JobList {
        try with { try Reads($0).jobs(selection) }
    }

    package func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] {
        try with { try Reads($0).tenants(with: ids) }
    }

    package func close() { try? queue.close() }

    private func with<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.writeWithoutTransaction(body) } catch { throw StoreError(error, path: path) }
    }
}
