import JobModel

/// The leases that a worker holds, from their assignment until the broker has settled them.
struct LeaseTable: Sendable {
    enum Stage: Sendable {
        case waiting(Assign)
        case begun
        /// Kept until the broker has it: DONE or FAIL, and when it was last sent.
        case finished(Envelope.Body, sentAt: UInt64)
    }

    struct Entry: Sendable {
        /// The order of arrival.
        var number: Int
        var stage: Stage
        /// On the monotonic clock, in nanoseconds.
        var deadline: UInt64?

        var isFinished: Bool { if case .finished = stage { true } else { false } }
    }

    /// By how many assignments a chunk must be the older one to go before another of one priority more. As in the
    /// engine's batcher: nothing starves.
    private static let priorityLead = 1024

    private struct Waiting: Comparable {
        /// The order of arrival, less the lead of its priority.
        var rank: Int
        var number: Int
        var lease: LeaseName

        static func < (a: Waiting, b: Waiting) -> Bool { (a.rank, a.number) < (b.rank, b.number) }
    }

    private var entries: [LeaseName: Entry] = [:]
    /// The next one last. What is not waiting any more stays until it comes up.
    private var queue: [Waiting] = []
    private var arrivals = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    subscript(_ lease: LeaseName) -> Entry? { entries[lease] }

    /// In the order of arrival.
    var all: [LeaseName] { inOrder { _ in true } }
    var waiting: [LeaseName] { inOrder { if case .waiting = $0 { true } else { false } } }
    var begun: [LeaseName] { inOrder { if case .begun = $0 { true } else { false } } }

    /// When `expired` is to be asked next; earlier than need be where the chunk with the deadline has ended.
    private(set) var nextExpiry: UInt64?

    mutating func insert(_ assign: Assign, deadline: UInt64?) {
        let entry = Entry(number: arrivals, stage: .waiting(assign), deadline: deadline)
        entries[assign.lease] = entry
        let waiting = Waiting(
            rank: arrivals - assign.priority * Self.priorityLead, number: arrivals, lease: assign.lease)
        queue.insert(waiting, at: place(of: waiting))
        arrivals += 1
        if let deadline { nextExpiry = min(deadline, nextExpiry ?? deadline) }
    }

    /// The first that waits, in the order of arrival except that priority gives a lead.
    mutating func firstWaiting() -> Assign? {
        while let first = queue.last {
            if let entry = entries[first.lease], entry.number == first.number, case .waiting(let assign) = entry.stage {
                return assign
            }
            queue.removeLast()
        }
        return nil
    }

    mutating func begin(_ lease: LeaseName) -> Assign? {
        guard case .waiting(let assign)? = entries[lease]?.stage else { return nil }
        entries[lease]?.stage = .begun
        return assign
    }

    mutating func finish(_ lease: LeaseName, with body: Envelope.Body, sentAt: UInt64) {
        entries[lease]?.stage = .finished(body, sentAt: sentAt)
    }

    @discardableResult
    mutating func remove(_ lease: LeaseName) -> Entry? { entries.removeValue(forKey: lease) }

    /// Those whose deadline has passed and that are not finished, in the order of arrival.
    mutating func expired(at now: UInt64) -> [LeaseName] {
        guard let nextExpiry, nextExpiry <= now else { return [] }
        let limited = entries.filter { $0.value.deadline != nil && !$0.value.isFinished }
        self.nextExpiry = limited.values.compactMap(\.deadline).filter { $0 > now }.min()
        return limited.filter { $0.value.deadline.map { $0 <= now } ?? false }
            .sorted { $0.value.number < $1.value.number }.map(\.key)
    }

    /// Finished ones last sent at `time` or before, in the order of arrival.
    func unsettled(sentBy time: UInt64) -> [(lease: LeaseName, body: Envelope.Body)] {
        entries.compactMap { lease, entry -> (number: Int, lease: LeaseName, body: Envelope.Body)? in
            guard case .finished(let body, let sentAt) = entry.stage, sentAt <= time else { return nil }
            return (entry.number, lease, body)
        }.sorted { $0.number < $1.number }.map { ($0.lease, $0.body) }
    }

    private func place(of new: Waiting) -> Int {
        var places = 0..<queue.count
        while !places.isEmpty {
            let middle = places.lowerBound + places.count / 2
            places = new < queue[middle] ? middle + 1..<places.upperBound : places.lowerBound..<middle
        }
        return places.lowerBound
    }

    private func inOrder(_ isWanted: (Stage) -> Bool) -> [LeaseName] {
        entries.filter { isWanted($0.value.stage) }.sorted { $0.value.number < $1.value.number }.map(\.key)
    }
}
