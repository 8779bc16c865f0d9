import GRDB
import JobStore

/// Gives the rows of a store that had no checksums theirs.
enum ChecksumMigration {
    /// Below, nothing is said: it is done at once.
    private static let rowsWorthANotice = 10_000

    static func write(in database: Database, path: String, report: (StoreNotice) -> Void) throws {
        let count = try Int.fetchOne(database, sql: "SELECT (SELECT count(*) FROM job) + (SELECT count(*) FROM record)")
        let isLong = (count ?? 0) > rowsWorthANotice
        if isLong {
            report(
                StoreNotice(
                    .notice, "the job store \(path) is brought up to date: \(count ?? 0) rows are given checksums"))
        }
        try database.execute(
            sql: "UPDATE broker SET store = ?, history = ?",
            arguments: [StoreIdentity.random().stored, StoreIdentity.random().stored])
        for table in [SummedTable.broker, .job, .content, .chunk, .consumer, .logAge, .offer] {
            try database.execute(sql: "UPDATE \(table.name) \(table.assignments([:]))")
        }
        let tenants = try String.fetchAll(
            database, sql: "SELECT tenant FROM log UNION SELECT tenant FROM job WHERE state = 2 ORDER BY 1")
        for tenant in tenants {
            try chain(tenant, in: database)
            if isLong { report(StoreNotice(.notice, "the log of tenant \(tenant) is chained")) }
        }
    }

    private static func chain(_ tenant: String, in database: Database) throws {
        let statements = Statements(database)
        var log = LogRow(tenant: tenant)
        let last = try database.row("SELECT last_sequence FROM log WHERE tenant = ?", tenant)
        log.lastSequence = try last?.count(0) ?? 0
        let first = try database.row("SELECT min(sequence) FROM record WHERE tenant = ?", tenant)?.optionalCount(0)
        log.purged = first.map { $0 - min($0, 1) } ?? log.lastSequence
        log.unfinished =
            try database.integer("SELECT count(*) FROM job WHERE state = 2 AND tenant = ?", tenant) ?? 0
        var sequence = log.purged
        while true {
            let part = try UInt64.fetchAll(
                try database.cachedStatement(
                    sql: "SELECT sequence FROM record WHERE tenant = ? AND sequence > ? ORDER BY sequence LIMIT 1000"),
                arguments: [tenant, sequence.stored])
            guard let last = part.last else { break }
            for number in part {
                log.head = try statements.integer(link, log.head, tenant, number.stored) ?? 0
            }
            sequence = last
        }
        try log.write(with: statements)
    }

    private static let link = Query(
        "UPDATE record \(SummedTable.record.assignments(["previous": "?1"])) WHERE tenant = ?2 AND sequence = ?3 "
            + "RETURNING checksum")
}
