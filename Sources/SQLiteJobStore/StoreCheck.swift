import Foundation
import GRDB
package import JobModel
package import JobStore

/// Looks at all of a store that no broker uses, and changes nothing.
package struct StoreCheck: Sendable {
    package private(set) var findings: StoreFindings
    /// nil: of a version before there were any.
    package private(set) var store: LogID?

    /// - Throws: `StoreError`: `.busy` when a broker uses the store, or what keeps it from being read at all.
    package init(of folder: String) throws(StoreError) {
        let lock = try StateDirectory.locked(folder)
        defer { withExtendedLifetime(lock) {} }
        let database = StateDirectory.database(in: folder)
        findings = StoreFindings(path: database)
        var marker: StoreMarker?
        do throws(StoreError) {
            marker = try StoreMarker(in: folder)
            try StateDirectory.checkPresence(of: database, marker)
        } catch {
            // Without the journal there is something to look at all the same.
            findings.faults.append(error.message)
            guard DatabaseGlance(database) != nil else { return }
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.prepareDatabase { try RowSum.install(in: $0) }
            let queue = try DatabaseQueue(path: database, configuration: configuration)
            try queue.read { try look(at: $0, beside: marker) }
            try queue.close()
        } catch {
            findings.faults.append(StoreError(error, path: database).message)
        }
    }

    private mutating func look(at database: Database, beside marker: StoreMarker?) throws {
        for line in try String.fetchAll(database, sql: "PRAGMA integrity_check(100)") where line != "ok" {
            findings.faults.append("the database: \(line)")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version >= Schema.summedVersion else {
            findings.remarks.append(
                "the store was written by an older version, which kept no checksums; its next start adds them")
            return
        }
        // A store of an earlier version lacks the younger ones.
        for table in SummedTable.all where try database.tableExists(table.name) { try sum(table, in: database) }
        try count(database)
        for log in try logRows(in: database) { try chain(log, in: database) }
        try compare(database)
        do {
            let identity = try StoreIdentity(in: database)
            store = identity.store
            (findings.logID, findings.epoch) = (identity.history, identity.epoch)
            if let fork = try identity.fork(from: marker, path: findings.path) {
                findings.remarks.append(
                    "the store is a copy: \(fork). At the next start its result logs get a new identity")
            }
        } catch let damage as RowDamage {
            add("\(damage)")
        } catch let error as StoreError {
            add(error.message)
        }
    }

    private mutating func count(_ database: Database) throws {
        func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
        findings.jobs = try number("SELECT count(*) FROM job NOT INDEXED")
        findings.unfinishedJobs = try number("SELECT count(*) FROM job NOT INDEXED WHERE state = 2")
        findings.records = try number("SELECT count(*) FROM record")
        findings.logs = try number("SELECT count(*) FROM log")
        findings.consumers = try number("SELECT count(*) FROM consumer")
        findings.quarantined = try number("SELECT count(*) FROM quarantine")
    }

    private mutating func add(_ fault: String) { findings.add(fault) }

    private mutating func sum(_ table: SummedTable, in database: Database) throws {
        let key = table.keys.map { "quote(\($0))" }.joined(separator: " || ', ' || ")
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT \(key), checksum, \(table.sum()) FROM \(table.name) NOT INDEXED WHERE NOT \(table.isWhole)")
        while let row = try rows.next(), findings.faults.count < StoreFindings.faultsMaximum {
            let damage = RowDamage(
                table, "\(table.keys.joined(separator: ", ")) \(row[0] as String)", where: "", expected: row[1],
                found: row[2])
            add("\(damage)")
        }
    }

    private static let wholeLogs = Query(LogRow.query + " WHERE \(SummedTable.log.isWhole) ORDER BY tenant")

    /// Those that are whole; the others have been told of.
    private func logRows(in database: Database) throws -> [LogRow] {
        var logs: [LogRow] = []
        try Statements(database).rows(Self.wholeLogs) { row in
            logs.append(try LogRow(row))
            return true
        }
        return logs
    }

    private mutating func chain(_ log: LogRow, in database: Database) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT sequence, previous, checksum, \(SummedTable.record.isWhole) FROM record WHERE tenant = ? "
                + "ORDER BY sequence", arguments: [log.tenant])
        var last = log.purged.stored
        // nil: that of a record that is damaged or gone, which cannot be compared.
        var checksum: Int64? = log.anchor
        while let row = try rows.next() {
            let (sequence, previous): (Int64, Int64) = (row[0], row[1])
            let isWhole: Bool = row[3]
            missing(from: last + 1, to: sequence - 1, of: log)
            if sequence == last + 1, isWhole, let checksum, checksum != previous {
                add(
                    "record (\(RowDamage.recordKey(log.tenant, UInt64(sequence)))): it follows a record with the checksum "
                        + "\(RowDamage.hexadecimal(previous)), and the one before it has \(RowDamage.hexadecimal(checksum))"
                )
            }
            checksum = isWhole ? row[2] : nil
            last = sequence
        }
        missing(from: last + 1, to: log.lastSequence.stored, of: log)
        if last == log.lastSequence.stored, let checksum, checksum != log.head {
            add(
                "log (tenant \(log.tenant)): its last record has the checksum \(RowDamage.hexadecimal(checksum)), and should "
                    + "have \(RowDamage.hexadecimal(log.head))")
        } else if last > log.lastSequence.stored {
            add("log (tenant \(log.tenant)): it ends at \(log.lastSequence), but there is a record \(last)")
        }
    }

    private mutating func missing(from first: Int64, to last: Int64, of log: LogRow) {
        guard first <= last else { return }
        add("record (tenant \(log.tenant)): \(first == last ? "\(first) is" : "\(first) to \(last) are") missing")
    }

    /// What tables say of each other.
    private mutating func compare(_ database: Database) throws {
        let comparisons =
            [
                (
                    "SELECT log.tenant, log.unfinished, count(job.number) AS found FROM log LEFT JOIN job "
                        + "ON job.tenant = log.tenant AND job.state = 2 GROUP BY log.tenant HAVING found <> log.unfinished",
                    { row in "log (tenant \(row[0])): unfinished jobs: \(row[1]) expected, \(row[2]) found" }
                ),
                (
                    "SELECT DISTINCT tenant FROM job WHERE tenant NOT IN (SELECT tenant FROM log) UNION "
                        + "SELECT DISTINCT tenant FROM record WHERE tenant NOT IN (SELECT tenant FROM log)",
                    { row in "log (tenant \(row[0])): it is missing" }
                ),
                (
                    "SELECT number FROM job WHERE state = 2 AND number NOT IN (SELECT job FROM content)",
                    { row in "content (job \(row[0])): it is missing" }
                ),
                (
                    "SELECT record.tenant, sequence, job FROM record WHERE job NOT IN (SELECT number FROM job)",
                    { row in "job (number \(row[2])): it is missing; record \(row[1]) of tenant \(row[0]) is of it" }
                ),
                (
                    "SELECT job.number, job.sequence, job.tenant FROM job LEFT JOIN record "
                        + "ON record.tenant = job.tenant AND record.sequence = job.sequence "
                        + "WHERE job.state <> 2 AND record.job IS NOT job.number AND NOT (job.is_dead_letter "
                        + "AND job.sequence <= (SELECT purged FROM log WHERE log.tenant = job.tenant))",
                    { row in
                        "job (number \(row[0])): it has ended, and record \(row[1]) of tenant \(row[2]) is not of it"
                    }
                ),
                (
                    "SELECT consumer.tenant, name, acknowledged, last_sequence FROM consumer LEFT JOIN log USING (tenant) "
                        + "WHERE acknowledged > coalesce(last_sequence, 0)",
                    { row in
                        "consumer (tenant \(row[0]), name \(row[1])): it has acknowledged \(row[2]), behind the log's end"
                    }
                ),
            ] as [(String, ([String]) -> String)]
        for (sql, fault) in comparisons {
            let rows = try Row.fetchCursor(database, sql: sql)
            while let row = try rows.next(), findings.faults.count < StoreFindings.faultsMaximum {
                add(fault(row.databaseValues.map { "\(String.fromDatabaseValue($0) ?? $0.description)" }))
            }
        }
    }
}
