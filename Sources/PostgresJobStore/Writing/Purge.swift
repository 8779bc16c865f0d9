import JobModel
import JobStore

/// What has expired goes: see `Write.purge`.
struct Purge {
    var age: UInt64
    var retention: UInt64
    var acknowledgedRetention: UInt64
    var consumerAbandonment: UInt64
    var limit: Int

    /// A log that may have something to lose.
    private struct Front {
        var tenant: String
        var purged: UInt64
        /// The last record that has been there for `retention`; 0: none has.
        var old: UInt64
        /// The last that all have acknowledged, and that has been there for `acknowledgedRetention`.
        var unneeded: UInt64
        var hasLetters: Bool
    }

    func run(on connection: Connection) throws -> WriteOutcome {
        let aged = try connection.run(
            "UPDATE store SET age = greatest(age, $1::bigint) RETURNING age", .count(age))
        guard let row = aged.rows.first else { throw RowError("the store's row is missing") }
        let now: UInt64 = try row.count(0)
        var remaining = limit
        var dead: [String: Int] = [:]
        for front in try fronts(on: connection, at: now) {
            var purged = front.purged
            let last = max(front.old, front.unneeded)
            if last > purged, remaining > 0 {
                let records = try connection.run(
                    Self.recordsQuery, .text(front.tenant), .count(last), .integer(Int64(remaining)),
                    .count(front.purged)
                ).rows
                var jobs: [Int64] = []
                for record in records {
                    let state = try record.state(2)
                    let isDead = try state == .dead && record.optionalInteger(3) == 1
                    guard try state.isTerminal && (record.count(0) <= front.old || !isDead) else { continue }
                    jobs.append(try record.integer(1))
                    if isDead { dead[front.tenant, default: 0] += 1 }
                }
                if let end = records.last {
                    purged = try end.count(0)
                    remaining -= records.count
                    _ = try connection.run(
                        Self.removals(of: jobs) + [
                            Statement(
                                "DELETE FROM record WHERE tenant = $1::text AND sequence > $3::bigint AND sequence <= $2::bigint",
                                .text(front.tenant), .count(purged), .count(front.purged)),
                            Statement(
                                "UPDATE log SET purged = $2::bigint WHERE tenant = $1::text", .text(front.tenant),
                                .count(purged)),
                        ])
                }
            }
            guard front.hasLetters, remaining > 0 else { continue }
            let letters = try connection.run(
                Self.lettersQuery, .text(front.tenant), .count(min(front.old, purged)), .integer(Int64(remaining))
            ).rows.map { try $0.integer(0) }
            guard !letters.isEmpty else { continue }
            _ = try connection.run(Self.removals(of: letters))
            dead[front.tenant, default: 0] += letters.count
            remaining -= letters.count
        }
        return .purged(records: limit - remaining, dead: dead)
    }

    private static let recordsQuery = """
        SELECT record.sequence, record.job, record.state, job.is_dead_letter
        FROM record LEFT JOIN job ON job.number = record.job
        WHERE record.tenant = $1::text AND record.sequence > $4::bigint AND record.sequence <= $2::bigint
        ORDER BY record.sequence LIMIT $3::bigint
        """
    /// Jobs on the list of the dead whose record is gone, oldest first.
    private static let lettersQuery = """
        SELECT number FROM job WHERE tenant = $1::text AND is_dead_letter AND sequence <= $2::bigint
        ORDER BY sequence LIMIT $3::bigint
        """

    private static func removals(of jobs: [Int64]) -> [Statement] {
        [
            Statement("DELETE FROM job WHERE number = ANY ($1::bigint[])", .integers(jobs)),
            Statement("DELETE FROM content WHERE job = ANY ($1::bigint[])", .integers(jobs)),
        ]
    }

    /// Marks how far each log goes (see `LogAge`), and finds what that makes old.
    private func fronts(on connection: Connection, at now: UInt64) throws -> [Front] {
        let answers = try connection.run([
            Statement("SELECT 1 FROM log ORDER BY tenant FOR UPDATE"),
            // A mark replaces those of the same ten minutes.
            Statement(
                """
                DELETE FROM log_age USING log
                WHERE log.tenant = log_age.tenant AND log_age.age >= $1::bigint AND log.last_sequence > (
                    SELECT max(sequence) FROM log_age AS other WHERE other.tenant = log.tenant)
                """, .count(LogAge.start(ofMarksReplacedAt: now))),
            Statement(
                """
                INSERT INTO log_age (tenant, age, sequence)
                SELECT tenant, $1::bigint, last_sequence FROM log WHERE last_sequence > coalesce((
                    SELECT max(sequence) FROM log_age WHERE log_age.tenant = log.tenant), 0)
                """, .count(now)),
            Statement(
                """
                SELECT tenant, purged, old, least(kept, coalesce(read, 0)), EXISTS (
                    SELECT 1 FROM job WHERE job.tenant = log.tenant AND is_dead_letter AND job.sequence <= old)
                FROM log
                CROSS JOIN LATERAL (SELECT coalesce(max(sequence), 0) AS old FROM log_age
                    WHERE log_age.tenant = log.tenant AND age <= $1::bigint) AS old
                CROSS JOIN LATERAL (SELECT coalesce(max(sequence), 0) AS kept FROM log_age
                    WHERE log_age.tenant = log.tenant AND age <= $2::bigint) AS kept
                CROSS JOIN LATERAL (SELECT min(acknowledged) AS read FROM consumer
                    WHERE consumer.tenant = log.tenant AND acknowledged > 0
                        AND (seen_at = 0 OR seen_at >= $3::bigint)) AS read
                WHERE old > 0 OR kept > 0
                ORDER BY tenant
                """, .integer(Self.before(now, retention)), .integer(Self.before(now, acknowledgedRetention)),
                .integer(max(Self.before(now, consumerAbandonment), 0))),
        ])
        let fronts = try answers[3].rows.map { row in
            Front(
                tenant: try row.text(0), purged: try row.count(1), old: try row.count(2), unneeded: try row.count(3),
                hasLetters: try row.flag(4))
        }
        let old = fronts.filter { $0.old > 0 }
        if !old.isEmpty {
            _ = try connection.run(
                """
                DELETE FROM log_age USING unnest($1::text[], $2::bigint[]) AS old (tenant, sequence)
                WHERE log_age.tenant = old.tenant AND log_age.sequence < old.sequence
                """, .texts(old.map(\.tenant)), .counts(old.map(\.old)))
        }
        return fronts.filter { max($0.old, $0.unneeded) > $0.purged || $0.hasLetters }
    }

    /// An age, or one that nothing has.
    private static func before(_ now: UInt64, _ duration: UInt64) -> Int64 {
        now >= duration ? Int64(storing: now - duration) : -1
    }
}
