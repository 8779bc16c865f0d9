import JobModel
import JobStore
import Wire

/// What is written after the writes were applied: a statement for each table and kind of change, whatever their number.
extension WorkingSet {
    var statements: [Statement] {
        jobStatements + contentStatements + chunkStatements + logStatements + consumerStatements + offerStatements
            + glossaryStatements
    }

    private var jobStatements: [Statement] {
        var statements: [Statement] = []
        // First: the id of one that goes may be that of a new one.
        if !changes.removedJobs.isEmpty {
            statements.append(Statement(Self.deleteJobs, .integers(changes.removedJobs.sorted())))
        }
        let new = changes.newJobs.compactMap { jobs[$0] }
        if !new.isEmpty {
            statements.append(
                Statement(
                    Self.insertJobs, .integers(new.map(\.number)), .ids(new.map(\.key.id)),
                    .texts(new.map(\.key.tenant)), .byteStrings(new.map(\.digest)),
                    .integers(new.map { Int64($0.state.rawValue) }), .integers(new.map { Int64($0.priority) }),
                    .integers(new.map { Int64($0.maximumAttempts) }), .counts(new.map(\.expiresAt)),
                    .integers(new.map { Int64($0.byteCount) }), .flags(new.map(\.wantsPartial)),
                    .integers(new.map { Int64($0.chunksDone) }),
                    .integers(new.map { Int64($0.attempts) }), .integers(new.map { Int64($0.outputBytes) }),
                    .byteStrings(new.map { ($0.failure?.code).map { Array($0.utf8) } }),
                    .byteStrings(new.map { ($0.failure?.message).map { Array($0.utf8) } }),
                    .counts(new.map(\.sequence)), .counts(new.map(\.finishedAt)), .flags(new.map(\.isDeadLetter)),
                    .byteStrings(new.map { StoredMessage.plan($0.plan) })))
        }
        let changed = changes.changedJobs.subtracting(changes.newJobs).subtracting(changes.removedJobs).sorted()
            .compactMap { jobs[$0] }
        if !changed.isEmpty {
            statements.append(
                Statement(
                    Self.updateJobs, .integers(changed.map(\.number)),
                    .integers(changed.map { Int64($0.state.rawValue) }),
                    .integers(changed.map { Int64($0.chunksDone) }), .integers(changed.map { Int64($0.attempts) }),
                    .integers(changed.map { Int64($0.outputBytes) }),
                    .byteStrings(changed.map { ($0.failure?.code).map { Array($0.utf8) } }),
                    .byteStrings(changed.map { ($0.failure?.message).map { Array($0.utf8) } }),
                    .counts(changed.map(\.sequence)), .counts(changed.map(\.finishedAt)),
                    .flags(changed.map(\.isDeadLetter))))
        }
        return statements
    }

    private static let insertJobs = """
        INSERT INTO job (number, id, tenant, digest, state, priority, maximum_attempts, expires_at, byte_count,
            wants_partial, chunks_done, attempts, output_bytes, failure_code, failure_message, sequence,
            finished_at, is_dead_letter, plan)
        SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::boolean[], $11::bigint[], $12::bigint[], $13::bigint[],
            $14::bytea[], $15::bytea[], $16::bigint[], $17::bigint[], $18::boolean[], $19::bytea[])
        """
    private static let updateJobs = """
        UPDATE job SET state = new.state, chunks_done = new.chunks_done, attempts = new.attempts,
            output_bytes = new.output_bytes, failure_code = new.failure_code, failure_message = new.failure_message,
            sequence = new.sequence, finished_at = new.finished_at, is_dead_letter = new.is_dead_letter
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[],
            $8::bigint[], $9::bigint[], $10::boolean[])
            AS new (number, state, chunks_done, attempts, output_bytes, failure_code, failure_message, sequence,
                finished_at, is_dead_letter)
        WHERE job.number = new.number
        """
    private static let deleteJobs = "DELETE FROM job WHERE number = ANY ($1::bigint[])"

    private var contentStatements: [Statement] {
        var statements: [Statement] = []
        if !changes.newContents.isEmpty {
            let contents = changes.newContents.sorted { $0.key < $1.key }
            statements.append(
                Statement(
                    "INSERT INTO content (job, body) SELECT * FROM unnest($1::bigint[], $2::bytea[])",
                    .integers(contents.map(\.key)), .byteStrings(contents.map(\.value))))
        }
        for (old, new) in changes.movedContents {
            statements.append(
                Statement("UPDATE content SET job = $2::bigint WHERE job = $1::bigint", .integer(old), .integer(new)))
        }
        if !changes.removedContents.isEmpty {
            statements.append(
                Statement(
                    "DELETE FROM content WHERE job = ANY ($1::bigint[])", .integers(changes.removedContents.sorted())))
        }
        return statements
    }

    private var chunkStatements: [Statement] {
        var statements: [Statement] = []
        let changed = changes.changedChunks.filter { !changes.closedJobs.contains($0.job) }
            .sorted { ($0.job, $0.chunk) < ($1.job, $1.chunk) }.map { ($0, chunks[$0] ?? ChunkImage()) }
        if !changed.isEmpty {
            let leases = changed.map(\.1.lease)
            statements.append(
                Statement(
                    Self.writeChunks, .integers(changed.map(\.0.job)), .integers(changed.map { Int64($0.0.chunk) }),
                    .flags(changed.map(\.1.isDone)), .integers(changed.map { Int64($0.1.attempts) }),
                    .integers(leases.map { $0.map { Int64(bitPattern: $0.token) } }),
                    .integers(leases.map { $0.map { Int64($0.attempt) } }),
                    .texts(leases.map(\.?.instance)), .flags(leases.map(\.?.isAlone)),
                    .byteStrings(changed.map { $0.1.isDone ? $0.1.outputs.map(StoredMessage.outputs) : nil })))
        }
        if !changes.closedJobs.isEmpty {
            statements.append(
                Statement("DELETE FROM chunk WHERE job = ANY ($1::bigint[])", .integers(changes.closedJobs.sorted())))
        }
        return statements
    }

