import Checksums
import GRDBSQLite
import JobModel

/// A value as SQLite takes it, and as a row's checksum counts it: see `RowSum`.
protocol Storable {
    /// - Returns: SQLite's code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
    func add(to sum: inout XXHash64)
}

/// "SQLite makes its own private copy of the data before the function returns" (sqlite.org/c3ref/bind_blob.html).
private let isCopied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension Storable where Self: FixedWidthInteger {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }

    func add(to sum: inout XXHash64) { sum.add(integer: Int64(self)) }
}

extension Int64: Storable {}
extension Int: Storable {}
extension UInt32: Storable {}

extension Bool: Storable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }

    func add(to sum: inout XXHash64) { sum.add(integer: self ? 1 : 0) }
}

extension String: Storable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                // Without a pointer it would be NULL.
                bytes.isEmpty
                    ? sqlite3_bind_text(statement, index, "", 0, isCopied)
                    : sqlite3_bind_text64(
                        statement, index, bytes.baseAddress, UInt64(bytes.count), isCopied, UInt8(SQLITE_UTF8))
            }
        }
    }

    func add(to sum: inout XXHash64) {
        var text = self
        text.withUTF8 { sum.add(UnsafeRawBufferPointer($0), of: SQLITE3_TEXT) }
    }
}

extension [UInt8]: Storable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        isEmpty
            ? sqlite3_bind_zeroblob(statement, index, 0)
            : sqlite3_bind_blob64(statement, index, self, UInt64(count), isCopied)
    }

    func add(to sum: inout XXHash64) { withUnsafeBytes { sum.add($0, of: SQLITE_BLOB) } }
}

extension JobID: Storable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { bytes.bind(to: statement, at: index) }
    func add(to sum: inout XXHash64) { bytes.add(to: &sum) }
}
