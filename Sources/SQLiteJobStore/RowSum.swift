import Checksums
import GRDB
import GRDBSQLite

/// The SQL function `row_sum(value, …)`: the XXH64 of its arguments, as SQLite's signed integer.
///
/// Each argument counts with its type and its length, so that a value cannot pass for another, or a letter move from one
/// column to the next. SQLite hands over the values that it reads or is about to write, so nothing is decoded for it.
enum RowSum {
    static func install(in database: Database) throws {
        let status = sqlite3_create_function_v2(
            database.sqliteConnection, "row_sum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, count, values in
                var sum = XXHash64()
                for index in 0..<Int(count) { sum.add(values?[index]) }
                sqlite3_result_int64(context, Int64(bitPattern: sum.value))
            }, nil, nil, nil)
        guard status == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: status)) }
    }
}

extension XXHash64 {
    /// - Parameter value: An `sqlite3_value`. Every text of a store is UTF-8, so its bytes are those on the disk.
    fileprivate mutating func add(_ value: OpaquePointer?) {
        let type = sqlite3_value_type(value)
        switch type {
        case SQLITE_NULL: addNull()
        case SQLITE_INTEGER: add(integer: sqlite3_value_int64(value))
        default:
            // "The pointer must be asked for before the length" (sqlite.org/c3ref/value_blob.html), which may convert it.
            let bytes = sqlite3_value_blob(value)
            let count = Int(sqlite3_value_bytes(value))
            add(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count), of: type)
        }
    }

    mutating func addNull() { add(UInt64(SQLITE_NULL)) }

    mutating func add(integer: Int64) {
        add(UInt64(SQLITE_INTEGER))
        add(UInt64(bitPattern: integer))
    }

    /// - Parameter type: `SQLITE3_TEXT` or `SQLITE_BLOB`.
    mutating func add(_ bytes: UnsafeRawBufferPointer, of type: Int32) {
        add(UInt64(type) | UInt64(bytes.count) << 8)
        add(bytes)
    }
}
