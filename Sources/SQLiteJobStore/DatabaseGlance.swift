import Foundation
import GRDB
import GRDBSQLite

/// What the database's own file says, without what its journal (`-wal`) adds.
struct DatabaseGlance: Sendable, Hashable {
    var epoch: UInt64
    /// Whether the broker closed it. If not, some of it is in its journal, which must be there.
    var isClosed: Bool
    /// How often its logs have changed: see `StoreMarker`. nil: it is of an earlier version, which did not count.
    var changes: UInt64?

    /// nil: it has no such table, or is no database; who opens it in earnest will say so.
    init?(_ path: String) {
        // "immutable": the journal is not looked for, and no lock is taken (sqlite.org/uri.html).
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
        guard let encoded = path.addingPercentEncoding(withAllowedCharacters: allowed) else { return nil }
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2("file:\(encoded)?immutable=1", &connection, flags, nil) == SQLITE_OK else { return nil }
        guard let broker = Self.row(of: "SELECT epoch, is_closed FROM broker", count: 2, connection) else { return nil }
        epoch = UInt64(bitPattern: broker[0])
        isClosed = broker[1] != 0
        changes = Self.row(of: "SELECT coalesce(sum(changes), 0) FROM log", count: 1, connection)
            .map { UInt64(bitPattern: $0[0]) }
    }

    /// The integers of a query's first row; nil when it has no row, or the table or a column does not exist.
    private static func row(of query: String, count: Int32, _ connection: OpaquePointer?) -> [Int64]? {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, query, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { return nil }
        return (0..<count).map { sqlite3_column_int64(statement, $0) }
    }
}
