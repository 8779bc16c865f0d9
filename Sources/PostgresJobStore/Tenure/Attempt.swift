import Clocks
import JobModel
import JobStore

/// An attempt to take the store.
enum Attempt {
    /// - Parameter begun: When the tenure began, at the latest, by this machine's monotonic clock.
    case acquired(epoch: Int64, wasClosed: Bool, begun: UInt64)
    case taken(by: String)

    /// Whether a broker has the store, of a query of both tables. An end that is farther away than a tenure is long was
    /// written by another clock, as that of a primary that was lost.
    ///
    /// - Parameter asker: In SQL, the broker that asks: of itself that does not hold.
    static func isHeld(besides asker: String = "NULL") -> String {
        """
        (tenure.expires_at > clock_timestamp() AND store.owner IS DISTINCT FROM \(asker)
            AND tenure.expires_at <= clock_timestamp() + tenure.milliseconds * interval '1 millisecond')
        """
    }

    private static let isAnothers = isHeld(besides: "$1::bytea")

    /// Looks without a lock, so that those who stand by do not get into the way of the owner's commits.
    ///
    /// - Parameter owner: The broker that asks.
    /// - Returns: nil when the store seems to be free.
    static func look(
        _ connection: Connection, as owner: LogID, _ settings: PostgresJobStore.Settings, name: String
    ) throws(StoreError) -> Attempt? {
        try SchemaState(connection, name: name).check(cluster: settings.cluster, name: name)
        do {
            let rows = try connection.run(
                "SELECT store.owner_name FROM tenure, store WHERE \(isAnothers)", .bytes(owner.bytes)
            ).rows
            return rows.first.map { .taken(by: $0.optionalText(0) ?? "") }
        } catch {
            throw StoreError(reading: error, store: name)
        }
    }

    init(
        _ connection: Connection, as owner: LogID, _ settings: PostgresJobStore.Settings, name: String
    ) throws(StoreError) {
        do {
            self = try Self.attempt(connection, owner, settings, name: name)
        } catch {
            connection.rollBack()
            throw StoreError(reading: error, store: name)
        }
    }

    private static func attempt(
        _ connection: Connection, _ owner: LogID, _ settings: PostgresJobStore.Settings, name: String
    ) throws -> Attempt {
        let answers = try connection.run([
            Statement("BEGIN"),
            // Waits for the commit of an owner whose tenure has ended; of its outcome no doubt is left then.
            Statement(
                "SELECT \(isAnothers), store.is_closed, store.owner_name FROM tenure, store FOR UPDATE",
                .bytes(owner.bytes)
            ),
        ])
        guard let row = answers[1].rows.first else {
            throw StoreError.withoutOwner(store: name)
        }
        let wasClosed = try row.flag(1)
        guard try !row.flag(0) else {
            connection.rollBack()
            return .taken(by: row.optionalText(2) ?? "")
        }
        let begun = SystemClock.monotonic
        let answer = try connection.run([
            Statement(
                """
                UPDATE store SET epoch = epoch + 1, owner = $1::bytea, owner_name = $2::text, is_closed = false
                RETURNING epoch
                """, .bytes(owner.bytes), .text(settings.broker)),
            Statement(
                """
                UPDATE tenure SET epoch = (SELECT epoch FROM store), milliseconds = $1::bigint,
                    expires_at = clock_timestamp() + $1::bigint * interval '1 millisecond'
                """, .integer(Int64(settings.tenureMilliseconds))),
            Statement("COMMIT"),
        ])
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
        return .acquired(epoch: try answer[0].rows[0].integer(0), wasClosed: wasClosed, begun: begun)
    }

    /// A commit that is durable when this returns, and with it all that was committed before.
    static func barrier(_ connection: Connection, epoch: Int64, name: String) throws(StoreError) {
        do throws(Connection.Failure) {
            let answer = try connection.run(
                "UPDATE tenure SET expires_at = expires_at WHERE epoch = $1::bigint", .integer(epoch))
            guard answer.changed == 1 else { throw Connection.Failure.unfit(.superseded(store: name)) }
        } catch {
            throw StoreError(error, store: name)
        }
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
    }
}

extension StoreError {
    static func withoutOwner(store: String) -> StoreError {
        StoreError(.damaged, "the job store \(store) has no row that says whose it is; restore a backup")
    }

    /// A commit for whose replication the server waits no more "has already committed locally, but might not have been
    /// replicated to the standby" (`syncrep.c`): it returns success, and a warning.
    static func notReplicated(_ warning: String, store: String) -> StoreError {
        StoreError(.unknownOutcome, "the job store \(store) does not vouch for a commit: \(warning)")
    }
}
