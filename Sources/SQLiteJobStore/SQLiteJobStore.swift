import CSQLite
import GRDB
package import JobModel
package import JobStore
import Synchronization

/// Jobs in one SQLite database, in a folder that no other broker uses at the same time.
package final class SQLiteJobStore: JobStore {
    package struct Settings: Sendable {
        /// The most that the database may take, in bytes, without its journal; 0: as much as there is. The other half
        /// is for the results of jobs that are there.
        package var maximumBytes = 0
        /// Frames, of a page each, after which the WAL is copied into the database: 16 MiB.
        package var checkpointFrames = 4096
        /// How long people's tools that use the database are waited for, in seconds. The folder's lock keeps other brokers
        /// out.
        package var patience = 5.0

        /// Called with what the operator should know, on whichever thread finds it out.
        package var report: @Sendable (StoreNotice) -> Void = { _ in }

        package init() {}
    }

    /// The database's.
    package let path: String
    private let pool: DatabasePool
    private let isLimited: Bool
    private let checkpointFrames: Int
    private let frames = FrameCount()
    /// Once the disk has failed, the reason why nothing is written any more.
    private let failure = Mutex<StoreError?>(nil)
    /// Gone when the store is closed, so that another broker may have the folder.
    private let directory: Mutex<StateDirectory?>
    private let files: StoreFiles
    private let folder: String
    private let quarantine: Quarantine
    /// How often the logs have changed, durably; see `StoreMarker`.
    private let changes: Mutex<(known: UInt64, noted: UInt64)>
    /// Why the logs tell another history from now on; nil: they do not.
    private let fork: String?
    private let report: @Sendable (StoreNotice) -> Void

    /// Opens the store in a folder, and makes both when they are not there.
    package convenience init(in folder: String, settings: Settings = Settings()) throws(StoreError) {
        try self.init(in: StateDirectory(folder), settings: settings)
    }

    init(in directory: StateDirectory, settings: Settings) throws(StoreError) {
        let path = directory.database
        folder = directory.path
        let report = settings.report
        self.report = report
        quarantine = Quarantine { damage in
            report(
                StoreNotice(
                    .error,
                    "the job store \(path) is damaged at \(damage); the row is kept in the table quarantine, and "
                        + "`dragoman store check` lists all that is damaged"))
        }
        let (identity, isNew): (StoreIdentity, Bool)
        isLimited = settings.maximumBytes > 0
        checkpointFrames = settings.checkpointFrames
        try WriteAheadLog(ofDatabaseAt: path).rewrite(patience: settings.patience)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(settings))
            (identity, isNew) = try pool.writeWithoutTransaction { [frames] database in
                try Durability.enforce(on: database, path: path)
                try WriteAheadLog.empty(database)
                frames.follow(database)
                let isNew = try Schema.migrate(
                    database, path: path, mustExist: directory.marker != nil, report: report)
                try Self.limit(database, to: settings.maximumBytes)
                return (try StoreIdentity(in: database), isNew)
            }
            fork = isNew ? nil : try identity.fork(from: directory.marker, path: path)
            // From now on there is a reader: one that is opened later would open what lies at the path then.
            try pool.read { try Durability.check($0, path: path) }
            try directory.syncNames()
        } catch {
            throw StoreError(error, path: path)
        }
        self.path = path
        changes = Mutex((identity.changes, 0))
        files = StoreFiles([path, path + "-wal"])
        self.directory = Mutex(directory)
    }

    package func recover() throws(StoreError) -> Recovery { try recover(newHistory: nil) }

    /// - Parameter newHistory: What consumers have been told already, where the store is a copy.
    func recover(newHistory: LogID?) throws(StoreError) -> Recovery {
        let (recovery, identity, damages) = try written {
            try pool.write { database in
                var transaction = Transaction(database)
                let recovery = try Recovery(
                    beginningEpochIn: database, newHistory: fork == nil ? nil : newHistory ?? .random(), &transaction)
                return (recovery, try StoreIdentity(in: database), transaction.damages)
            }
        }
        damages.forEach(quarantine.note)
        // So that the database by itself says that it is in use: a copy of it without its journal is known then.
        try written { try checkpoint(.truncate) }
        changes.withLock { $0 = (identity.changes, identity.changes) }
        do throws(StoreError) {
            try StoreMarker(store: identity.store, epoch: identity.epoch, changes: identity.changes).write(in: folder)
        } catch {
            // The older one is there, which notices less.
            report(StoreNotice(.warning, error.message))
        }
        if let fork {
            report(
                StoreNotice(
                    .warning,
                    "the job store \(path) is a copy: \(fork). Its result logs have a new identity, \(identity.history): "
                        + "consumers that have read the original are told, and must decide where to go on"))
        }
        return recovery
    }

    package func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] {
        // What was accepted goes on in files that nobody finds again; nothing is added to them.
        if writes.contains(where: \.addsJob) { try checkPlace() }
        let commit = try written {
            let commit = try pool.write { database in
                if isLimited, writes.contains(where: \.addsJob) { try Self.checkRoomForJobs(in: database, at: path) }
                var transaction = Transaction(database)
                let outcomes = try writes.map { try transaction.apply($0) }
                let changes = try transaction.writeLogs()
                return (outcomes, changes, transaction.damages, try quarantine.write(to: database))
            }
            if frames.value >= checkpointFrames { try checkpoint(.passive) }
            return commit
        }
        changes.withLock { $0.known += UInt64(commit.1) }
        quarantine.wrote(commit.3)
        commit.2.forEach(quarantine.note)
        return commit.0
    }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try read { try $0.contents(of: chunks) }
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        try read { try $0.records(of: tenant, after: sequence, limit: limit, bytes: bytes) }
    }

    package func firstSequence(of tenant: String) throws(StoreError) -> UInt64? {
        try read { try $0.firstSequence(of: tenant) }
    }

    package func report(on job: JobKey) throws(StoreError) -> JobReport? {
        try read { try $0.report(on: job) }
    }

    package func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try read { try $0.deadLetters(of: tenant, after: sequence, limit: limit) }
    }

    package func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try read { try $0.deadLetters(fromTenant: tenant, after: sequence, limit: limit) }
    }

    package func jobs(_ selection: JobSelection) throws(StoreError) -> JobList {
        try read { try $0.jobs(selection) }
    }

    package func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] {
        try read { try $0.tenants(with: ids) }
    }

    package func checkPlace() throws(StoreError) {
        guard let missing = files.missing else { return noteProgress() }
        throw StoreError(
            .lost,
            "\(missing) was deleted or replaced while the broker uses it. No new job is accepted; what was is still "
                + "translated and delivered, as long as the broker runs: read the results, put the file back, or restart "
                + "the broker when its queue is empty")
    }

    package func close() throws(StoreError) {
        try written {
            try pool.write { database in
                _ = try quarantine.write(to: database)
                try database.run(SummedTable.broker.update(["is_closed": "1"], where: "only_row = 1"))
            }
            noteProgress()
            // So that a database that is closed is one file.
            try checkpoint(.truncate)
            try pool.close()
        }
        directory.withLock { $0 = nil }
    }

    /// Ends it as it is, without a broker having begun with it.
    package func abandon() throws(StoreError) { try translated { try pool.close() } }

    /// Copies the WAL into the database. SQLite's automatic checkpoint would do the same and ignore a failed sync.
    private func checkpoint(_ mode: Database.CheckpointMode) throws(StoreError) {
        do {
            try pool.writeWithoutTransaction { _ = try $0.checkpoint(mode) }
        } catch {
            // Otherwise another program reads it, or the disk is full. Nothing is lost: a later one will do it.
            let error = storeError(error)
            if error.code == .diskFailed { throw error }
        }
    }

    private func noteProgress() {
        let new = changes.withLock { changes -> UInt64? in
            guard changes.known > changes.noted else { return nil }
            changes.noted = changes.known
            return changes.known
        }
        if let new { StoreMarker.advance(in: folder, to: new) }
    }

    /// What the connection that commits has as `synchronous`: 2.
    package func synchronousLevel() throws(StoreError) -> Int? {
        try translated { try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
    }

    private func read<Value>(_ body: (Reads) throws -> Value) throws(StoreError) -> Value {
        try translated { try pool.read { try body(Reads($0, note: quarantine.note)) } }
    }

    func readAll(_ body: (Database) throws -> Void) throws(StoreError) {
        try translated { try pool.read(body) }
    }

    /// Afterwards the folder knows the store, as if a broker had run on it.
    func writeAll(_ body: (Database) throws -> Void) throws(StoreError) {
        let identity = try written {
            try pool.write { database in
                try body(database)
                return try StoreIdentity(in: database)
            }
        }
        try written { try checkpoint(.truncate) }
        try StoreMarker(store: identity.store, epoch: identity.epoch, changes: identity.changes).write(in: folder)
    }

    private func translated<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do { return try body() } catch { throw StoreError(error, path: path) }
    }

    /// Nothing is written any more after the disk has failed.
    private func written<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        if let failure = failure.withLock({ $0 }) { throw failure }
        do { return try body() } catch {
            let error = storeError(error)
            if error.code == .diskFailed { failure.withLock { $0 = error } }
            throw error
        }
    }

    private func storeError(_ error: any Error) -> StoreError {
        let code = pool.writeWithoutTransaction { $0.sqliteConnection.map(csqlite_system_error) }
        return StoreError(error, path: path, systemError: code ?? 0)
    }

    private static func configuration(_ settings: Settings) -> Configuration {
        var configuration = Configuration()
        configuration.label = "job store"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(settings.patience)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            try RowSum.install(in: database)
            // Pages of the indices by random ids, mostly; in KiB.
            try database.execute(sql: "PRAGMA cache_size = -16384")
            // The WAL is copied into the database by `checkpoint` alone, which sees errors. Then it is begun anew; a reader
            // that takes long only puts that off, and the WAL grows meanwhile: hence reads are bounded. Afterwards it is cut.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            if let connection = database.sqliteConnection { _ = csqlite_disable_checkpoint_on_close(connection) }
            try database.execute(sql: "PRAGMA journal_size_limit = 33554432")
            // Overwrites what was deleted where that costs no further write; Debian's default would write for it.
            try database.execute(sql: "PRAGMA secure_delete = FAST")
        }
        return configuration
    }

    private static func limit(_ database: Database, to bytes: Int) throws {
        guard bytes > 0 else { return }
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        try database.execute(sql: "PRAGMA max_page_count = \(max(bytes / pageSize, 1))")
    }

    /// A job that was accepted must be able to end, which takes space before it frees any.
    private static func checkRoomForJobs(in database: Database, at path: String) throws {
        func pages(_ pragma: String) throws -> Int { try Int.fetchOne(database, sql: "PRAGMA \(pragma)") ?? 0 }
        let most = try pages("max_page_count")
        let used = try pages("page_count") - pages("freelist_count")
        guard used < most / 2 else {
            throw StoreError(
                .full,
                "no space is left for jobs in the job store \(path): \(used) of \(most) pages are used, and the other "
                    + "half is for results; allow the store more, or wait until old results are removed")
        }
    }
}

extension Write {
    fileprivate var addsJob: Bool {
        switch self {
        case .insert, .retryDead: true
        default: false
        }
    }
}
