import Clocks
package import JobModel
package import JobStore
import Synchronization
import Wire

/// Jobs in a PostgreSQL database, which several brokers may share: one of them has it, and the others stand by.
///
/// `acquire` is called until it succeeds; then the store is this broker's until an error says that its epoch has ended.
package final class PostgresJobStore: JobStore {
    package struct Settings: Sendable {
        /// As libpq takes it.
        package var url: String
        /// nil: the URL's, or that of libpq's password file.
        package var password: String?
        /// Which service this is: another's store is refused.
        package var cluster = "dragoman"
        /// What the other brokers call this one.
        package var broker = ""
        /// How long this broker has the store after it has said for the last time that it lives.
        package var tenureMilliseconds = 3000
        /// Called as a recovery goes on, which may take long.
        package var progress: @Sendable () -> Void = {}
        /// Called with what the operator should know, on any thread.
        package var report: @Sendable (StoreNotice) -> Void = { _ in }

        package init(url: String) { self.url = url }
    }

    /// What became of an attempt to take the store.
    package enum Acquisition: Sendable, Hashable {
        case acquired
        /// Another broker has it, and lives.
        case taken(by: String)
    }

    /// The store's, without a password.
    package let name: String
    let settings: Settings
    private let target: Connection.Target
    /// What the store calls this broker: an attempt of which the answer was lost is known again.
    private let owner = LogID.random()
    private let writer = Mutex<Connection?>(nil)
    private let reader = Mutex<Connection?>(nil)
    private let held = Mutex<Held?>(nil)

    /// What this broker has while the store is its.
    private struct Held {
        var tenure: Tenure
        var wasClosed: Bool
        /// Whether a broker runs on it, whose unfinished business the next one finds.
        var isRecovered = false
        /// Of each log, the last record that is known to be durable; nothing behind it is read.
        var ends: [String: UInt64] = [:]
        /// Why nothing is written or read any more.
        var failure: StoreError?
    }

    /// Connects to nothing yet.
    ///
    /// - Throws: `.incompatible` when the URL is none.
    package init(_ settings: Settings) throws(StoreError) {
        self.settings = settings
        target = try Connection.Target(settings.url, password: settings.password)
        name = target.name
    }

    /// Takes the store, if no other broker has it.
    ///
    /// - Throws: `.unreachable` when there is no database that answers; `.incompatible` when it has no tables, or those of
    ///   another version or service.
    package func acquire() throws(StoreError) -> Acquisition {
        let look = try using(writer, patience: 10_000) { (connection) throws(StoreError) in
            try Attempt.look(connection, as: owner, settings, name: name)
        }
        if case .taken(let other)? = look { return .taken(by: other) }
        // Before the tenure begins: to open a session may take as long as the tenure.
        let keeper = try keeper()
        let attempt = try using(writer, patience: 10_000) { (connection) throws(StoreError) in
            try Attempt(connection, as: owner, settings, name: name)
        }
        switch attempt {
        case .taken(let other): return .taken(by: other)
        case .acquired(let epoch, let wasClosed, let begun):
            let tenure = Tenure(
                epoch: epoch, begun: begun, milliseconds: settings.tenureMilliseconds, on: keeper, name: name
            ) { [target, settings] () throws(StoreError) in try Self.keeper(target, settings) }
            held.withLock { $0 = Held(tenure: tenure, wasClosed: wasClosed) }
            return .acquired
        }
    }

    /// A session that extends the tenure, and does not wait for longer than half of it.
    private func keeper() throws(StoreError) -> Connection { try Self.keeper(target, settings) }

    private static func keeper(_ target: Connection.Target, _ settings: Settings) throws(StoreError) -> Connection {
        var target = target
        target.patience = max(settings.tenureMilliseconds / 2, 100)
        return try Connection.open(target, idleMilliseconds: settings.tenureMilliseconds)
    }

    package func recover() throws(StoreError) -> Recovery {
        let held = try current()
        let connection = try open(patience: 300_000)
        // It may be another server than that on which the epoch was begun.
        try Attempt.barrier(connection, epoch: held.tenure.epoch, name: name)
        var recovery = try Recovery(
            from: connection, epoch: held.tenure.epoch, wasClosed: held.wasClosed, settings, name: name)
        // Of a plan that cannot be read nothing can be translated: such a job ends, rather than wait for ever.
        let damaged = recovery.jobs.filter(\.chunks.isEmpty)
        if !damaged.isEmpty {
            for job in damaged {
                settings.report(
                    StoreNotice(
                        .error, "the job store \(name) is damaged: the plan of job \(job.key.id) cannot be read"))
            }
            _ = try commit(
                damaged.map { .end($0.key, .dead, .storeDamaged, attempts: 0, at: SystemClock.wall) })
            recovery = try Recovery(
                from: connection, epoch: held.tenure.epoch, wasClosed: held.wasClosed, settings, name: name)
        }
        self.held.withLock {
            $0?.ends = recovery.lastSequences
            $0?.isRecovered = true
        }
        return recovery
    }

    package func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] {
        let held = try current()
        guard !writes.isEmpty else { return [] }
        do throws(StoreError) {
            let commit = try using(writer, patience: 10_000) { (connection) throws(StoreError) in
                try Commit(of: writes, on: connection, epoch: held.tenure.epoch, name: name)
            }
            self.held.withLock { held in
                for (tenant, end) in commit.ends { held?.ends[tenant] = end }
            }
            return commit.outcomes
        } catch {
            if error.endsEpoch { end(error) }
            throw error
        }
    }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try read { try $0.contents(of: chunks) }
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        let end = try current().ends[tenant] ?? 0
        guard sequence < end, limit > 0 else { return [] }
        return try read { try $0.records(of: tenant, after: sequence, upTo: end, limit: limit, bytes: bytes) }
    }

    package func firstSequence(of tenant: String) throws(StoreError) -> UInt64? {
        try read { try $0.firstSequence(of: tenant) }
    }

    package func report(on job: JobKey) throws(StoreError) -> JobReport? { try read { try $0.report(on: job) } }

    package func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try read { try $0.deadLetters(of: tenant, after: sequence, limit: limit) }
    }

    package func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try read { try $0.deadLetters(fromTenant: tenant, after: sequence, limit: limit) }
    }

    package func jobs(_ selection: JobSelection) throws(StoreError) -> JobList {
        try read { try $0.jobs(selection) }
    }

    package func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] { try read { try $0.tenants(with: ids) } }

    /// That the store is still this broker's, and that the database has answered the last time that the tenure was extended:
    /// it is not asked here, where commits wait.
    package func checkPlace() throws(StoreError) {
        guard let reason = try current().tenure.reason else { return }
        throw StoreError(.unreachable, reason)
    }

    package func whenEpochEnds(_ report: @escaping @Sendable (StoreError) -> Void) {
        held.withLock { $0?.tenure }?.whenOver(report)
    }

    /// Gives the store back, so that another broker need not wait for the tenure's end.
    package func close() throws(StoreError) {
        guard let held = held.withLock({ $0 }) else { return }
        defer { abandon() }
        // It is another's, or soon: what it finds is as after a kill.
        if held.failure != nil { return }
        // Or it would be extended once more when it has been given back.
        held.tenure.stop()
        try using(writer, patience: 10_000) { (connection) throws(StoreError) in
            do {
                _ = try connection.run([
                    // In the order in which they are locked by who takes it.
                    Statement(
                        "UPDATE tenure SET expires_at = '-infinity' WHERE epoch = $1::bigint",
                        .integer(held.tenure.epoch)),
                    Statement(
                        """
                        UPDATE store SET is_closed = $2::boolean, owner = NULL, owner_name = NULL
                        WHERE epoch = $1::bigint
                        """, .integer(held.tenure.epoch), .flag(held.isRecovered || held.wasClosed)),
                ])
            } catch {
                throw StoreError(reading: error, store: name)
            }
        }
    }

    /// What the session that commits has as a parameter of the server.
    package func parameter(_ parameter: String) throws(StoreError) -> String {
        try using(writer, patience: 10_000) { (connection) throws(StoreError) in
            do {
                return try connection.run("SELECT current_setting($1::text)", .text(parameter)).rows[0].text(0)
            } catch {
                throw StoreError(reading: error, store: name)
            }
        }
    }

    /// Ends all sessions as a killed broker does: the store stays this one's until the tenure ends.
    package func abandon() {
        let tenure = held.withLock { held in
            defer { held = nil }
            return held?.tenure
        }
        tenure?.stop()
        writer.withLock { $0 = nil }
        reader.withLock { $0 = nil }
    }

    private func current() throws(StoreError) -> Held {
        guard let held = held.withLock({ $0 }) else {
            throw StoreError(.superseded, "the job store \(name) is not this broker's")
        }
        if let failure = held.failure { throw failure }
        do throws(StoreError) {
            try held.tenure.check()
        } catch {
            end(error)
            throw error
        }
        return held
    }

    private func end(_ failure: StoreError) {
        held.withLock { held in
            if held?.failure == nil { held?.failure = failure }
            held?.tenure.end(failure)
        }
    }

    private func read<Value: Sendable>(_ body: (Reads) throws -> Value) throws(StoreError) -> Value {
        let held = try current()
        return try using(reader, patience: settings.tenureMilliseconds, barrier: held.tenure.epoch) {
            (connection) throws(StoreError) in
            do {
                return try body(try Reads(connection))
            } catch {
                throw StoreError(reading: error, store: name)
            }
        }
    }

    /// Runs something on a session that is opened when there is none. One that was lost meanwhile is opened again, once.
    ///
    /// - Parameters:
    ///   - epoch: Before a new session's answers are believed, a commit under this epoch must be durable: what can be read on
    ///     a server that was started again, or took over, may not be on its synchronous standby yet.
    ///   - body: When it throws `.unreachable`, nothing has happened.
    private func using<Value: Sendable>(
        _ session: borrowing Mutex<Connection?>, patience: Int, barrier epoch: Int64? = nil,
        _ body: (Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try session.withLock { session throws(StoreError) in
            if let known = session {
                do throws(StoreError) {
                    return try body(known)
                } catch {
                    guard known.isLost else { throw error }
                    session = nil
                    guard error.code == .unreachable else { throw error }
                }
            }
            let connection = try open(patience: patience, looksUp: true)
            if let epoch { try Attempt.barrier(connection, epoch: epoch, name: name) }
            session = connection
            defer { if connection.isLost { session = nil } }
            return try body(connection)
        }
    }

    private func open(patience: Int, looksUp: Bool = false) throws(StoreError) -> Connection {
        var target = target
        target.patience = patience
        return try Connection.open(target, idleMilliseconds: settings.tenureMilliseconds, looksUp: looksUp)
    }
}
