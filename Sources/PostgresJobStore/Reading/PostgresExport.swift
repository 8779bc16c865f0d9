import JobModel
package import JobStore
import Wire

/// Gives all that a store holds to one of another kind, and then keeps brokers from going on with it.
package final class PostgresExport {
    private let session: CommandSession
    package private(set) var jobs = 0
    package private(set) var records = 0

    /// Rows that are read at once.
    private static let page = 20

    /// - Throws: `.busy` when a broker has the store.
    package init(of settings: PostgresJobStore.Settings) throws(StoreError) {
        session = try CommandSession(settings)
        try session.check(settings)
        try session.keepBrokersOut()
    }

    package func contents(_ take: (StoredItem) throws(StoreError) -> Void) throws(StoreError) {
        try session.using { connection in
            try giveStore(connection, take)
            try giveJobs(connection, take)
            try giveRecords(connection, take)
        }
    }

    /// Marks the store as moved, so that no broker takes it. Without this, nothing has happened.
    package func finish() throws(StoreError) {
        try session.commit([Statement("UPDATE store SET cluster = cluster || ' (moved away)', epoch = epoch + 1")])
    }

    private func giveStore(
        _ connection: Connection, _ take: (StoredItem) throws(StoreError) -> Void
    ) throws {
        let store = try connection.run("SELECT history, epoch, age, is_closed FROM store").rows[0]
        guard let history = LogID(bytes: try store.bytes(0)) else { throw RowError("the store has no identity") }
        try take(
            .store(history: history, epoch: try store.count(1), age: try store.count(2), wasClosed: try store.flag(3)))
        for row in try connection.run("SELECT tenant, last_sequence, purged FROM log").rows {
            try take(.log(tenant: try row.text(0), last: try row.count(1), purged: try row.count(2)))
        }
        for row in try connection.run("SELECT tenant, age, sequence FROM log_age").rows {
            try take(.mark(tenant: try row.text(0), age: try row.count(1), sequence: try row.count(2)))
        }
        for row in try connection.run("SELECT tenant, name, acknowledged, seen_at FROM consumer").rows {
            try take(
                .consumer(
                    Recovery.Consumer(
                        tenant: try row.text(0), name: try row.text(1), acknowledged: try row.count(2),
                        seenAt: try row.count(3))))
        }
        for row in try connection.run(Recovery.Offer.query).rows { try take(.offer(try Recovery.Offer(row))) }
        let decoder = try StoredMessageDecoder()
        for row in try connection.run(Recovery.KeptGlossary.query).rows {
            guard let kept = try Recovery.KeptGlossary(row, decoder) else {
                throw RowError("the terms of glossary \(try row.text(1)) of tenant \(try row.text(0)) cannot be read")
            }
            try take(.glossary(kept))
        }
    }

    private func giveJobs(
        _ connection: Connection, _ take: (StoredItem) throws(StoreError) -> Void
    ) throws {
        let decoder = try StoredMessageDecoder()
        var last: Int64 = 0
        while true {
            let rows = try connection.run(
                """
                SELECT \(JobImage.columns), content.body FROM job LEFT JOIN content ON content.job = job.number
                WHERE job.number > $1::bigint ORDER BY job.number LIMIT \(Self.page)
                """, .integer(last)
            ).rows
            guard !rows.isEmpty else { return }
            let images = try rows.map { try JobImage($0, decoder) }
            if let job = images.first(where: { !$0.state.isTerminal && $0.plan.chunks.isEmpty }) {
                throw StoreError(
                    .damaged,
                    "the job store \(session.name) is damaged: the plan of job \(job.key.id) cannot be read; a start of the broker "
                        + "ends it")
            }
            var chunks: [Int64: [UInt32: ChunkImage]] = [:]
            let found = try connection.run(
                """
                SELECT job, number, is_done, attempts, lease_token, lease_attempt, lease_instance, lease_is_alone, outputs
                FROM chunk WHERE job = ANY ($1::bigint[])
                """, .integers(images.map(\.number))
            ).rows
            for row in found {
                var chunk = ChunkImage(
                    isDone: try row.flag(2), attempts: try row.count(3), lease: try LeaseMark(row, from: 4))
                if chunk.isDone { chunk.outputs = try decoder.outputs(try row.bytes(8)) }
                chunks[try row.integer(0), default: [:]][try row.count(1)] = chunk
            }
            for (row, job) in zip(rows, images) {
                let hasContent = !row.isNull(JobImage.columnCount)
                try take(
                    .job(
                        job, content: hasContent ? try decoder.content(try row.bytes(JobImage.columnCount)) : nil,
                        chunks: chunks[job.number] ?? [:]))
                jobs += 1
                last = job.number
            }
        }
    }

    private func giveRecords(
        _ connection: Connection, _ take: (StoredItem) throws(StoreError) -> Void
    ) throws {
        for log in try connection.run("SELECT tenant FROM log").rows {
            let tenant = try log.text(0)
            var last: UInt64 = 0
            while true {
                let rows = try connection.run(
                    """
                    SELECT sequence, job, state, body FROM record WHERE tenant = $1::text AND sequence > $2::bigint
                    ORDER BY sequence LIMIT \(Self.page)
                    """, .text(tenant), .count(last)
                ).rows
                guard !rows.isEmpty else { break }
                for row in rows {
                    last = try row.count(0)
                    let encoded = EncodedRecord(sequence: last, bytes: try row.bytes(3))
                    try take(.record(tenant: tenant, encoded, job: try row.integer(1), state: try row.state(2)))
                    records += 1
                }
            }
        }
    }
}
