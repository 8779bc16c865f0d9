/// The symbols of a word while pairs of them are joined: first the pair of the lowest rank, of such the leftmost.
///
/// O(n log n): candidates wait in a heap, and those that a merge has overtaken are seen when they come up.
struct SymbolList {
    private struct Symbol {
        var id: Int32
        var start: Int32
        /// 0 when the symbol was joined to its left neighbour.
        var length: Int32
        var previous: Int32
        var next: Int32
    }

    private var symbols: [Symbol] = []
    /// A min-heap of ranks (high half) and places (low half).
    private var heap: [UInt64] = []

    /// Adds a symbol of some bytes at the end.
    mutating func append(_ id: Int32, start: Int, length: Int) {
        let place = Int32(symbols.count)
        if place > 0 { symbols[symbols.count - 1].next = place }
        symbols.append(
            Symbol(id: id, start: Int32(start), length: Int32(length), previous: place - 1, next: -1))
    }

    mutating func merge(_ merges: MergeTable) {
        guard symbols.count > 1 else { return }
        for place in 0..<symbols.count - 1 { push(place, merges) }
        while let entry = pop() {
            let place = Int(entry & 0xFFFF_FFFF)
            guard let merge = merge(at: place, merges) else { continue }
            // The pair may be another one by now. The library looks at what it becomes, not at its rank.
            guard merge.result == merges.result(ofRank: Int(entry >> 32)) else { continue }
            join(place, merge.result)
            pushNeighbours(of: place, merges)
        }
    }

    /// The same in rounds, as the first implementations did it: all pairs of the lowest rank are joined before those that
    /// come of it are looked at.
    mutating func mergeInRounds(_ merges: MergeTable) {
        guard symbols.count > 1 else { return }
        for place in 0..<symbols.count - 1 { push(place, merges) }
        while let first = pop() {
            var places = [Int(first & 0xFFFF_FFFF)]
            while let next = heap.first, next >> 32 == first >> 32, let entry = pop() {
                places.append(Int(entry & 0xFFFF_FFFF))
            }
            var joined: [Int] = []
            for place in places {
                guard let merge = merge(at: place, merges), merge.rank == Int32(first >> 32) else { continue }
                join(place, merge.result)
                joined.append(place)
            }
            for place in joined where symbols[place].length > 0 { pushNeighbours(of: place, merges) }
        }
    }

    private func merge(at place: Int, _ merges: MergeTable) -> MergeTable.Merge? {
        guard symbols[place].length > 0, symbols[place].next >= 0 else { return nil }
        return merges.merge(symbols[place].id, symbols[Int(symbols[place].next)].id)
    }

    private mutating func join(_ place: Int, _ result: Int32) {
        let next = Int(symbols[place].next)
        let right = symbols[next]
        symbols[next].length = 0
        symbols[place].id = result
        symbols[place].length += right.length
        symbols[place].next = right.next
        if right.next >= 0 { symbols[Int(right.next)].previous = Int32(place) }
    }

    private mutating func pushNeighbours(of place: Int, _ merges: MergeTable) {
        if symbols[place].previous >= 0 { push(Int(symbols[place].previous), merges) }
        push(place, merges)
    }

    func forEach(_ body: (_ id: Int, _ range: Range<Int>) -> Void) {
        for symbol in symbols where symbol.length > 0 {
            body(Int(symbol.id), Int(symbol.start)..<Int(symbol.start + symbol.length))
        }
    }

    /// Makes a candidate of the pair that begins at a place, if it can be joined.
    private mutating func push(_ place: Int, _ merges: MergeTable) {
        let next = symbols[place].next
        guard next >= 0, let merge = merges.merge(symbols[place].id, symbols[Int(next)].id) else { return }
        heap.append(UInt64(merge.rank) << 32 | UInt64(place))
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2] > heap[child] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> UInt64? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return top }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
