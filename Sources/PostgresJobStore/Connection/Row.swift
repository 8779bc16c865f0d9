import JobModel

/// What a statement came to.
struct Answer {
    var rows: [Row] = []
    /// How many rows it has inserted, updated or deleted.
    var changed = 0
}

/// A row, in PostgreSQL's binary form.
struct Row {
    private let columns: [[UInt8]?]

    init(_ columns: [[UInt8]?]) { self.columns = columns }

    func isNull(_ index: Int) -> Bool { columns[index] == nil }

    /// Of a `bigint`, an `integer` or a `boolean`.
    func integer(_ index: Int) throws(RowError) -> Int64 {
        guard let bytes = columns[index] else { throw RowError("column \(index) is NULL") }
        switch bytes.count {
        case 1: return Int64(bytes[0])
        case 4: return Int64(bytes.reduce(0 as Int32) { $0 << 8 | Int32($1) })
        case 8: return bytes.reduce(0) { $0 << 8 | Int64($1) }
        default: throw RowError("column \(index) has \(bytes.count) bytes, which are no number")
        }
    }

    func flag(_ index: Int) throws(RowError) -> Bool { try integer(index) != 0 }

    func bytes(_ index: Int) throws(RowError) -> [UInt8] {
        guard let bytes = columns[index] else { throw RowError("column \(index) is NULL") }
        return bytes
    }

    func text(_ index: Int) throws(RowError) -> String { String(decoding: try bytes(index), as: UTF8.self) }

    func optionalText(_ index: Int) -> String? { columns[index].map { String(decoding: $0, as: UTF8.self) } }

    func optionalInteger(_ index: Int) throws(RowError) -> Int64? { isNull(index) ? nil : try integer(index) }

    /// Of what was written by a program of this kind, which never is negative.
    func count<Number: FixedWidthInteger>(
        _ index: Int, _ type: Number.Type = Number.self
    ) throws(RowError) -> Number {
        let value = try integer(index)
        guard let number = Number(exactly: value) else { throw RowError("a number is \(value)") }
        return number
    }

    func optionalCount(_ index: Int) throws(RowError) -> UInt64? { isNull(index) ? nil : try count(index) }

    func jobID(_ index: Int) throws(RowError) -> JobID {
        guard let id = JobID(bytes: try bytes(index)) else { throw RowError("a job's id does not have 16 bytes") }
        return id
    }

    func state(_ index: Int) throws(RowError) -> JobState {
        let value = try integer(index)
        guard let state = UInt8(exactly: value).flatMap(JobState.init) else {
            throw RowError("a job's state is \(value)")
        }
        return state
    }
}

/// A row is not what a broker writes.
struct RowError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
