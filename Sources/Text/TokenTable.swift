package import Tensors

/// Tokens and their ids in flat memory, which can lie in a file: nothing has to be made of it before it is used.
///
/// Tokens are in the order of their ids. They are found through a hash table with linear probing, whose slots hold the
/// tokens' numbers in that order, or -1.
package struct TokenTable: Sendable {
    /// The tokens one after the other, in UTF-8.
    package let bytes: Block<UInt8>
    /// Where each token ends.
    package let ends: Block<Int32>
    /// Ascending.
    package let ids: Block<Int32>
    /// A power of two in number.
    package let slots: Block<Int32>

    package var count: Int { ids.count }

    /// - Parameter entries: In the order of their ids, which are all different and not negative.
    /// - Returns: nil when two tokens are the same; `repeated` is then called with their numbers.
    init?(
        _ entries: [(token: String, id: Int32)], repeated: (_ first: Int, _ second: Int) -> Void
    ) {
        self.init(entries, lastWins: false, repeated: repeated)
    }

    /// - Parameter entries: As above, but tokens may be the same: such a one is found by its last id.
    package init(repeating entries: [(token: String, id: Int32)]) {
        guard let table = TokenTable(entries, lastWins: true, repeated: { _, _ in }) else {
            preconditionFailure("only repeated tokens are refused")
        }
        self = table
    }

    private init?(
        _ entries: [(token: String, id: Int32)], lastWins: Bool, repeated: (_ first: Int, _ second: Int) -> Void
    ) {
        var bytes: [UInt8] = []
        var ends: [Int32] = []
        for entry in entries {
            bytes.append(contentsOf: entry.token.utf8)
            ends.append(Int32(bytes.count))
        }
        // Half of the slots are free, so that searches are short.
        let capacity = 1 << (Int.bitWidth - max(entries.count * 2 - 1, 1).leadingZeroBitCount)
        var slots = [Int32](repeating: -1, count: capacity)
        var start = 0
        for (number, end) in ends.enumerated() {
            let token = bytes[start..<Int(end)]
            start = Int(end)
            var slot = Self.hash(token) & (capacity - 1)
            while slots[slot] >= 0 {
                let other = Int(slots[slot])
                if bytes[(other == 0 ? 0 : Int(ends[other - 1]))..<Int(ends[other])] == token {
                    if lastWins { break }
                    repeated(other, number)
                    return nil
                }
                slot = (slot + 1) & (capacity - 1)
            }
            slots[slot] = Int32(number)
        }
        self.bytes = Block(bytes)
        self.ends = Block(ends)
        ids = Block(entries.map(\.id))
        self.slots = Block(slots)
    }

    /// Takes a table that was made before.
    ///
    /// - Returns: nil when it could lead out of its own memory, or to an id that is not below `size`.
    package init?(bytes: Block<UInt8>, ends: Block<Int32>, ids: Block<Int32>, slots: Block<Int32>, size: Int) {
        guard ends.count == ids.count, slots.count > ids.count, slots.count & (slots.count - 1) == 0 else { return nil }
        var (end, id) = (Int32(0), Int32(-1))
        for number in 0..<ids.count {
            guard ends.pointer[number] >= end, ids.pointer[number] > id else { return nil }
            (end, id) = (ends.pointer[number], ids.pointer[number])
        }
        guard Int(end) <= bytes.count, Int(id) < size else { return nil }
        guard slots.elements.allSatisfy({ $0 >= -1 && $0 < ids.count }) else { return nil }
        self.bytes = bytes
        self.ends = ends
        self.ids = ids
        self.slots = slots
    }

    /// The tokens that begin with a text, in the order of their ids.
    package func tokens(beginningWith text: String) -> [(token: String, id: Int)] {
        (0..<count).compactMap { number in
            let token = self.token(number)
            guard token.starts(with: text.utf8) else { return nil }
            return (String(decoding: token, as: UTF8.self), Int(ids.pointer[number]))
        }
    }

    package func id(of token: String) -> Int? {
        var token = token
        return token.withUTF8 { id(ofBytes: $0) }
    }

    func id(ofBytes token: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = Self.hash(token) & (slots.count - 1)
        // Bounded: a table from a file need not have the free slot that ends the search.
        for _ in 0..<slots.count {
            let number = Int(slots.pointer[slot])
            if number < 0 { return nil }
            if self.token(number).elementsEqual(token) { return Int(ids.pointer[number]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    package func token(of id: Int) -> String? {
        guard let id = Int32(exactly: id), id >= 0 else { return nil }
        // Vocabularies rarely have holes: a token's number is its id, or else a little less.
        var (low, high) = (0, min(Int(id), count - 1))
        if high >= 0, ids.pointer[high] == id { return String(decoding: token(high), as: UTF8.self) }
        while low <= high {
            let middle = (low + high) / 2
            if ids.pointer[middle] == id { return String(decoding: token(middle), as: UTF8.self) }
            if ids.pointer[middle] < id { low = middle + 1 } else { high = middle - 1 }
        }
        return nil
    }

    /// The bytes of the token at a place in the order of ids.
    func token(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        let start = number == 0 ? 0 : Int(ends.pointer[number - 1])
        return UnsafeBufferPointer(start: bytes.pointer + start, count: Int(ends.pointer[number]) - start)
    }

    /// FNV-1a (RFC 9923), 64 bits, folded: part of the packed format.
    private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
}
