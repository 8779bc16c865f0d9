/// Who is next.
///
/// Tenants take turns by deficit round-robin (Shreedhar and Varghese 1995) with source tokens in the place of bytes, so
/// that no tenant's priorities, and no number of its jobs, keep another waiting for longer than a round; a tenant without
/// a chunk for the worker that asks is passed over and keeps its deficit. Inside a tenant, the highest of four levels goes
/// first; inside a level the oldest chunk, or the oldest of about the length that the worker is being filled with. A chunk
/// that waits rises a level each `ageing`, so that nothing starves.
struct FairQueue: Sendable {
    /// What a tenant of weight 1 is given at its turn, in source tokens.
    var quantum: Int
    private(set) var count = 0
    private var nodes: [Node] = []
    private var free: [Int32] = []
    private var tenants: [Tenant] = []
    /// The tenants that have chunks, in the order of their turns.
    private var ring: [Int] = []
    /// Whose turn it is, in the ring, and whether it has been given its quantum.
    private var cursor = 0
    private var hasQuantum = false
    /// Of all tenants, the chunks of each level in the order of their coming to it.
    private var byAge = Array(repeating: LinkedList(), count: levelCount)
    private var arrivals: Int64 = 0
    private var returns: Int64 = 0
    static let levelCount = 4

    init(quantum: Int) { self.quantum = quantum }

    /// Sets a tenant's share: of two tenants with work, one of weight 2 is given twice as much as one of weight 1.
    mutating func setWeight(_ weight: Int, of tenant: Int) {
        addTenants(upTo: tenant)
        tenants[tenant].weight = max(1, weight)
    }

    /// - Parameter isReturned: It goes before all others of its tenant and level.
    /// - Returns: the chunk's place, which stays the same until it is removed.
    mutating func add(
        _ chunk: ChunkRef, cost: UInt32, route: Int, tenant: Int, priority: Int, at now: UInt64,
        isReturned: Bool = false
    ) -> Int32 {
        if isReturned { returns -= 1 } else { arrivals += 1 }
        let node = Node(
            chunk: chunk, cost: cost, route: Int32(route), tenant: Int32(tenant),
            arrival: isReturned ? returns : arrivals, enteredAt: now, level: UInt8(priority))
        let place = free.popLast() ?? Int32(nodes.count)
        if Int(place) == nodes.count { nodes.append(node) } else { nodes[Int(place)] = node }
        count += 1
        addTenants(upTo: tenant)
        if tenants[tenant].count == 0 { join(tenant) }
        tenants[tenant].count += 1
        link(place)
        return place
    }

    mutating func remove(_ place: Int32) {
        unlink(place)
        let tenant = Int(nodes[Int(place)].tenant)
        tenants[tenant].count -= 1
        if tenants[tenant].count == 0 { leave(tenant) }
        free.append(place)
        count -= 1
    }

    /// Lets those that have waited long rise.
    mutating func rise(at now: UInt64, ageing: UInt64) {
        guard ageing > 0 else { return }
        for level in (0..<Self.levelCount - 1).reversed() {
            while let place = byAge[level].first, nodes[Int(place)].enteredAt.adding(milliseconds: ageing) <= now {
                unlink(place)
                arrivals += 1
                nodes[Int(place)].level += 1
                nodes[Int(place)].enteredAt = now
                nodes[Int(place)].arrival = arrivals
                link(place)
            }
        }
    }

    /// The next chunk for a worker that serves certain routes; asking again gives the same until something changes.
    /// - Parameter bucket: the length to prefer.
    mutating func next(for routes: [Int], preferring bucket: UInt8?) -> Int32? {
        let turn = (cursor, hasQuantum)
        var passed = 0
        while passed < ring.count {
            let tenant = ring[cursor]
            if let place = head(of: tenant, routes, bucket) {
                passed = 0
                if !hasQuantum {
                    hasQuantum = true
                    tenants[tenant].deficit += max(1, quantum) * tenants[tenant].weight
                }
                if tenants[tenant].deficit >= max(1, Int(nodes[Int(place)].cost)) { return place }
            } else {
                passed += 1
            }
            cursor = (cursor + 1) % ring.count
            hasQuantum = false
        }
        // Whoever's turn it is loses nothing by a worker that none of them has a chunk for.
        (cursor, hasQuantum) = turn
        return nil
    }

    /// Takes what `next` has found, at its tenant's expense.
    mutating func take(_ place: Int32) -> ChunkRef {
        let node = nodes[Int(place)]
        tenants[Int(node.tenant)].deficit -= max(1, Int(node.cost))
        remove(place)
        return node.chunk
    }

    func chunk(at place: Int32) -> ChunkRef { nodes[Int(place)].chunk }
    func cost(at place: Int32) -> UInt32 { nodes[Int(place)].cost }
    func bucket(at place: Int32) -> UInt8 { nodes[Int(place)].bucket }

    /// A tenant's next chunk.
    private func head(of tenant: Int, _ routes: [Int], _ bucket: UInt8?) -> Int32? {
        for level in tenants[tenant].levels.reversed() {
            if let place = head(of: level, routes, bucket) { return place }
        }
        return nil
    }

