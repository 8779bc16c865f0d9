import JobModel
package import JobStore

/// Makes the store's tables, and brings those of an earlier version up to date. That takes rights that a broker's role need
/// not have.
package enum PostgresSchema {
    /// Makes the tables where there are none.
    ///
    /// - Parameter role: Who gets the rights that a broker needs; nil: nobody.
    /// - Returns: What was done, a line each.
    package static func make(
        _ settings: PostgresJobStore.Settings, grantingTo role: String?
    ) throws(StoreError) -> [String] {
        let session = try CommandSession(settings)
        let (connection, name) = (session.connection, session.name)
        let state = try SchemaState(connection, name: name)
        var lines: [String] = []
        if state.format == nil {
            try run(
                [
                    Statement("BEGIN"), Statement("CREATE SCHEMA IF NOT EXISTS dragoman"),
                ] + statements(Schema.migrations) + [
                    Statement(
                        """
                        INSERT INTO dragoman.store (format, cluster, history, origin)
                        VALUES ($1::bigint, $2::text, $3::bytea, \(SchemaState.origin))
                        """, .integer(Int64(Schema.format)), .text(settings.cluster), .bytes(LogID.random().bytes)),
                    Statement("INSERT INTO dragoman.tenure DEFAULT VALUES"), Statement("COMMIT"),
                ], on: connection, name: name)
            lines.append(
                "\(name): the tables of format \(Schema.format) are there, for the service \"\(settings.cluster)\"")
        } else {
            try state.check(cluster: settings.cluster, name: name)
            lines.append("\(name) has tables of format \(Schema.format); nothing was changed in them")
        }
        if let role {
            try run(grants(to: role), on: connection, name: name)
            lines.append("the role \(role) has the rights that a broker needs")
        }
        return lines
    }

    /// Brings the tables up to date, while no broker has the store: what a broker of another version does meanwhile is
    /// refused by its epoch.
    package static func migrate(_ settings: PostgresJobStore.Settings) throws(StoreError) -> [String] {
        let session = try CommandSession(settings)
        let (connection, name) = (session.connection, session.name)
        let state = try SchemaState(connection, name: name)
        guard let format = state.format, format < Schema.format else {
            try state.check(cluster: settings.cluster, name: name)
            return ["\(name) has format \(Schema.format), which is this version's"]
        }
        let roles: [String]
        do {
            roles = try connection.run(Schema.granteesQuery).rows.map { try $0.text(0) }
        } catch {
            throw StoreError(reading: error, store: name)
        }
        try run(
            [
                Statement("BEGIN"),
                Statement("UPDATE dragoman.store SET epoch = epoch + 1"),
            ] + statements(Schema.migrations.dropFirst(format)) + roles.flatMap(restoredGrants) + [
                Statement("UPDATE dragoman.store SET format = $1::bigint", .integer(Int64(Schema.format))),
                Statement("COMMIT"),
            ], on: connection, name: name)
        return ["\(name) was of format \(format), and has format \(Schema.format) now"]
    }

    /// That what is in the database is the store from now on, though it was set back to an earlier state: the result logs
    /// get a new identity.
    ///
    /// - Throws: `.busy` when a broker has the store.
    package static func accept(_ settings: PostgresJobStore.Settings) throws(StoreError) -> [String] {
        let session = try CommandSession(settings)
        try session.check(settings)
        let history = LogID.random()
        try session.keepBrokersOut()
        try session.commit([
            Statement("UPDATE store SET history = $1::bytea, epoch = epoch + 1", .bytes(history.bytes))
        ])
        return ["the result logs of \(session.name) have a new identity, \(history), of which consumers are told"]
    }

    /// - Parameter grantee: As the database names it: `PUBLIC` is everyone, not a role.
    private static func restoredGrants(to grantee: String) -> [Statement] {
        grantee == "PUBLIC" ? Schema.grants(to: grantee).map { Statement($0) } : grants(to: grantee)
    }

    private static func grants(to role: String) -> [Statement] {
        // As an identifier: quotation marks in it are doubled.
        let quoted =
            "\"" + role.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        return Schema.grants(to: quoted).map { Statement($0) }
    }

    /// One statement each: that is what the protocol prepares. No statement has a semicolon within.
    private static func statements(_ migrations: some Sequence<String>) -> [Statement] {
        migrations.flatMap { $0.split(separator: ";") }.map(String.init)
            .filter { text in
                text.split(separator: "\n").contains { line in
                    let words = line.drop { $0 == " " }
                    return !words.isEmpty && !words.hasPrefix("--")
                }
            }.map { Statement($0) }
    }

    private static func run(_ statements: [Statement], on connection: Connection, name: String) throws(StoreError) {
        // One by one: a table must be there before a statement about it is prepared.
        do throws(Connection.Failure) {
            for statement in statements { _ = try connection.run([statement]) }
        } catch {
            throw StoreError(error, store: name)
        }
    }
}
