import JobModel

/// Records that were delivered and not acknowledged: their numbers and rough sizes.
struct OutstandingRecords: Sendable {
    private var records: [(sequence: UInt64, bytes: Int)] = []
    /// The oldest in `records`.
    private var first = 0
    private(set) var bytes = 0

    var count: Int { records.count - first }

    mutating func add(_ record: Record) {
        records.append((record.sequence, record.roughBytes))
        bytes += record.roughBytes
    }

    mutating func remove(upTo sequence: UInt64) {
        while first < records.count, records[first].sequence <= sequence {
            bytes -= records[first].bytes
            first += 1
        }
        // Moved rarely enough that each record is moved once on average.
        if first > records.count / 2 {
            records.removeFirst(first)
            first = 0
        }
    }
}

extension Record {
    /// What it takes in a message, nearly.
    var roughBytes: Int {
        outputs.reduce(64) { sum, output in
            output.hypotheses.reduce(sum) { sum, hypothesis in
                let tokens = hypothesis.tokens.reduce(0) { $0 + $1.utf8.count + 6 }
                let weights = (hypothesis.alignment ?? []).reduce(0) { $0 + 4 * $1.count }
                return sum + hypothesis.text.utf8.count + tokens + weights + 16
            }
        }
    }
}
