import DequeModule
package import JobModel
package import JobStore
import Wire

/// The ends of the tenants' logs, so that a consumer that keeps up is not served from the disk. Bounded by bytes; the
/// oldest go first.
package struct RecentRecords {
    private struct Entry {
        var record: Record
        /// What it takes on the wire, at most.
        var byteCount: Int
    }

    /// What a record takes beside its texts, roughly: a sentence's has a dozen allocations.
    private static let overhead = 1024

    private let bytesMaximum: Int
    /// Of each tenant, without a gap.
    private var tails: [String: Deque<Entry>] = [:]
    /// Whose records came, in the order in which they came.
    private var order: Deque<String> = []
    private var bytes = 0

    package init(bytesMaximum: Int) { self.bytesMaximum = bytesMaximum }

    package mutating func append(_ new: LogEntry) {
        let last = tails[new.tenant]?.last?.record.sequence
        precondition(last.map { $0 + 1 == new.record.sequence } ?? true, "a log has no gap")
        let entry = Entry(record: new.record, byteCount: new.record.wireSizeBound)
        tails[new.tenant, default: []].append(entry)
        order.append(new.tenant)
        bytes += entry.byteCount + Self.overhead
        while bytes > bytesMaximum, let tenant = order.popFirst() {
            bytes -= tails[tenant]!.removeFirst().byteCount + Self.overhead
            if tails[tenant]!.isEmpty { tails[tenant] = nil }
        }
    }

    /// As `JobStore.records`, with the sizes.
    ///
    /// - Returns: nil when the store has to be asked.
    package func records(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) -> [(record: Record, byteCount: Int)]? {
        guard let tail = tails[tenant], let first = tail.first?.record.sequence, sequence >= first - 1,
            sequence - (first - 1) < tail.count
        else { return nil }
        var found: [(record: Record, byteCount: Int)] = []
        var total = 0
        for entry in tail.dropFirst(Int(sequence - (first - 1))).prefix(limit) {
            total += entry.byteCount
            guard total <= bytes || found.isEmpty else { break }
            found.append((entry.record, entry.byteCount))
        }
        return found
    }
}
