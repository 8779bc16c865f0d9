import Foundation
import GRDB
import JobStore
import Synchronization

/// What was found damaged, until the next commit puts it where it is kept for those who want to look into it.
final class Quarantine: Sendable {
    private struct State {
        /// Of this run, so that what is read again and again is reported once.
        var known: Set<RowDamage> = []
        var waiting: [RowDamage] = []
    }

    private let state = Mutex(State())
    private let report: @Sendable (RowDamage) -> Void
    /// A store with more damage is not one to look into row by row.
    private static let rowsMaximum = 10_000

    init(report: @escaping @Sendable (RowDamage) -> Void) { self.report = report }

    func note(_ damage: RowDamage) {
        let isNew = state.withLock { state in
            guard state.known.count < Self.rowsMaximum, state.known.insert(damage).inserted else { return false }
            state.waiting.append(damage)
            return true
        }
        if isNew { report(damage) }
    }

    /// Copies what was noted, as far as it is still there.
    ///
    /// - Returns: How much it was, for `wrote`.
    func write(to database: Database) throws -> Int {
        let waiting = state.withLock { $0.waiting }
        for damage in waiting { try Self.keep(damage, in: database) }
        return waiting.count
    }

    /// The transaction is durable.
    func wrote(_ count: Int) { if count > 0 { state.withLock { $0.waiting.removeFirst(count) } } }

    static func keep(_ damage: RowDamage, in database: Database) throws {
        guard let table = SummedTable.all.first(where: { $0.name == damage.table }) else { return }
        let row = try damage.condition.flatMap { condition in
            try String.fetchOne(database, sql: "SELECT \(table.dump) FROM \(table.name) WHERE \(condition)")
        }
        try database.run(
            "INSERT OR IGNORE INTO quarantine (table_name, key, problem, row, found_at) VALUES (?, ?, ?, ?, ?)",
            damage.table, damage.key, damage.problem, row, Int64(Date().timeIntervalSince1970 * 1000))
    }
}
