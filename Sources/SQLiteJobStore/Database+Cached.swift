import Foundation
import GRDB
import JobModel

extension Database {
    typealias Argument = (any DatabaseValueConvertible)?

    /// Runs a statement that is parsed the first time only.
    func run(_ sql: String, _ arguments: Argument...) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    func row(_ sql: String, _ arguments: Argument...) throws -> Row? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// Each row is good until the next is asked for.
    func rows(_ sql: String, _ arguments: Argument...) throws -> RowCursor {
        try Row.fetchCursor(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    func integer(_ sql: String, _ arguments: Argument...) throws -> Int64? {
        try Int64.fetchOne(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }
}

extension Row {
    func blob<Value: BlobCodable>(_ index: Int, _ type: Value.Type = Value.self) throws -> Value {
        try Blob.value(type, from: bytes(index))
    }

    func jobID(_ index: Int) throws -> JobID {
        guard let id = JobID(bytes: try bytes(index)) else { throw BlobError("a job's id has not 16 bytes") }
        return id
    }

    func optionalJobID(_ index: Int) throws -> JobID? { hasNull(atIndex: index) ? nil : try jobID(index) }

    func state(_ index: Int) throws -> JobState {
        let value: Int64 = self[index]
        guard let state = UInt8(exactly: value).flatMap(JobState.init) else {
            throw BlobError("a job's state is \(value)")
        }
        return state
    }

    /// Of what was written with `stored`, which never is negative.
    func count<Number: FixedWidthInteger>(_ index: Int, _ type: Number.Type = Number.self) throws -> Number {
        let value: Int64 = self[index]
        guard let number = Number(exactly: value) else { throw BlobError("a number is \(value)") }
        return number
    }

    func optionalCount(_ index: Int) throws -> UInt64? { hasNull(atIndex: index) ? nil : try count(index) }

    func bytes(_ index: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: index) { data in data.map { [UInt8]($0) } ?? [] }
    }
}

extension Row {
    private func hasNull(atIndex index: Int) -> Bool { (self[index] as DatabaseValue).isNull }
}

extension UInt64 {
    /// SQLite's integers are signed. No count or time comes near; a request that names a larger one means "the last".
    var stored: Int64 { Int64(clamping: self) }
}

extension BlobCodable {
    var blob: Data { Data(Blob.bytes(self)) }
}

extension LogID {
    var stored: Data { Data(bytes) }
}

extension JobID {
    var stored: Data { Data(bytes) }
}
