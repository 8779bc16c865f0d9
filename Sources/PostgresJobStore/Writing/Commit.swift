import JobModel
import JobStore
import Wire

/// Writes, carried out in one transaction.
struct Commit {
    private(set) var outcomes: [WriteOutcome] = []
    /// Where the logs end now that it has added to.
    private(set) var ends: [String: UInt64] = [:]

    /// How often it is tried again when another transaction was in the way.
    private static let retries = 3

    /// - Throws: `.unknownOutcome` when it may have been carried out; after every other error it was not.
    init(of writes: [Write], on connection: Connection, epoch: Int64, name: String) throws(StoreError) {
        var tries = 0
        while true {
            do {
                var commit = Commit()
                try commit.run(writes, on: connection, epoch: epoch, name: name)
                self = commit
                return
            } catch {
                connection.rollBack()
                tries += 1
                if case Connection.Failure.server("23505", _) = error, tries <= Self.retries { continue }
                throw StoreError(reading: error, store: name)
            }
        }
    }

    private init() {}

    private mutating func run(_ writes: [Write], on connection: Connection, epoch: Int64, name: String) throws {
        let decoder = try StoredMessageDecoder()
        var fence = Fence.statements(epoch)
        var rest = writes[...]
        repeat {
            let part = rest.prefix { !$0.isPurge }
            rest = rest.dropFirst(part.count)
            var set = try WorkingSet(Demand(part), on: connection, decoder, after: fence) { answers in
                guard answers.isEmpty || Fence.isPassed(answers) else { throw StoreError.superseded(store: name) }
            }
            fence = []
            outcomes += part.map { set.apply($0) }
            for tenant in set.changes.changedLogs { ends[tenant] = set.logs[tenant]!.last }
            guard case .purge(let age, let retention, let acknowledged, let abandonment, let limit)? = rest.popFirst()
            else {
                return try end(set.statements, on: connection, name: name)
            }
            _ = try connection.run(set.statements)
            let purge = Purge(
                age: age, retention: retention, acknowledgedRetention: acknowledged, consumerAbandonment: abandonment,
                limit: limit)
            outcomes.append(try purge.run(on: connection))
        } while !rest.isEmpty
        try end([], on: connection, name: name)
    }

    private func end(_ statements: [Statement], on connection: Connection, name: String) throws {
        do {
            _ = try connection.run(statements + [Statement("COMMIT")])
        } catch Connection.Failure.lost(let reason) {
            throw StoreError(
                .unknownOutcome,
                "the connection to the job store \(name) was lost during a commit: \(reason); the broker begins again, and "
                    + "finds out what came of it")
        }
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
    }
}

extension Write {
    fileprivate var isPurge: Bool {
        if case .purge = self { return true }
        return false
    }
}
