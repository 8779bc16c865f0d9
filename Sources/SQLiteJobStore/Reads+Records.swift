import GRDB
import JobModel
import JobStore
import Wire

extension Reads {
    /// Every record in its place. What is damaged, or gone, is not delivered as if it were whole, and does not keep those
    /// behind it from being read: a record that says so takes its place.
    func records(of tenant: String, after sequence: UInt64, limit: Int, bytes: Int) throws -> [EncodedRecord] {
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
            total += record.body.count
            isFull = total > bytes && !found.isEmpty
            found.append(record)
            return !isFull
        }
        return try records(found, of: log, from: first, to: isFull ? found[found.count - 1].sequence - 1 : end)
    }

    private static let recordQuery = Query(
        """
        SELECT sequence, job, previous, checksum, \(SummedTable.record.sum()), body FROM record
        WHERE tenant = ? AND sequence BETWEEN ? AND ? ORDER BY sequence
        """)

    private func records(
        _ found: [StoredRecord], of log: LogRow, from first: UInt64, to last: UInt64
    ) throws -> [EncodedRecord] {
        var records: [EncodedRecord] = []
        var rest = found[...]
        for sequence in first...max(first, last) {
            let stored = rest.first?.sequence == sequence ? rest.removeFirst() : nil
            let next = rest.first?.sequence == sequence + 1 ? rest.first : nil
            if let damage = damage(of: stored, sequence, before: next, in: log) {
                note(damage)
                records.append(EncodedRecord(try replacement(of: sequence, of: log.tenant, job: stored?.job)))
            } else if let stored {
                records.append(try EncodedRecord(sequence: sequence, body: stored.body))
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
        if row == nil || row?[0] != sequence.stored as Int64? && row?[3] == false {
            row = try database.row(Self.jobQuery + " AND sequence = ?", tenant, sequence.stored)
        }
        // Not even whose it was is known.
        var record = Record(sequence: sequence, job: JobID(high: 0, low: 0), state: .dead)
        if let row {
            let isTerminal = row[0] == sequence.stored as Int64?
            record = try JobPlan(of: try row.jobID(1), row, from: 4, statements).draft
            record.sequence = sequence
            record.state = isTerminal ? .dead : .running
            record.finishedAt = try row.optionalCount(2) ?? 0
        }
        record.failure = .storeDamaged
        return record
    }

    private static let jobQuery = """
        SELECT sequence, id, finished_at, wants_partial, \(JobPlan.columns) FROM job
        WHERE tenant = ? AND \(SummedTable.job.isWhole)
        """
}

private struct StoredRecord {
    var sequence: UInt64
    var job: Int64
    var previous: Int64
    var checksum: Int64
    /// Of what is there.
    var sum: Int64
    var body: [UInt8]

    /// - Parameter row: Of `Reads.recordQuery`.
    init(_ row: Columns) throws {
        sequence = try row.count(0)
        job = row[1]
        previous = row[2]
        checksum = row[3]
        sum = row[4]
        body = row.bytes(5)
    }

    var isWhole: Bool { checksum == sum }
}
