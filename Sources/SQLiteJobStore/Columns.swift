import GRDB
import GRDBSQLite
import JobModel

/// A row's columns, as this store reads them.
protocol StoredColumns {
    func integer(_ index: Int) -> Int64
    func isNull(_ index: Int) -> Bool
    func bytes(_ index: Int) throws -> [UInt8]
    func text(_ index: Int) -> String
}

/// The columns of the row at which a statement stands.
struct Columns: StoredColumns {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    func integer(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }

    subscript(index: Int) -> Int64 { integer(index) }

    subscript(index: Int) -> Int64? { isNull(index) ? nil : integer(index) }

    subscript(index: Int) -> Bool { integer(index) != 0 }

    subscript(index: Int) -> String { text(index) }

    func text(_ index: Int) -> String {
        // "The pointer must be asked for before the length" (sqlite.org/c3ref/column_blob.html).
        guard let text = sqlite3_column_text(statement, Int32(index)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func isNull(_ index: Int) -> Bool { sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL }

    func bytes(_ index: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, Int32(index)) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, Int32(index)))))
    }
}

extension Row: StoredColumns {
    func integer(_ index: Int) -> Int64 { self[index] }

    func isNull(_ index: Int) -> Bool { (self[index] as DatabaseValue).isNull }

    func text(_ index: Int) -> String { self[index] }

    func bytes(_ index: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: index) { data in data.map { [UInt8]($0) } ?? [] }
    }
}

extension StoredColumns {
    func jobID(_ index: Int) throws -> JobID {
        guard let id = JobID(bytes: try bytes(index)) else { throw ValueError("a job's id has not 16 bytes") }
        return id
    }

    func optionalJobID(_ index: Int) throws -> JobID? { isNull(index) ? nil : try jobID(index) }

    func state(_ index: Int) throws -> JobState {
        let value = integer(index)
        guard let state = UInt8(exactly: value).flatMap(JobState.init) else {
            throw ValueError("a job's state is \(value)")
        }
        return state
    }

    /// Of what was written with `stored`, which never is negative.
    func count<Number: FixedWidthInteger>(_ index: Int, _ type: Number.Type = Number.self) throws -> Number {
        let value = integer(index)
        guard let number = Number(exactly: value) else { throw ValueError("a number is \(value)") }
        return number
    }

    func optionalCount(_ index: Int) throws -> UInt64? { isNull(index) ? nil : try count(index) }
}