    private static let writeChunks = """
        INSERT INTO chunk (job, number, is_done, attempts, lease_token, lease_attempt, lease_instance, lease_is_alone,
            outputs)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::text[], $8::boolean[], $9::bytea[])
        ON CONFLICT (job, number) DO UPDATE SET is_done = excluded.is_done, attempts = excluded.attempts,
            lease_token = excluded.lease_token, lease_attempt = excluded.lease_attempt,
            lease_instance = excluded.lease_instance, lease_is_alone = excluded.lease_is_alone,
            outputs = excluded.outputs
        """

    private var logStatements: [Statement] {
        var statements: [Statement] = []
        let records = changes.records
        let logs = changes.changedLogs.sorted().map { ($0, self.logs[$0]!) }
        if !records.isEmpty {
            statements.append(
                Statement(
                    """
                    INSERT INTO record (tenant, sequence, job, state, body)
                    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])
                    """, .texts(records.map(\.tenant)), .counts(records.map(\.encoded.sequence)),
                    .integers(records.map(\.job)), .integers(records.map { Int64($0.state.rawValue) }),
                    .byteStrings(records.map(\.encoded.bytes))))
        }
        if !logs.isEmpty {
            statements.append(
                Statement(
                    """
                    INSERT INTO log (tenant, last_sequence, purged)
                    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
                    ON CONFLICT (tenant) DO UPDATE SET last_sequence = excluded.last_sequence
                    """, .texts(logs.map(\.0)), .counts(logs.map(\.1.last)), .counts(logs.map(\.1.purged))))
        }
        return statements
    }

    private var consumerStatements: [Statement] {
        var statements: [Statement] = []
        let keys = changes.changedConsumers.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        let present = keys.compactMap { key in consumers[key].map { (key, $0) } }
        let gone = keys.filter { consumers[$0] == nil }
        if !present.isEmpty {
            statements.append(
                Statement(
                    """
                    INSERT INTO consumer (tenant, name, acknowledged, seen_at)
                    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
                    ON CONFLICT (tenant, name) DO UPDATE
                        SET acknowledged = excluded.acknowledged, seen_at = excluded.seen_at
                    """, .texts(present.map(\.0.tenant)), .texts(present.map(\.0.name)),
                    .counts(present.map(\.1.acknowledged)), .counts(present.map(\.1.seenAt))))
        }
        if !gone.isEmpty {
            statements.append(
                Statement(
                    """
                    DELETE FROM consumer USING unnest($1::text[], $2::text[]) AS gone (tenant, name)
                    WHERE consumer.tenant = gone.tenant AND consumer.name = gone.name
                    """, .texts(gone.map(\.tenant)), .texts(gone.map(\.name))))
        }
        return statements
    }

    private var offerStatements: [Statement] {
        var statements: [Statement] = []
        let names = changes.changedOffers.sorted()
        let present = names.compactMap { offers[$0] }
        let gone = names.filter { offers[$0] == nil }
        if !present.isEmpty {
            statements.append(
                Statement(
                    """
                    INSERT INTO offer (name, source_language, target_language, seen_at)
                    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
                    ON CONFLICT (name) DO UPDATE SET source_language = excluded.source_language,
                        target_language = excluded.target_language, seen_at = excluded.seen_at
                    """, .texts(present.map(\.offer.name)),
                    .texts(present.map { $0.offer.column(\.source, \.sourceLanguage) }),
                    .texts(present.map { $0.offer.column(\.target, \.targetLanguage) }),
                    .counts(present.map(\.seenAt))))
        }
        if !gone.isEmpty {
            statements.append(Statement("DELETE FROM offer WHERE name = ANY ($1::text[])", .texts(gone)))
        }
        return statements
    }

    private var glossaryStatements: [Statement] {
        var statements: [Statement] = []
        let changed = changes.glossaries.sorted { ($0.key.tenant, $0.key.name) < ($1.key.tenant, $1.key.name) }
        let kept = changed.compactMap { key, glossary in
            glossary.map { (tenant: key.tenant, glossary: $0, terms: $0.glossary.map(StoredMessage.terms) ?? []) }
        }
        let gone = changed.filter { $0.value == nil }.map(\.key)
        if !kept.isEmpty {
            statements.append(
                Statement(
                    """
                    INSERT INTO glossary (tenant, name, version, source_language, target_language, created_at, terms)
                    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
                        $7::bytea[])
                    ON CONFLICT (tenant, name) DO UPDATE SET version = excluded.version,
                        source_language = excluded.source_language, target_language = excluded.target_language,
                        created_at = excluded.created_at, terms = excluded.terms
                    """, .texts(kept.map(\.tenant)), .texts(kept.map(\.glossary.name)),
                    .counts(kept.map(\.glossary.version)), .texts(kept.map { $0.glossary.languages.source ?? "" }),
                    .texts(kept.map { $0.glossary.languages.target ?? "" }), .counts(kept.map(\.glossary.createdAt)),
                    .byteStrings(kept.map(\.terms))))
        }
        if !gone.isEmpty {
            statements.append(
                Statement(
                    """
                    DELETE FROM glossary USING unnest($1::text[], $2::text[]) AS gone (tenant, name)
                    WHERE glossary.tenant = gone.tenant AND glossary.name = gone.name
                    """, .texts(gone.map(\.tenant)), .texts(gone.map(\.name))))
        }
        return statements
    }
}
