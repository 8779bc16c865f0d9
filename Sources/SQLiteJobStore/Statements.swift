import Checksums
import GRDB
import GRDBSQLite
import Synchronization
import Wire

/// A statement's text. It is known by its number: to hash a text of a thousand letters for every row takes longer than
/// to write some rows.
struct Query: Sendable {
    let text: String
    fileprivate let number: Int

    private static let count = Atomic(0)

    init(_ text: String) {
        self.text = text
        number = Self.count.add(1, ordering: .relaxed).oldValue
    }
}

/// The statements that one transaction, or one read, runs for row after row.
///
/// GRDB prepares them, keeps them for the connection, and finalizes them before it closes it. Here they are bound and
/// stepped without its values between: those take more time than SQLite does.
final class Statements {
    let database: Database
    /// By the query's number. They are held here, too, in case GRDB lets go of one.
    private var prepared: [Statement?] = []

    private var messages: StoredMessageDecoder?

    init(_ database: Database) { self.database = database }

    /// Made when it is first used.
    var decoder: StoredMessageDecoder {
        get throws {
            if let messages { return messages }
            let new = try StoredMessageDecoder()
            messages = new
            return new
        }
    }

    func run(_ query: Query, _ values: (any Storable)?...) throws {
        try read(query, values) { _ in true }
    }

    /// Writes a row with its checksum.
    ///
    /// - Returns: The checksum.
    @discardableResult
    func insert(_ insertion: SummedInsertion, _ values: (any Storable)?...) throws -> Int64 {
        precondition(values.count == insertion.columnCount, "each column has a value")
        var sum = insertion.sumOfName
        for index in values.indices { values[index]?.add(to: &sum) ?? sum.addNull() }
        let checksum = Int64(bitPattern: sum.value)
        try read(insertion.query, values, last: checksum) { _ in true }
        return checksum
    }

    /// The first column of the first row.
    func integer(_ query: Query, _ values: (any Storable)?...) throws -> Int64? {
        var value: Int64?
        try read(query, values) { row in
            value = row[0]
            return false
        }
        return value
    }

    /// - Parameter body: Called with the first row, if there is one.
    func first<Value>(
        _ query: Query, _ values: (any Storable)?..., body: (Columns) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try read(query, values) { row in
            value = try body(row)
            return false
        }
        return value
    }

    /// - Parameter body: Called with each row, until it returns false.
    func rows(_ query: Query, _ values: (any Storable)?..., body: (Columns) throws -> Bool) throws {
        try read(query, values, body)
    }

    /// - Parameter last: One more value.
    private func read(
        _ query: Query, _ values: [(any Storable)?], last: Int64? = nil, _ body: (Columns) throws -> Bool
    ) throws {
        let statement = try statement(query)
        precondition(sqlite3_stmt_busy(statement) == 0, "a statement is not run again while its rows are read")
        // GRDB resets a statement when it uses it next, and `Database.run` may have used one of the same text.
        sqlite3_reset(statement)
        defer {
            // So that nothing is read beyond the transaction. It tells again of a step that has failed.
            sqlite3_reset(statement)
            // What was bound may be large.
            sqlite3_clear_bindings(statement)
        }
        // By index: a loop over the values themselves would copy each.
        for index in values.indices {
            let position = Int32(index + 1)
            let code = values[index]?.bind(to: statement, at: position) ?? sqlite3_bind_null(statement, position)
            guard code == SQLITE_OK else { throw Self.error(code, statement) }
        }
        if let last, sqlite3_bind_int64(statement, Int32(values.count + 1), last) != SQLITE_OK {
            throw Self.error(sqlite3_errcode(sqlite3_db_handle(statement)), statement)
        }
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw Self.error(code, statement) }
            guard try body(Columns(statement)) else { return }
        }
    }

    private func statement(_ query: Query) throws -> OpaquePointer {
        if query.number < prepared.count, let statement = prepared[query.number] { return statement.sqliteStatement }
        let statement = try database.cachedStatement(sql: query.text)
        while prepared.count <= query.number { prepared.append(nil) }
        prepared[query.number] = statement
        return statement.sqliteStatement
    }

    private static func error(_ code: Int32, _ statement: OpaquePointer) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: sqlite3_errmsg(sqlite3_db_handle(statement)).map { String(cString: $0) },
            sql: sqlite3_sql(statement).map { String(cString: $0) })
    }
}
