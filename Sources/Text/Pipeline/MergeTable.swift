internal import Tensors

/// Which pairs of tokens are joined, in which order, and into what.
struct MergeTable: Sendable {
    struct Merge {
        var rank: Int32
        var result: Int32
    }

    private let triples: Block<Int32>?
    /// Numbers of triples, or -1; found by the pair's hash, then one after the other.
    private var slots: [Int32]

    /// - Parameters:
    ///   - triples: Left, right and what they become, in the order of ranks. Of the same pair, the last counts.
    ///   - hidden: Tokens that no merge may make.
    init(_ triples: Block<Int32>?, hidden: Set<Int>) {
        self.triples = triples
        let count = (triples?.count ?? 0) / 3
        let capacity = 1 << (Int.bitWidth - max(count * 2 - 1, 1).leadingZeroBitCount)
        slots = [Int32](repeating: -1, count: capacity)
        guard let triples else { return }
        for rank in 0..<count where hidden.isEmpty || !hidden.contains(Int(triples.pointer[rank * 3 + 2])) {
            var slot = hash(triples.pointer[rank * 3], triples.pointer[rank * 3 + 1])
            while slots[slot] >= 0 {
                let other = Int(slots[slot]) * 3
                if triples.pointer[other] == triples.pointer[rank * 3]
                    && triples.pointer[other + 1] == triples.pointer[rank * 3 + 1]
                {
                    break
                }
                slot = (slot + 1) & (capacity - 1)
            }
            slots[slot] = Int32(rank)
        }
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        guard let triples else { return nil }
        var slot = hash(left, right)
        while slots[slot] >= 0 {
            let place = Int(slots[slot]) * 3
            if triples.pointer[place] == left, triples.pointer[place + 1] == right {
                return Merge(rank: slots[slot], result: triples.pointer[place + 2])
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func result(ofRank rank: Int) -> Int32 { triples?.pointer[rank * 3 + 2] ?? -1 }

    private func hash(_ left: Int32, _ right: Int32) -> Int {
        var pair = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        pair = (pair ^ pair >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return Int(truncatingIfNeeded: (pair ^ pair >> 29) & UInt64(slots.count - 1))
    }
}
