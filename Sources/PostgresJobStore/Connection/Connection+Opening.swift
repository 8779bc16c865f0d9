import JobStore

extension Connection {
    /// The oldest release that has all that is used here: `client_connection_check_interval`, and pipelines that wait.
    private static let serverVersionMinimum = 140_000

    /// A session that is ready for the store's statements.
    ///
    /// - Parameters:
    ///   - idleMilliseconds: How long a transaction may wait for this process, which may have been stopped in the middle of
    ///     one: the rows that it has locked must not keep another broker out.
    ///   - looksUp: Whether its statements are those of commits and reads, each of which has to do with a few rows of large
    ///     tables and finds them by an index. PostgreSQL cannot know that of tables that were empty a minute ago, and reads
    ///     all of one where it takes it for small.
    static func open(_ target: Target, idleMilliseconds: Int, looksUp: Bool = false) throws(StoreError) -> Connection {
        let connection = try Connection(target)
        do throws(Failure) {
            // What an administrator has set for other programs: a statement, least of all a COMMIT, is not to be cancelled,
            // and a commit is durable on the synchronous standby where there is one.
            _ = try connection.run(
                """
                SELECT set_config('search_path', 'dragoman', false), set_config('statement_timeout', '0', false),
                    set_config('lock_timeout', '2s', false), set_config('client_connection_check_interval', '1s', false),
                    set_config('idle_in_transaction_session_timeout', $1::text, false),
                    set_config('idle_session_timeout', '0', false),
                    set_config('default_transaction_isolation', 'read committed', false),
                    -- That a commit was not replicated is said in a warning.
                    set_config('client_min_messages', 'warning', false),
                    set_config('synchronous_commit',
                        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END,
                        false)
                """, .text("\(idleMilliseconds)ms"))
            let answer = try connection.run(
                """
                SELECT current_setting('server_version_num')::bigint, current_setting('fsync'),
                    current_setting('server_encoding'), pg_is_in_recovery()
                """)
            try connection.check(answer.rows[0])
            if (try? answer.rows[0].integer(0)) ?? 0 >= 170_000 {
                _ = try connection.run("SELECT set_config('transaction_timeout', '0', false)")
            }
            if looksUp {
                _ = try connection.run(
                    """
                    SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
                        set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false)
                    """)
                try connection.keepPlans()
            }
        } catch {
            throw StoreError(reading: error, store: target.name)
        }
        return connection
    }

    private func check(_ row: Row) throws(Failure) {
        do {
            let version = try row.integer(0)
            guard version >= Self.serverVersionMinimum else {
                throw StoreError(
                    .incompatible,
                    "the job store \(target.name) is in PostgreSQL \(version / 10_000), and 14 is the oldest that will do"
                )
            }
            guard try row.text(1) == "on" else {
                throw StoreError(
                    .notDurable,
                    "the server of the job store \(target.name) has fsync off: a loss of power would lose what was accepted; "
                        + "set fsync = on")
            }
            guard try row.text(2) == "UTF8" else {
                throw StoreError(
                    .incompatible,
                    "the database of the job store \(target.name) has the encoding \(try row.text(2)), which does not have all "
                        + "characters; make one with createdb --encoding=UTF8 --template=template0")
            }
            guard try !row.flag(3) else {
                throw StoreError(
                    .readOnly,
                    "the server of the job store \(target.name) is a standby; give the address of the primary")
            }
        } catch {
            throw .unfit(StoreError(reading: error, store: target.name))
        }
    }
}
