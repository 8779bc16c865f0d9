package import JobModel

/// How much the engine has been given, and whether it has room for more: the one that the sessions of a worker share.
///
/// What comes first in a session's order waits for its room, and nothing overtakes it: so neither a large chunk nor one
/// that must be alone waits for ever.
package struct EngineRoom: Sendable {
    /// In source tokens, by the broker's estimate. The chunk that crosses it is the last to begin.
    package var capacity: UInt64
    private var costs: [ChunkTask: UInt64] = [:]
    private var used: UInt64 = 0
    /// A chunk that is translated with no other beside it.
    private var alone: ChunkTask?

    package init(capacity: UInt64) { self.capacity = capacity }

    package var isEmpty: Bool { costs.isEmpty }

    package func admits(_ task: ChunkTask, _ assign: Assign) -> Bool {
        if isEmpty { return true }
        // One that was cancelled and assigned again waits until the engine has let go of it.
        return costs[task] == nil && alone == nil && !assign.isAlone && used < capacity
    }

    package mutating func enter(_ task: ChunkTask, _ assign: Assign) {
        precondition(costs[task] == nil, "a chunk begins once")
        // One that is larger than all of it leaves a quarter to others.
        let cost = max(min(UInt64(assign.cost), capacity - capacity / 4), 1)
        costs[task] = cost
        used += cost
        if assign.isAlone { alone = task }
    }

    package mutating func leave(_ task: ChunkTask) {
        guard let cost = costs.removeValue(forKey: task) else { return }
        used -= cost
        if alone == task { alone = nil }
    }
}

/// What the engine works at: a lease of one of the worker's brokers.
package struct ChunkTask: Sendable, Hashable {
    package var broker: Int
    package var lease: LeaseName

    package init(broker: Int, lease: LeaseName) {
        self.broker = broker
        self.lease = lease
    }
}
