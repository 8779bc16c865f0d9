import GRDB
import JobModel
import JobStore

/// Who a store is, and whether the database that is found is the one that was there.
struct StoreIdentity: Sendable, Hashable {
    var store: LogID
    /// Of its result logs: see `LogID`.
    var history: LogID
    var epoch: UInt64
    /// The sum of `LogRow.changes`.
    var changes: UInt64

    static func random() -> LogID { .random() }

    init(in database: Database) throws {
        let row = try database.row(
            "SELECT store, history, epoch, checksum, \(SummedTable.broker.sum()) FROM broker")
        guard let row else { throw RowDamage.missing(.broker, "the only row") }
        let (expected, found): (Int64, Int64) = (row[3], row[4])
        guard expected == found, let store = LogID(bytes: try row.bytes(0)),
            let history = LogID(bytes: try row.bytes(1))
        else { throw RowDamage(.broker, "the only row", where: "only_row = 1", expected: expected, found: found) }
        self.store = store
        self.history = history
        epoch = try row.count(2)
        changes = UInt64(try database.integer("SELECT sum(changes) FROM log") ?? 0)
    }

    /// Why the history goes on otherwise than it did when the marker was written; nil: it does not.
    ///
    /// - Throws: `StoreError` when the database is another store's.
    func fork(from marker: StoreMarker?, path: String) throws(StoreError) -> String? {
        guard let marker else { return epoch == 0 ? nil : "there is no \(StoreMarker.name) beside it" }
        guard marker.store == store else {
            throw StoreError(
                .incompatible,
                "\(path) is another store's (\(store)) than \(StoreMarker.name) beside it says (\(marker.store)): restore "
                    + "the database that belongs here, or accept this one with `dragoman store accept`")
        }
        if marker.epoch > epoch { return "it was last started as epoch \(epoch), and here as epoch \(marker.epoch)" }
        if let known = marker.changes, known > changes {
            return "it has seen \(changes.counted("change")) of its logs, and there were \(known) here"
        }
        if marker.isCopy { return "its folder is a copy" }
        return nil
    }

    /// There was a store, and its database is not there.
    static func missing(_ path: String, _ problem: String) -> StoreError {
        StoreError(
            .corrupt,
            "the job store \(path) \(problem), though \(StoreMarker.name) beside it says that it was in use: restore it from "
                + "a backup; or, to give up its jobs and begin with an empty store, say `dragoman store accept`")
    }

    /// The database was left open, and its journal is gone.
    static func withoutJournal(_ path: String) -> StoreError {
        StoreError(
            .corrupt,
            "the job store \(path) was not closed by its broker, and its journal \(path)-wal is missing: the last jobs and "
                + "results that it accepted may be in there, as when the database alone was copied while the broker ran. "
                + "Put the journal back beside it; or, to go on without what it held, say `dragoman store accept`")
    }
}
