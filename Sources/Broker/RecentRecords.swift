import DequeModule
package import JobModel
package import JobStore

/// The ends of the tenants' logs, so that a consumer that keeps up is not served from the disk. Bounded by bytes; the
/// oldest go first.
package struct RecentRecords {
    /// What a record takes beside its bytes, roughly: an allocation, and its places in the lists.
    package static let overhead = 128

    private let bytesMaximum: Int
    /// Of each tenant, without a gap.
    private var tails: [String: Deque<EncodedRecord>] = [:]
    /// Whose records came, in the order in which they came.
    private var order: Deque<String> = []
    private var bytes = 0

    package init(bytesMaximum: Int) { self.bytesMaximum = bytesMaximum }

    package mutating func append(_ new: LogEntry) {
        let last = tails[new.tenant]?.last?.sequence
        precondition(last.map { $0 + 1 == new.encoded.sequence } ?? true, "a log has no gap")
        tails[new.tenant, default: []].append(new.encoded)
        order.append(new.tenant)
        bytes += new.encoded.bytes.count + Self.overhead
        while bytes > bytesMaximum, let tenant = order.popFirst() {
            bytes -= tails[tenant]!.removeFirst().bytes.count + Self.overhead
            if tails[tenant]!.isEmpty { tails[tenant] = nil }
        }
    }

    /// As `JobStore.encodedRecords`.
    ///
    /// - Returns: nil when the store has to be asked.
    package func records(of tenant: String, after sequence: UInt64, limit: Int, bytes: Int) -> [EncodedRecord]? {
        guard let tail = tails[tenant], let first = tail.first?.sequence, sequence >= first - 1,
            sequence - (first - 1) < tail.count
        else { return nil }
        var found: [EncodedRecord] = []
        var total = 0
        for record in tail.dropFirst(Int(sequence - (first - 1))).prefix(limit) {
            total += record.bytes.count
            guard total <= bytes || found.isEmpty else { break }
            found.append(record)
        }
        return found
    }
}
