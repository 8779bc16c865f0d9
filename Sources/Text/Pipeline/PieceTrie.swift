/// Pieces, found by the bytes that a text goes on with.
///
/// Nodes are numbered level by level, so that the children of a node are neighbours, in the order of their bytes.
struct PieceTrie: Sendable {
    /// Where each node's children begin; those of the next node begin where they end.
    private var children: [Int32] = []
    /// The byte that leads to each node.
    private var labels: [UInt8] = []
    /// The value of the piece that ends at each node, or -1.
    private var values: [Int32] = []
    /// The root's child for each byte, or -1.
    private var first = [Int32](repeating: -1, count: 256)

    static let root = 0

    /// - Parameter pieces: Of the same bytes, the last one counts.
    init(_ pieces: [(bytes: UnsafeBufferPointer<UInt8>, value: Int32)]) {
        let pieces = pieces.enumerated().sorted { left, right in
            if left.element.bytes.lexicographicallyPrecedes(right.element.bytes) { return true }
            if right.element.bytes.lexicographicallyPrecedes(left.element.bytes) { return false }
            return left.offset < right.offset
        }.map(\.element)
        // The pieces below each node, in the order of nodes.
        var ranges: [(range: Range<Int>, depth: Int)] = [(0..<pieces.count, 0)]
        labels.append(0)
        var node = 0
        while node < ranges.count {
            var (range, depth) = ranges[node]
            var value: Int32 = -1
            while let piece = range.first, pieces[piece].bytes.count == depth {
                value = pieces[piece].value
                range = piece + 1..<range.upperBound
            }
            values.append(value)
            children.append(Int32(ranges.count))
            while let start = range.first {
                let label = pieces[start].bytes[depth]
                var end = start + 1
                while end < range.upperBound, pieces[end].bytes[depth] == label { end += 1 }
                if node == Self.root { first[Int(label)] = Int32(ranges.count) }
                ranges.append((start..<end, depth + 1))
                labels.append(label)
                range = end..<range.upperBound
            }
            node += 1
        }
        children.append(Int32(ranges.count))
    }

    /// The node that a byte leads to.
    func child(of node: Int, _ byte: UInt8) -> Int? {
        if node == Self.root {
            let child = first[Int(byte)]
            return child < 0 ? nil : Int(child)
        }
        var (low, high) = (Int(children[node]), Int(children[node + 1]))
        while low < high {
            let middle = (low + high) / 2
            if labels[middle] < byte { low = middle + 1 } else { high = middle }
        }
        return low < Int(children[node + 1]) && labels[low] == byte ? low : nil
    }

    /// The value of the piece that ends at a node.
    func value(at node: Int) -> Int? {
        let value = values[node]
        return value < 0 ? nil : Int(value)
    }

    /// The node that bytes lead to.
    func node(of bytes: some Sequence<UInt8>) -> Int? {
        var node = Self.root
        for byte in bytes {
            guard let child = child(of: node, byte) else { return nil }
            node = child
        }
        return node
    }

    /// Calls `body` with the value and the end of every piece that the text goes on with at `start`, shortest first.
    func forEachPrefix(of text: [UInt8], from start: Int, at root: Int = root, _ body: (Int, _ end: Int) -> Void) {
        var node = root
        var index = start
        while index < text.count, let child = child(of: node, text[index]) {
            node = child
            index += 1
            if values[node] >= 0 { body(Int(values[node]), index) }
        }
    }
}
