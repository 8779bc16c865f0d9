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
    init?(of tenant: String, with statements: Statements) throws {
        guard let log = try statements.first(Self.queryOfTenant, tenant, body: LogRow.init) else { return nil }
        self = log
    }

    private static let queryOfTenant = Query(query + " WHERE tenant = ?")

    static let query = """
        SELECT tenant, last_sequence, head, purged, anchor, unfinished, changes, epoch, checksum, \(SummedTable.log.sum())
        FROM log
        """

    /// - Parameter row: Of `query`.
    init(_ row: Columns) throws {
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

    func write(with statements: Statements) throws {
        let epoch = try statements.integer(Self.epoch) ?? 0
        try statements.insert(
            Self.insertion, tenant, lastSequence.stored, head, purged.stored, anchor, unfinished, changes.stored, epoch)
    }

    private static let epoch = Query("SELECT epoch FROM broker")
    private static let insertion = SummedTable.log.insertion("INSERT OR REPLACE")

    /// Of all tenants, in the order of their names.
    static func all(with statements: Statements) throws -> [LogRow] {
        var logs: [LogRow] = []
        try statements.rows(queryOfAll) { row in
            logs.append(try LogRow(row))
            return true
        }
        return logs
    }

    private static let queryOfAll = Query(query + " ORDER BY tenant")
}
