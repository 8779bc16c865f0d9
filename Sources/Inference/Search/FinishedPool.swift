/// The best finished hypotheses of a beam search, best first; among equals, the one that finished first.
package struct FinishedPool {
    package struct Entry {
        package var node: TokenTree.Node
        package var score: Float
        package var isTruncated: Bool

        package init(node: TokenTree.Node, score: Float, isTruncated: Bool) {
            self.node = node
            self.score = score
            self.isTruncated = isTruncated
        }
    }

    package private(set) var entries: [Entry] = []
    private let capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
        entries.reserveCapacity(capacity + 1)
    }

    package var isFull: Bool { entries.count == capacity }

    /// The score that a hypothesis must exceed to get in; minus infinity until the pool is full.
    package var worstScore: Float { isFull ? entries[capacity - 1].score : -.infinity }

    package mutating func insert(_ entry: Entry) {
        let at = entries.firstIndex { $0.score < entry.score } ?? entries.count
        entries.insert(entry, at: at)
        if entries.count > capacity { entries.removeLast() }
    }
}
