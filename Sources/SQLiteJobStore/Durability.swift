package import GRDB
import JobStore

/// That a commit is on the disk when it returns.
package enum Durability {
    /// GRDB runs `PRAGMA synchronous = NORMAL` when it sets up WAL, after `prepareDatabase` and so after anything that
    /// could be said there. With NORMAL, SQLite does not sync the WAL at a commit, and a loss of power loses commits.
    /// "The synchronous setting cannot be changed inside a transaction" (sqlite.org/pragma.html): it is ignored there
    /// without an error, hence the check.
    package static func enforce(on database: Database, path: String) throws {
        precondition(!database.isInsideTransaction, "synchronous is set outside transactions")
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try check(database, path: path)
    }

    package static func check(_ database: Database, path: String) throws {
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard level == 2, journal == "wal" else {
            throw StoreError(
                .notDurable,
                "the job store \(path) would lose accepted jobs in a loss of power: synchronous is "
                    + "\(level.map(String.init) ?? "unknown") instead of 2 (FULL), or the journal is "
                    + "\(journal ?? "unknown") instead of WAL; this is a fault of the SQLite library in use")
        }
    }
}
