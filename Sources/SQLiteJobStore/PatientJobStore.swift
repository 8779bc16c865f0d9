package import JobModel
package import JobStore
import Synchronization

/// A SQLite store that also opens when its disk is full. Until there is space it can be read, and refuses every commit.
///
/// A file kept in reserve, to be deleted at such a start, would be simpler still; but something else may take its space at
/// once, a store of an earlier version has none, and on a disk that is full from the beginning there never is one.
package final class PatientJobStore: JobStore {
    /// A `SQLiteJobStore`, or a `FrozenStore`.
    private let store: Mutex<any JobStore>
    /// Gone when the store is closed.
    private let directory: Mutex<StateDirectory?>
    private let settings: SQLiteJobStore.Settings
    private let folder: String

    /// Opens the store in a folder, and makes both when they are not there.
    package init(in folder: String, settings: SQLiteJobStore.Settings = .init()) throws(StoreError) {
        let directory = try StateDirectory(folder)
        self.directory = Mutex(directory)
        self.folder = folder
        self.settings = settings
        do throws(StoreError) {
            store = Mutex(try SQLiteJobStore(in: directory, settings: settings))
        } catch {
            guard error.code == .full else { throw error }
            store = Mutex(try FrozenStore(in: directory, because: error))
        }
    }

    package func recover() throws(StoreError) -> Recovery {
        do throws(StoreError) {
            return try current.recover()
        } catch {
            guard error.code == .full, let open = current as? SQLiteJobStore else { throw error }
            guard let directory = directory.withLock({ $0 }) else { throw error }
            try open.abandon()
            let frozen = try FrozenStore(in: directory, because: error)
            store.withLock { $0 = frozen }
            return try frozen.recover()
        }
    }

    /// Begins the epoch that `recover` has announced, as soon as there is space.
    package func mend() throws(StoreError) {
        guard let frozen = current as? FrozenStore, let directory = directory.withLock({ $0 }) else { return }
        // Opening the database copies its WAL into it.
        let needed = 1 << 20 + Disk.bytes(of: directory.database + "-wal")
        guard Disk.freeBytes(in: folder) >= needed else { throw frozen.problem }
        frozen.close()
        do throws(StoreError) {
            let open = try SQLiteJobStore(in: directory, settings: settings)
            do throws(StoreError) {
                _ = try open.recover(newHistory: frozen.newHistory)
            } catch {
                try open.abandon()
                throw error
            }
            store.withLock { $0 = open }
        } catch {
            let again = try FrozenStore(in: directory, history: frozen.newHistory, because: error)
            store.withLock { $0 = again }
            throw error
        }
    }

    package func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] { try current.commit(writes) }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try current.contents(of: chunks)
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        try current.encodedRecords(of: tenant, after: sequence, limit: limit, bytes: bytes)
    }

    package func firstSequence(of tenant: String) throws(StoreError) -> UInt64? {
        try current.firstSequence(of: tenant)
    }

    package func report(on job: JobKey) throws(StoreError) -> JobReport? { try current.report(on: job) }

    package func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try current.deadLetters(of: tenant, after: sequence, limit: limit)
    }

    package func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try current.deadLetters(fromTenant: tenant, after: sequence, limit: limit)
    }

    package func jobs(_ selection: JobSelection) throws(StoreError) -> JobList {
        try current.jobs(selection)
    }

    package func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] { try current.tenants(with: ids) }

    package func checkPlace() throws(StoreError) { try current.checkPlace() }

    package func close() throws(StoreError) {
        defer { directory.withLock { $0 = nil } }
        try current.close()
    }

    private var current: any JobStore { store.withLock { $0 } }
}
