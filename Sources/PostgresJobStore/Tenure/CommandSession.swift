import JobStore

/// The session of a command that looks at a store or changes it, and is no broker.
struct CommandSession {
    let connection: Connection
    /// The store's, for messages.
    let name: String

    /// - Parameter patience: How long an answer is waited for, and a transaction for this process, in milliseconds.
    init(_ settings: PostgresJobStore.Settings, patience: Int = 600_000) throws(StoreError) {
        var target = try Connection.Target(settings.url, password: settings.password)
        target.patience = patience
        name = target.name
        connection = try Connection.open(target, idleMilliseconds: patience)
    }

    /// That the store is one of this version and service.
    func check(_ settings: PostgresJobStore.Settings) throws(StoreError) {
        try SchemaState(connection, name: name).check(cluster: settings.cluster, name: name)
    }

    /// Begins a transaction, until the end of which no broker takes the store.
    ///
    /// - Throws: `.busy` when one has it.
    func keepBrokersOut() throws(StoreError) {
        let row = try using { connection in
            try connection.run([
                // One state of all tables, which stays as it is until the end. It is that of the first query: after the lock,
                // for which the commit of a broker that is gone is waited for.
                Statement("BEGIN ISOLATION LEVEL REPEATABLE READ"),
                Statement("LOCK TABLE tenure, store IN EXCLUSIVE MODE"),
                Statement("SELECT \(Attempt.isHeld()), owner_name FROM tenure, store"),
            ])[2].rows.first
        }
        guard let row else { throw StoreError.withoutOwner(store: name) }
        guard try using({ _ in try !row.flag(0) }) else {
            throw StoreError(
                .busy, "\(row.optionalText(1) ?? "a broker") has the job store \(name); stop all its brokers first")
        }
    }

    /// Ends the transaction.
    ///
    /// - Parameter last: What still belongs to it.
    func commit(_ last: [Statement]) throws(StoreError) {
        do {
            _ = try connection.run(last + [Statement("COMMIT")])
        } catch {
            throw StoreError(ending: error, store: name)
        }
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
    }

    func using<Value>(_ body: (Connection) throws -> Value) throws(StoreError) -> Value {
        do {
            return try body(connection)
        } catch {
            throw StoreError(reading: error, store: name)
        }
    }
}

extension StoreError {
    /// What kept the last transaction of a move from being committed.
    init(ending error: any Error, store: String) {
        guard case Connection.Failure.lost(let reason)? = error as? Connection.Failure else {
            self.init(reading: error, store: store)
            return
        }
        self.init(
            .unknownOutcome,
            "the connection to the job store \(store) was lost at the very end: \(reason). Whether the change is done is not "
                + "known: look with `dragoman store check` before a broker is started, and after a move never start "
                + "brokers on both stores")
    }
}
