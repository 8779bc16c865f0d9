import GRDB
import JobModel
import JobStore

extension Reads {
    /// Every record in its place. What is damaged, or gone, is not delivered as if it were whole, and does not keep those
    /// behind it from being read: a record that says so takes its place.
    func records(of tenant: String, after sequence: UInt64, limit: Int, bytes: Int) throws -> [Record] {
        guard limit > 0, let log = try LogRow(of: tenant, with: statements) else { return [] }
        let first = max(sequence, log.purged).addingReportingOverflow(1).partialValue
        guard first > 0, first <= log.lastSequence else { return [] }
        let end = first - 1 + min(UInt64(limit), log.lastSequence - first + 1)
        // One more than is wanted: a record is the one that was written if that behind it names its checksum.
        var found: [StoredRecord] = []
        var total = 0
        var isFull = false
        try statements.rows(Self.recordQuery, tenant, first.stored, (end + 1).stored) { row in
            let record = try StoredRecord(row)
            total += record.byteCount
            isFull = total > bytes && !found.isEmpty
            found.append(record)
            return !isFull
        }
        return try records(found, of: log, from: first, to: isFull ? found[found.count - 1].sequence - 1 : end)
    }

    private static let recordQuery = Query(
        """
        SELECT sequence, byte_count, job, previous, checksum, \(SummedTable.record.sum()), body FROM record
        WHERE tenant = ? AND sequence BETWEEN ? AND ? ORDER BY sequence
        """)

    private func records(
        _ found: [StoredRecord], of log: LogRow, from first: UInt64, to last: UInt64
    ) throws -> [Record] {
        var records: [Record] = []
        var rest = found[...]
        for sequence in first...max(first, last) {
            let stored = rest.first?.sequence == sequence ? rest.removeFirst() : nil
            let next = rest.first?.sequence == sequence + 1 ? rest.first : nil
            if let damage = damage(of: stored, sequence, before: next, in: log) {
                note(damage)
                records.append(try replacement(of: sequence, of: log.tenant, job: stored?.job))
            } else if let stored {
                records.append(try Blob.value(from: stored.body))
            }
        }
        return records
    }

    private func damage(
        of stored: StoredRecord?, _ sequence: UInt64, before next: StoredRecord?, in log: LogRow
    ) -> RowDamage? {
        let key = RowDamage.recordKey(log.tenant, sequence)
        guard let stored else { return .missing(.record, key) }
        let condition = RowDamage.recordCondition(log.tenant, sequence)
        guard stored.isWhole else {
            return RowDamage(.record, key, where: condition, expected: stored.checksum, found: stored.sum)
        }
        let expected = sequence == log.lastSequence ? log.head : next.flatMap { $0.isWhole ? $0.previous : nil }
        guard let expected, expected != stored.checksum else { return nil }
        return RowDamage(
            table: "record", key: key, condition: condition,
            problem:
                "its checksum is \(RowDamage.hexadecimal(stored.checksum)), but the log goes on from a record with "
                + RowDamage.hexadecimal(expected))
    }

    /// What a consumer is told in place of a record.
    ///
    /// - Parameter number: The job's, as far as the damaged record is to be believed.
    private func replacement(of sequence: UInt64, of tenant: String, job number: Int64?) throws -> Record {
        var row = try number.flatMap { try database.row(Self.jobQuery + " AND number = ?", tenant, $0) }
        if row == nil || row?[0] != sequence.stored as Int64? && row?[7] == false {
            row = try database.row(Self.jobQuery + " AND sequence = ?", tenant, sequence.stored)
        }
        // Not even whose it was is known.
        var record = Record(sequence: sequence, job: JobID(high: 0, low: 0), state: .dead)
        if let row {
            let isTerminal = row[0] == sequence.stored as Int64?
            record = Record(sequence: sequence, job: try row.jobID(1), state: isTerminal ? .dead : .running)
            record.model = row[2]
            record.topic = row[3]
            record.trace = row[4]
            record.acceptedAt = try row.count(5)
            record.finishedAt = try row.optionalCount(6) ?? 0
            record.retryOf = try row.optionalJobID(8)
        }
        record.failure = .storeDamaged
        return record
    }

    private static let jobQuery = """
        SELECT sequence, id, model, topic, trace, accepted_at, finished_at, wants_partial, retry_of FROM job
        WHERE tenant = ? AND \(SummedTable.job.isWhole)
        """
}

private struct StoredRecord {
    var sequence: UInt64
    var byteCount: Int
    var job: Int64
    var previous: Int64
    var checksum: Int64
    /// Of what is there.
    var sum: Int64
    var body: [UInt8]

    /// - Parameter row: Of `Reads.recordQuery`.
    init(_ row: Columns) throws {
        sequence = try row.count(0)
        checksum = row[4]
        sum = row[5]
        job = row[2]
        previous = row[3]
        body = row.bytes(6)
        byteCount = checksum == sum ? try row.count(1) : body.count
    }

    var isWhole: Bool { checksum == sum }
}
