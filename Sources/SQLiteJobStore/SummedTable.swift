import Checksums

/// A table whose rows carry a checksum of their other columns, and the SQL that writes it and looks at it.
struct SummedTable: Sendable {
    let name: String
    /// Those that the checksum covers, in the order in which it does. Never change one's list: the sums that are stored
    /// are of it.
    let columns: [String]
    /// Those that tell a row from others, for people.
    var keys: [String] = ["number"]

    static let broker = SummedTable(
        name: "broker", columns: ["only_row", "epoch", "is_closed", "store", "history", "age"], keys: ["only_row"])
    static let job = SummedTable(
        name: "job",
        columns: [
            "number", "id", "tenant", "digest", "state", "model", "topic", "trace", "priority", "maximum_attempts",
            "accepted_at", "expires_at", "byte_count", "wants_partial", "retry_of", "chunk_count", "chunks_done",
            "attempts", "failure_code", "failure_message", "sequence", "finished_at", "is_dead_letter", "plan",
            "output_bytes",
        ])
    static let content = SummedTable(name: "content", columns: ["job", "body"], keys: ["job"])
    static let chunk = SummedTable(
        name: "chunk",
        columns: [
            "job", "number", "is_done", "attempts", "lease_token", "lease_attempt", "lease_instance", "lease_is_alone",
            "outputs",
        ], keys: ["job", "number"])
    static let log = SummedTable(
        name: "log",
        columns: ["tenant", "last_sequence", "head", "purged", "anchor", "unfinished", "changes", "epoch"],
        keys: ["tenant"])
    static let record = SummedTable(
        name: "record",
        columns: ["tenant", "sequence", "job", "state", "finished_at", "byte_count", "body", "previous"],
        keys: ["tenant", "sequence"])
    static let consumer = SummedTable(
        name: "consumer", columns: ["tenant", "name", "acknowledged"], keys: ["tenant", "name"])
    static let logAge = SummedTable(
        name: "log_age", columns: ["tenant", "age", "sequence"], keys: ["tenant", "age"])
    static let offer = SummedTable(
        name: "offer", columns: ["name", "source_language", "target_language"], keys: ["name"])

    static let sighting = SummedTable(
        name: "sighting", columns: ["tenant", "name", "seen_at"], keys: ["tenant", "name"])

    static let glossary = SummedTable(
        name: "glossary",
        columns: ["tenant", "name", "version", "source_language", "target_language", "created_at", "terms"],
        keys: ["tenant", "name"])

    static let all = [broker, job, content, chunk, log, record, consumer, logAge, offer, sighting, glossary]

    /// The sum of a row, or of one in which some columns have these values instead.
    func sum(_ values: [String: String] = [:]) -> String {
        "row_sum('\(name)', \(columns.map { values[$0] ?? "\(name).\($0)" }.joined(separator: ", ")))"
    }

    /// Whether a row is as it was written; 1 or 0.
    var isWhole: String { "(\(name).checksum = \(sum()))" }

    /// A row's values as SQL literals, for people.
    var dump: String { columns.map { "quote(\(name).\($0))" }.joined(separator: " || ', ' || ") }

    /// `INSERT INTO`, with the columns' values as parameters in their order, and the checksum behind them.
    ///
    /// - Parameter conflict: What to do with a row that is there, as an `ON CONFLICT`.
    func insertion(_ verb: String = "INSERT", conflict: String = "") -> SummedInsertion {
        SummedInsertion(
            Query(
                "\(verb) INTO \(name) (\(columns.joined(separator: ", ")), checksum) "
                    + "VALUES (\((1...columns.count + 1).map { "?\($0)" }.joined(separator: ", "))) \(conflict)"),
            of: self)
    }

    /// `SET`, with the new sum.
    func assignments(_ values: KeyValuePairs<String, String>) -> String {
        let changed = Dictionary(uniqueKeysWithValues: values.map { ($0.key, $0.value) })
        return "SET " + values.map { "\($0.key) = \($0.value), " }.joined() + "checksum = \(sum(changed))"
    }

    /// An `UPDATE` of rows that this transaction has found whole.
    func change(_ values: KeyValuePairs<String, String>, where condition: String) -> String {
        "UPDATE \(name) \(assignments(values)) WHERE \(condition)"
    }

    /// An `UPDATE` of rows that are whole. One that is damaged keeps its wrong sum, and so stays known.
    func update(_ values: KeyValuePairs<String, String>, where condition: String) -> String {
        change(values, where: "\(condition) AND \(isWhole)")
    }
}

/// An `INSERT` of which the checksum is made from the values as they are bound: by then SQLite need not call `row_sum`, and
/// nothing has to be read back.
struct SummedInsertion: Sendable {
    let query: Query
    let columnCount: Int
    /// How each sum of the table begins.
    let sumOfName: XXHash64

    fileprivate init(_ query: Query, of table: SummedTable) {
        self.query = query
        columnCount = table.columns.count
        var sum = XXHash64()
        table.name.add(to: &sum)
        sumOfName = sum
    }
}
