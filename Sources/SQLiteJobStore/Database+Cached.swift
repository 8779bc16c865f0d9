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

extension UInt64 {
    /// SQLite's integers are signed. No count or time comes near; a request that names a larger one means "the last".
    var stored: Int64 { Int64(clamping: self) }
}

extension LogID {
    var stored: Data { Data(bytes) }
}

extension JobID {
    var stored: Data { Data(bytes) }
}
