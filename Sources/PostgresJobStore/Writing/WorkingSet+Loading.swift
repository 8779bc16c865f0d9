import JobModel
import JobStore
import Wire

/// What is read before the writes are applied: all of it in two round trips, or one where no job may end.
extension WorkingSet {
    /// - Parameters:
    ///   - first: Statements that are sent before.
    ///   - check: Called with the answers of `first`.
    init(
        _ demand: Demand, on connection: Connection, _ decoder: StoredMessageDecoder, after first: [Statement],
        check: ([Answer]) throws -> Void
    ) throws {
        let (jobs, chunks) = (Array(demand.jobs), Array(demand.chunks))
        let answers = try connection.run(
            first + [
                Statement(
                    Self.jobsQuery, .texts(jobs.map(\.tenant)), .ids(jobs.map(\.id))),
                Statement(
                    Self.chunksQuery, .texts(chunks.map(\.job.tenant)), .ids(chunks.map(\.job.id)),
                    .integers(chunks.map { Int64($0.chunk) })),
                Statement(
                    Self.consumersQuery, .texts(demand.consumers.map(\.tenant)), .texts(demand.consumers.map(\.name))),
                Statement(Self.offersQuery, .texts(Array(demand.offers))),
                Statement(Self.numbersQuery, .integer(Int64(demand.newJobs))),
                // Last, and in order: two brokers that have to do with the same logs wait for each other once, and shortly.
                Statement(Self.logsQuery, .texts(demand.tenants.sorted())),
            ])
        try check(Array(answers.prefix(first.count)))
        let read = answers.dropFirst(first.count).map(\.rows)
        for row in read[0] {
            let job = try JobImage(row, decoder)
            self.jobs[job.number] = job
            numbers[job.key] = job.number
        }
        for row in read[1] { try take(chunk: row) }
        for row in read[2] {
            consumers[ConsumerKey(tenant: try row.text(0), name: try row.text(1))] = Cursor(
                acknowledged: try row.count(2), seenAt: try row.count(3))
        }
        for row in read[3] {
            let offer = try Recovery.Offer(row)
            offers[offer.offer.name] = offer
        }
        freeNumbers = try read[4].map { try $0.integer(0) }[...]
        for row in read[5] { logs[try row.text(0)] = LogEnd(last: try row.count(1), purged: try row.count(2)) }
        try readOutputs(demand, on: connection, decoder)
    }

    private static let jobsQuery = """
        SELECT \(JobImage.columns) FROM job
        JOIN unnest($1::text[], $2::bytea[]) AS wanted (tenant, id) ON job.id = wanted.id AND job.tenant = wanted.tenant
        """
    private static let chunksQuery = """
        SELECT chunk.job, chunk.number, chunk.is_done, chunk.attempts, chunk.lease_token, chunk.lease_attempt,
            chunk.lease_instance, chunk.lease_is_alone
        FROM unnest($1::text[], $2::bytea[], $3::bigint[]) AS wanted (tenant, id, number)
        JOIN job ON job.id = wanted.id AND job.tenant = wanted.tenant
        JOIN chunk ON chunk.job = job.number AND chunk.number = wanted.number
        """
    private static let consumersQuery = """
        SELECT consumer.tenant, consumer.name, acknowledged, seen_at FROM consumer
        JOIN unnest($1::text[], $2::text[]) AS wanted (tenant, name)
            ON consumer.tenant = wanted.tenant AND consumer.name = wanted.name
        """
    private static let offersQuery = "\(Recovery.Offer.query) WHERE name = ANY ($1::text[])"
    private static let numbersQuery = "SELECT nextval('job_number') FROM generate_series(1, $1::bigint)"
    private static let logsQuery = """
        SELECT tenant, last_sequence, purged FROM log WHERE tenant = ANY ($1::text[]) ORDER BY tenant FOR UPDATE
        """

    private mutating func take(chunk row: Row) throws {
        let key = ChunkKey(job: try row.integer(0), chunk: try row.count(1))
        chunks[key] = ChunkImage(
            isDone: try row.flag(2), attempts: try row.count(3), lease: try LeaseMark(row, from: 4))
    }

    /// Of the chunks that were done before, of jobs that may end.
    private mutating func readOutputs(
        _ demand: Demand, on connection: Connection, _ decoder: StoredMessageDecoder
    ) throws {
        let ending = demand.finishes.compactMap { key, count -> Int64? in
            guard let job = unfinished(key), job.plan.chunks.count > 1 else { return nil }
            return job.chunksDone + count >= job.plan.chunks.count ? job.number : nil
        }
        guard !ending.isEmpty else { return }
        for row in try connection.run(Self.outputsQuery, .integers(ending)).rows {
            let key = ChunkKey(job: try row.integer(0), chunk: try row.count(1))
            var chunk = try chunks[key] ?? ChunkImage(isDone: true, attempts: row.count(2))
            // What cannot be read is missed when the job ends.
            chunk.outputs = try? decoder.outputs(row.bytes(3))
            chunks[key] = chunk
        }
    }

    private static let outputsQuery =
        "SELECT job, number, attempts, outputs FROM chunk WHERE job = ANY ($1::bigint[]) AND is_done"
}

extension Recovery.Offer {
    static let query = "SELECT name, source_language, target_language, seen_at FROM offer"

    /// - Parameter row: Of `query`.
    init(_ row: Row) throws {
        self.init(
            ModelOffer(name: try row.text(0), sourceColumn: try row.text(1), targetColumn: try row.text(2)),
            seenAt: try row.count(3))
    }
}