    private func head(of level: Level, _ routes: [Int], _ bucket: UInt8?) -> Int32? {
        var oldest: Int32?
        func consider(_ place: Int32?) {
            guard let place else { return }
            if let found = oldest, nodes[Int(found)].arrival < nodes[Int(place)].arrival { return }
            oldest = place
        }
        if let bucket {
            for route in routes where route < level.lanes.count { consider(level.lanes[route].first(of: bucket)) }
            if oldest != nil { return oldest }
        }
        for route in routes where route < level.lanes.count {
            var occupied = level.lanes[route].occupied
            while occupied != 0 {
                consider(level.lanes[route].first(of: UInt8(occupied.trailingZeroBitCount)))
                occupied &= occupied - 1
            }
        }
        return oldest
    }

    private mutating func link(_ place: Int32) {
        let node = nodes[Int(place)]
        let (level, tenant, route) = (Int(node.level), Int(node.tenant), Int(node.route))
        while tenants[tenant].levels[level].lanes.count <= route { tenants[tenant].levels[level].lanes.append(Lane()) }
        byAge[level].append(place, in: &nodes, \.age)
        tenants[tenant].levels[level].lanes[route].add(
            place, to: node.bucket, isFirst: node.arrival < 0, in: &nodes)
    }

    private mutating func unlink(_ place: Int32) {
        let node = nodes[Int(place)]
        byAge[Int(node.level)].remove(place, in: &nodes, \.age)
        tenants[Int(node.tenant)].levels[Int(node.level)].lanes[Int(node.route)].remove(
            place, from: node.bucket, in: &nodes)
    }

    private mutating func addTenants(upTo tenant: Int) {
        while tenants.count <= tenant { tenants.append(Tenant()) }
    }

    /// Its turn is the last of the round.
    private mutating func join(_ tenant: Int) {
        ring.insert(tenant, at: cursor)
        if ring.count > 1 { cursor += 1 }
    }

    /// It saves nothing up while it wants nothing.
    private mutating func leave(_ tenant: Int) {
        tenants[tenant].deficit = 0
        guard let position = ring.firstIndex(of: tenant) else { return }
        ring.remove(at: position)
        if position == cursor { hasQuantum = false }
        if position < cursor { cursor -= 1 }
        if cursor == ring.count { cursor = 0 }
    }
}

extension FairQueue {
    private struct Tenant: Sendable {
        var weight = 1
        /// Source tokens that it may take before the next one's turn.
        var deficit = 0
        var count = 0
        var levels = Array(repeating: Level(), count: levelCount)
    }

    private struct Level: Sendable {
        /// By route.
        var lanes: [Lane] = []
    }

    /// Chunks of one tenant on one route, by length.
    private struct Lane: Sendable {
        private var buckets: [LinkedList] = []
        /// A bit for each bucket that has a chunk.
        private(set) var occupied: UInt64 = 0

        func first(of bucket: UInt8) -> Int32? { bucket < buckets.count ? buckets[Int(bucket)].first : nil }
        mutating func add(_ place: Int32, to bucket: UInt8, isFirst: Bool, in nodes: inout [Node]) {
            while buckets.count <= bucket { buckets.append(LinkedList()) }
            if isFirst {
                buckets[Int(bucket)].prepend(place, in: &nodes, \.length)
            } else {
                buckets[Int(bucket)].append(place, in: &nodes, \.length)
            }
            occupied |= 1 << UInt64(bucket)
        }

        mutating func remove(_ place: Int32, from bucket: UInt8, in nodes: inout [Node]) {
            buckets[Int(bucket)].remove(place, in: &nodes, \.length)
            if buckets[Int(bucket)].first == nil { occupied &= ~(1 << UInt64(bucket)) }
        }
    }

    private struct Node: Sendable {
        let chunk: ChunkRef
        let cost: UInt32
        let route: Int32
        let tenant: Int32
        /// At this level.
        var arrival: Int64
        /// In monotonic nanoseconds.
        var enteredAt: UInt64
        var level: UInt8
        var age = Links()
        var length = Links()

        /// Lengths that differ by less than a factor of two are alike.
        var bucket: UInt8 { UInt8(UInt32.bitWidth - cost.leadingZeroBitCount) }
    }

    private struct Links: Sendable {
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    /// A list through the nodes, so that a chunk leaves it from anywhere without a search.
    private struct LinkedList: Sendable {
        private var head: Int32 = -1
        private var tail: Int32 = -1

        var first: Int32? { head < 0 ? nil : head }

        mutating func append(_ place: Int32, in nodes: inout [Node], _ links: WritableKeyPath<Node, Links>) {
            nodes[Int(place)][keyPath: links] = Links(previous: tail, next: -1)
            if tail >= 0 { nodes[Int(tail)][keyPath: links].next = place } else { head = place }
            tail = place
        }

        mutating func prepend(_ place: Int32, in nodes: inout [Node], _ links: WritableKeyPath<Node, Links>) {
            nodes[Int(place)][keyPath: links] = Links(previous: -1, next: head)
            if head >= 0 { nodes[Int(head)][keyPath: links].previous = place } else { tail = place }
            head = place
        }

        mutating func remove(_ place: Int32, in nodes: inout [Node], _ links: WritableKeyPath<Node, Links>) {
            let gone = nodes[Int(place)][keyPath: links]
            if gone.previous >= 0 {
                nodes[Int(gone.previous)][keyPath: links].next = gone.next
            } else {
                head = gone.next
            }
            if gone.next >= 0 {
                nodes[Int(gone.next)][keyPath: links].previous = gone.previous
            } else {
                tail = gone.previous
            }
        }
    }
}
