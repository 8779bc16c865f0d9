import GRDB
import JobStore

/// A row that is not what was written, or is missing.
package struct RowDamage: Error, Sendable, Hashable, CustomStringConvertible {
    package var table: String
    /// Which row, for people: `tenant default, sequence 12`.
    package var key: String
    /// SQL that finds it; nil: it is missing.
    var condition: String?
    package var problem: String

    package var description: String { "\(table) (\(key)): \(problem)" }

    static func missing(_ table: SummedTable, _ key: String) -> RowDamage {
        RowDamage(table: table.name, key: key, condition: nil, problem: "it is missing")
    }

    /// - Parameters:
    ///   - condition: Of the one row.
    ///   - sums: Its checksum as stored, and that of what is there.
    init(_ table: SummedTable, _ key: String, where condition: String, expected: Int64, found: Int64) {
        self.init(
            table: table.name, key: key, condition: condition,
            problem: "its checksum is \(Self.hexadecimal(expected)), but its content has \(Self.hexadecimal(found))")
    }

    init(table: String, key: String, condition: String?, problem: String) {
        self.table = table
        self.key = key
        self.condition = condition
        self.problem = problem
    }

    static func hexadecimal(_ sum: Int64) -> String {
        let digits = String(UInt64(bitPattern: sum), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension RowDamage {
    /// Looks again at a row that was found damaged.
    init(_ table: SummedTable, _ key: String, where condition: String, in database: Database) throws {
        let sums = try Row.fetchOne(
            database, sql: "SELECT checksum, \(table.sum()) FROM \(table.name) WHERE \(condition)")
        guard let sums else {
            self = .missing(table, key)
            return
        }
        self.init(table, key, where: condition, expected: sums[0], found: sums[1])
    }

    static func job(_ number: Int64, in database: Database) throws -> RowDamage {
        try RowDamage(.job, "number \(number)", where: "number = \(number)", in: database)
    }

    static func content(_ job: Int64, in database: Database) throws -> RowDamage {
        try RowDamage(.content, "job \(job)", where: "job = \(job)", in: database)
    }

    static func chunk(_ job: Int64, _ number: Int64, in database: Database) throws -> RowDamage {
        try RowDamage(
            .chunk, "job \(job), number \(number)", where: "job = \(job) AND number = \(number)", in: database)
    }

    /// - Parameter isWhole: Whether its checksum is right, and yet its terms cannot be read.
    static func glossary(_ key: GlossaryKey, isWhole: Bool, in database: Database) throws -> RowDamage {
        let name = "tenant \(key.tenant), name \(key.name)"
        let condition = "tenant = \(quoted(key.tenant)) AND name = \(quoted(key.name))"
        if isWhole {
            return RowDamage(
                table: SummedTable.glossary.name, key: name, condition: condition, problem: "its terms cannot be read")
        }
        return try RowDamage(.glossary, name, where: condition, in: database)
    }

    static func record(_ tenant: String, _ sequence: UInt64, in database: Database) throws -> RowDamage {
        try RowDamage(
            .record, recordKey(tenant, sequence), where: recordCondition(tenant, sequence), in: database)
    }

    static func recordKey(_ tenant: String, _ sequence: UInt64) -> String { "tenant \(tenant), sequence \(sequence)" }

    static func recordCondition(_ tenant: String, _ sequence: UInt64) -> String {
        "tenant = \(quoted(tenant)) AND sequence = \(sequence.stored)"
    }

    static func quoted(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}
