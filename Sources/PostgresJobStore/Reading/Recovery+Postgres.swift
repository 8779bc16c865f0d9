import JobModel
import JobStore
import Wire

extension Recovery {
    /// Jobs that are read at once.
    private static let page = 100

    /// - Parameter epoch: The one that this broker has begun.
    init(
        from connection: Connection, epoch: Int64, wasClosed: Bool, _ settings: PostgresJobStore.Settings, name: String
    ) throws(StoreError) {
        self.init(epoch: UInt64(epoch), wasClosed: wasClosed)
        do {
            try readStore(connection, epoch, settings, name)
            try readJobs(connection, settings)
            for row in try connection.run("SELECT tenant, last_sequence FROM log WHERE last_sequence > 0").rows {
                lastSequences[try row.text(0)] = try row.count(1)
            }
            consumers = try connection.run(
                """
                SELECT tenant, name, acknowledged, seen_at FROM consumer ORDER BY tenant, name
                """
            ).rows.map { row in
                Consumer(
                    tenant: try row.text(0), name: try row.text(1), acknowledged: try row.count(2),
                    seenAt: try row.count(3))
            }
            offers = try connection.run(#"\#(Recovery.Offer.query) ORDER BY name"#).rows.map(Offer.init)
            try readGlossaries(connection, settings, name)
            for row in try connection.run("SELECT tenant, count(*) FROM job WHERE is_dead_letter GROUP BY tenant").rows
            {
                deadJobs[try row.text(0)] = try row.count(1)
            }
        } catch {
            throw StoreError(reading: error, store: name)
        }
    }

    /// One whose terms cannot be read is none: jobs that name it are refused, rather than translated with other terms.
    private mutating func readGlossaries(
        _ connection: Connection, _ settings: PostgresJobStore.Settings, _ name: String
    ) throws {
        let decoder = try StoredMessageDecoder()
        for row in try connection.run("\(KeptGlossary.query) ORDER BY tenant, name").rows {
            guard let kept = try KeptGlossary(row, decoder) else {
                settings.report(
                    StoreNotice(
                        .error,
                        "the job store \(name) is damaged: the terms of glossary \(try row.text(1)) of tenant "
                            + "\(try row.text(0)) cannot be read; give it again"))
                continue
            }
            glossaries.append(kept)
        }
    }

    /// Who the store is. One that was restored into another database tells another history from now on.
    private mutating func readStore(
        _ connection: Connection, _ epoch: Int64, _ settings: PostgresJobStore.Settings, _ name: String
    ) throws {
        let rows = try connection.run("SELECT history, age, origin, \(SchemaState.origin) FROM store").rows
        guard let row = rows.first, let history = LogID(bytes: try row.bytes(0)) else {
            throw RowError("the store's row is missing, or has no identity")
        }
        logID = history
        age = try row.count(1)
        guard try row.text(2) != row.text(3) else { return }
        logID = .random()
        let answers = try connection.run([
            Statement(
                "UPDATE store SET history = $2::bytea, origin = \(SchemaState.origin) WHERE epoch = $1::bigint",
                .integer(epoch), .bytes(logID.bytes))
        ])
        guard answers[0].changed == 1 else { throw StoreError.superseded(store: name) }
        if let warning = connection.warning { throw StoreError.notReplicated(warning, store: name) }
        settings.report(
            StoreNotice(
                .warning,
                "the job store \(name) is a copy of one in another database. Its result logs have a new identity, \(logID): "
                    + "consumers that have read the original are told, and must decide where to go on"))
    }

    private mutating func readJobs(_ connection: Connection, _ settings: PostgresJobStore.Settings) throws {
        let decoder = try StoredMessageDecoder()
        var last: Int64 = 0
        while true {
            let rows = try connection.run(
                """
                SELECT \(JobImage.columns) FROM job WHERE state = 2 AND number > $1::bigint
                ORDER BY number LIMIT \(Self.page)
                """, .integer(last)
            ).rows
            guard !rows.isEmpty else { return }
            settings.progress()
            let first = jobs.count
            var places: [Int64: Int] = [:]
            for row in rows {
                let job = try JobImage(row, decoder)
                places[job.number] = jobs.count
                jobs.append(job.queued)
                last = job.number
            }
            let chunks = try connection.run(
                """
                SELECT job, number, is_done, attempts, lease_token, lease_attempt, lease_instance, lease_is_alone
                FROM chunk WHERE job BETWEEN $1::bigint AND $2::bigint
                """, .integer(places.first { $0.value == first }!.key), .integer(last)
            ).rows
            for row in chunks {
                guard let place = places[try row.integer(0)] else { continue }
                let number: Int = try row.count(1)
                guard number < jobs[place].chunks.count else { continue }
                jobs[place].chunks[number].isDone = try row.flag(2)
                jobs[place].chunks[number].attempts = try row.count(3)
                jobs[place].chunks[number].lease = try LeaseMark(row, from: 4)
            }
        }
    }
}
