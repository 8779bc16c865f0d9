import GRDB
import JobStore

/// A tenant's log: where it ends and begins, and what must be found between.
///
/// Each record names the checksum of the one before it. The log's row names that of the last, so that nothing can vanish
/// at the end, and that of the last one purged, so that nothing can vanish at the front.
struct LogRow: Sendable, Hashable {
    var tenant: String
    var lastSequence: UInt64 = 0
    /// The last record's checksum; 0: there has been none.
    var head: Int64 = 0
    /// The last record that was purged.
    var purged: UInt64 = 0
    /// Its checksum.
    var anchor: Int64 = 0
    /// How many of the tenant's jobs have not ended: one that vanishes from its table, or from an index, is missed.
    var unfinished: Int64 = 0
    /// How many transactions have changed this row: a copy that was restored has fewer.
    var changes: UInt64 = 0

    init(tenant: String) { self.tenant = tenant }

    /// - Throws: `RowDamage` when it is not what was written.
    init?(of tenant: String, in database: Database) throws {
        guard let row = try database.row(Self.query + " WHERE tenant = ?", tenant) else { return nil }
        try self.init(row)
    }

    static let query = """
        SELECT tenant, last_sequence, head, purged, anchor, unfinished, changes, epoch, checksum, \(SummedTable.log.sum())
        FROM log
        """

    /// - Parameter row: Of `query`.
    init(_ row: Row) throws {
        tenant = row[0]
        let (expected, found): (Int64, Int64) = (row[8], row[9])
        guard expected == found else {
            throw RowDamage(
                .log, "tenant \(tenant)", where: "tenant = \(RowDamage.quoted(tenant))", expected: expected,
                found: found)
        }
        lastSequence = try row.count(1)
        head = row[2]
        purged = try row.count(3)
        anchor = row[4]
        unfinished = row[5]
        changes = try row.count(6)
    }

    func write(to database: Database) throws {
        let epoch = try database.integer("SELECT epoch FROM broker") ?? 0
        try database.run(
            Self.insertion, tenant, lastSequence.stored, head, purged.stored, anchor, unfinished, changes.stored, epoch)
    }

    private static let insertion = SummedTable.log.insertion("INSERT OR REPLACE")

    /// Of all tenants, in the order of their names.
    static func all(in database: Database) throws -> [LogRow] {
        var logs: [LogRow] = []
        let rows = try database.rows(query + " ORDER BY tenant")
        while let row = try rows.next() { logs.append(try LogRow(row)) }
        return logs
    }
}
