import Foundation
import GRDB
import JobModel
import JobStore

/// What a broker that starts does about damage: it is confined to the jobs that it has hit, or the start is refused.
extension Recovery {
    /// - Returns: Unfinished jobs, all of them, after those that are damaged have been ended.
    static func intactJobs(in database: Database, _ transaction: inout Transaction) throws -> [QueuedJob] {
        let jobs = try unfinishedJobs(in: database, &transaction)
        if let jobs, try shortfall(of: jobs, transaction.statements) == nil { return jobs }
        try endDamagedJobs(in: database, &transaction)
        guard let rest = try unfinishedJobs(in: database, &transaction) else {
            throw RowDamage(table: "job", key: "all", condition: nil, problem: "damage that cannot be confined")
        }
        if let shortfall = try shortfall(of: rest, transaction.statements) { throw shortfall }
        return rest
    }

    /// Whether jobs are missing, or too many.
    private static func shortfall(of jobs: [QueuedJob], _ statements: Statements) throws -> RowDamage? {
        var found = jobs.reduce(into: [String: Int64]()) { $0[$1.key.tenant, default: 0] += 1 }
        var expected: [String: Int64] = [:]
        for log in try LogRow.all(with: statements) where log.unfinished != 0 { expected[log.tenant] = log.unfinished }
        guard found != expected else { return nil }
        found.merge(expected.mapValues { _ in 0 }) { found, _ in found }
        let tenant = found.keys.sorted().first { found[$0] != expected[$0, default: 0] } ?? ""
        return RowDamage(
            table: "job", key: "tenant \(tenant)", condition: nil,
            problem: "unfinished jobs: \(expected[tenant, default: 0]) expected, \(found[tenant, default: 0]) found")
    }

    private static func endDamagedJobs(in database: Database, _ transaction: inout Transaction) throws {
        let numbers = try Int64.fetchAll(
            database, sql: "SELECT number FROM job NOT INDEXED WHERE NOT \(SummedTable.job.isWhole)")
        var dead: [(number: Int64, key: JobKey)] = []
        for number in numbers {
            let damage = try RowDamage.job(number, in: database)
            transaction.note(damage)
            guard let row = try database.row("SELECT id, tenant FROM job NOT INDEXED WHERE number = ?", number) else {
                continue
            }
            // Who the job is must not be believed of a row that is damaged, unless the index says the same.
            let isConfirmed = try database.integer(
                "SELECT 1 FROM job INDEXED BY job_by_id WHERE id = ? AND tenant = ? AND number = ?",
                try row.bytes(0).data,
                row[1] as String, number)
            guard isConfirmed == 1 else { throw damage }
            let key = JobKey(tenant: row[1], id: try row.jobID(0))
            let hasEnded = try database.integer(
                "SELECT 1 FROM record WHERE tenant = ? AND job = ? AND state >= ? LIMIT 1", key.tenant, number,
                Int64(JobState.done.rawValue))
            if hasEnded == nil { dead.append((number, key)) }
        }
        // Indices of columns that are damaged would not let go of the rows.
        try database.execute(sql: "REINDEX job")
        let now = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        for (number, key) in dead { _ = try transaction.bury(key, number, at: now) }
        try transaction.writeLogs()
    }

    /// That each log is as long as it says, and each tenant with records or a place in the log has one.
    static func checkLogs(_ logs: [LogRow], in database: Database) throws {
        let known = Dictionary(uniqueKeysWithValues: logs.map { ($0.tenant, $0) })
        var tenant = try String.fetchOne(database, sql: "SELECT min(tenant) FROM record")
        while let name = tenant {
            guard let log = known[name] else { throw RowDamage.missing(.log, "tenant \(name)") }
            let last = try database.row("SELECT max(sequence) FROM record WHERE tenant = ?", name)?.optionalCount(0)
            if let last, last > log.lastSequence {
                throw RowDamage(
                    table: "log", key: "tenant \(name)", condition: nil,
                    problem: "it ends at \(log.lastSequence), but there is a record \(last)")
            }
            tenant = try String.fetchOne(
                database, sql: "SELECT min(tenant) FROM record WHERE tenant > ?", arguments: [name])
        }
        let later = try database.row(
            "SELECT tenant, log.epoch, broker.epoch FROM log, broker WHERE log.epoch > broker.epoch LIMIT 1")
        if let later {
            throw RowDamage(
                table: "log", key: "tenant \(later[0] as String)", condition: nil,
                problem:
                    "it was written in epoch \(later[1] as Int64), and the database is of epoch \(later[2] as Int64): "
                    + "the journal (-wal) beside it belongs to another copy")
        }
    }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}
