import Foundation
import GRDB
import GRDBSQLite

/// What the database's own file says, without what its journal (`-wal`) adds.
struct DatabaseGlance: Sendable, Hashable {
    var epoch: UInt64
    /// Whether the broker closed it. If not, some of it is in its journal, which must be there.
    var isClosed: Bool

    /// nil: it has no such table, or is no database; who opens it in earnest will say so.
    init?(_ path: String) {
        // "immutable": the journal is not looked for, and no lock is taken (sqlite.org/uri.html).
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
        guard let encoded = path.addingPercentEncoding(withAllowedCharacters: allowed) else { return nil }
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2("file:\(encoded)?immutable=1", &connection, flags, nil) == SQLITE_OK else { return nil }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, "SELECT epoch, is_closed FROM broker", -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { return nil }
        epoch = UInt64(bitPattern: sqlite3_column_int64(statement, 0))
        isClosed = sqlite3_column_int64(statement, 1) != 0
    }
}
