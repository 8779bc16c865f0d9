import HeapModule

/// Decides which segments are decoded together: a pure state machine, told what happened, that answers what to do.
///
/// Waiting segments lie in buckets of similar length. A replica that asks gets a group from the bucket with the oldest
/// segment, as many as its token budget allows, then from the bucket with the next oldest. Between two steps finished
/// segments leave and others join, so a short sentence never waits for a long neighbour.
///
/// - A segment costs its source tokens, which stay in memory while it runs, plus the rows that it adds to a step.
/// - What waits joins a running batch when all of it fits; when there is more, only once a quarter of the budget is
///   free, because encoding a few segments at a time is slow.
/// - A replica with nothing to do goes before one that is running.
/// - The order is that of submission, except that a level of priority is worth `priorityLead` submissions.
///   Every group begins with the first in that order, or waits for room for it. What goes with it, being of its length,
///   may overtake older segments of other lengths, but only as often as something is due before these: among equal
///   priorities, in one group for each length at most. So nothing starves.
package struct Batcher {
    package struct Entry: Sendable, Equatable {
        package var id: UInt64
        /// In source tokens.
        package var length: Int
        /// In tokens of the budget.
        package var cost: Int
        /// Higher goes first; what is beyond `priorityMax`, on either side, counts as that.
        package var priority: Int

        package init(id: UInt64, length: Int, cost: Int, priority: Int) {
            self.id = id
            self.length = length
            self.cost = cost
            self.priority = priority
        }
    }

    package enum Event: Sendable {
        case submitted(Entry)
        /// A replica is between two steps, or has nothing to do.
        case ready(replica: Int)
        /// A running segment is decoded.
        case finished(UInt64)
        case cancelled(UInt64)
    }

    package enum Directive: Sendable, Equatable {
        /// An idle replica has something to ask for.
        case wake(replica: Int)
        /// The replica is to encode these and take them into its batch.
        case start([UInt64], replica: Int)
        /// The segment never ran, and will not.
        case drop(UInt64)
        /// The replica is to take the segment out of its batch, and report it as finished.
        case abandon(UInt64, replica: Int)
    }

    /// By how many submissions a segment must be the older one to go before another of one level more.
    package static let priorityLead = 1024
    /// So far from overflow that no run is long enough for one.
    package static let priorityMax = 1 << 20

    private struct Waiting: Comparable {
        /// Submission order, less the lead of its priority.
        var rank: Int
        var id: UInt64
        var cost: Int

        static func < (a: Waiting, b: Waiting) -> Bool { (a.rank, a.id) < (b.rank, b.id) }
    }

    private struct Running {
        var replica: Int
        var cost: Int
    }

    private enum ReplicaState {
        case idle
        /// Told that there is work; has not asked yet.
        case woken
        case busy
    }

    private let budget: Int
    private var buckets: [Heap<Waiting>] = []
    /// Segments in buckets that still want to run, and what they cost; a cancelled one stays in its bucket until it
    /// comes up.
    private var waiting: [UInt64: Int] = [:]
    private var waitingCost = 0
    private var running: [UInt64: Running] = [:]
    private var used: [Int]
    private var states: [ReplicaState]
    private var submissions = 0

    /// - Parameter budget: What the segments of one replica may cost together; a segment that costs more runs alone.
    package init(replicas: Int, budget: Int) {
        precondition(replicas > 0 && budget > 0, "a batcher needs a replica and a budget")
        self.budget = budget
        used = Array(repeating: 0, count: replicas)
        states = Array(repeating: .busy, count: replicas)
    }

    package mutating func on(_ event: Event) -> [Directive] {
        switch event {
        case .submitted(let entry):
            submit(entry)
            guard let idle = states.firstIndex(where: { $0 == .idle }) else { return [] }
            states[idle] = .woken
            return [.wake(replica: idle)]
        case .ready(let replica):
            return group(for: replica)
        case .finished(let id):
            guard let segment = running.removeValue(forKey: id) else { return [] }
            used[segment.replica] -= segment.cost
            return []
        case .cancelled(let id):
            if let cost = waiting.removeValue(forKey: id) {
                waitingCost -= cost
                return [.drop(id)]
            }
            return running[id].map { [.abandon(id, replica: $0.replica)] } ?? []
        }
    }

    private mutating func submit(_ entry: Entry) {
        let bucket = Self.bucket(length: entry.length)
        while buckets.count <= bucket { buckets.append(Heap()) }
        let priority = max(-Self.priorityMax, min(entry.priority, Self.priorityMax))
        buckets[bucket].insert(
            Waiting(rank: submissions - priority * Self.priorityLead, id: entry.id, cost: entry.cost))
        submissions += 1
        waiting[entry.id] = entry.cost
        waitingCost += entry.cost
    }

    private mutating func group(for replica: Int) -> [Directive] {
        let isRunning = used[replica] > 0
        states[replica] = isRunning || !waiting.isEmpty ? .busy : .idle
        guard !waiting.isEmpty else { return [] }
        let free = budget - used[replica]
        if isRunning {
            if states.contains(.woken) { return [] }
            if waitingCost > free && free < budget / 4 { return [] }
        }
        // What others that have nothing to do will ask for in a moment is left to them.
        let askers = 1 + states.count { $0 == .woken }
        let share = askers == 1 ? free : min(free, (waitingCost + askers - 1) / askers)
        var ids: [UInt64] = []
        var cost = 0
        while let bucket = oldestBucket() {
            while let next = first(of: bucket) {
                let fits = cost + next.cost <= share || (ids.isEmpty && (next.cost <= free || !isRunning))
                guard fits else { return start(ids, replica: replica) }
                _ = buckets[bucket].popMin()
                waiting[next.id] = nil
                waitingCost -= next.cost
                cost += next.cost
                used[replica] += next.cost
                running[next.id] = Running(replica: replica, cost: next.cost)
                ids.append(next.id)
            }
        }
        return start(ids, replica: replica)
    }

    private mutating func start(_ ids: [UInt64], replica: Int) -> [Directive] {
        var directives: [Directive] = ids.isEmpty ? [] : [.start(ids, replica: replica)]
        // What is left over is for the others.
        if !waiting.isEmpty, let idle = states.firstIndex(where: { $0 == .idle }) {
            states[idle] = .woken
            directives.append(.wake(replica: idle))
        }
        return directives
    }

    /// The next of a bucket that still wants to run.
    private mutating func first(of bucket: Int) -> Waiting? {
        while let next = buckets[bucket].min {
            if waiting[next.id] != nil { return next }
            _ = buckets[bucket].popMin()
        }
        return nil
    }

    private mutating func oldestBucket() -> Int? {
        var oldest: (bucket: Int, waiting: Waiting)?
        for bucket in buckets.indices {
            guard let next = first(of: bucket) else { continue }
            if let found = oldest, found.waiting < next { continue }
            oldest = (bucket, next)
        }
        return oldest?.bucket
    }

    /// Two buckets for each doubling of the length.
    private static func bucket(length: Int) -> Int {
        let length = max(length, 1)
        let log = Int.bitWidth - 1 - length.leadingZeroBitCount
        return 2 * log + (length >= (3 << log) >> 1 ? 1 : 0)
    }
}
