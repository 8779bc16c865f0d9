import Inference
import Testing

@Suite struct FinishedPoolTests {
    private func pool(_ capacity: Int, _ scores: [Float]) -> FinishedPool {
        var pool = FinishedPool(capacity: capacity)
        for (index, score) in scores.enumerated() {
            pool.insert(.init(node: TokenTree.Node(index), score: score, isTruncated: false))
        }
        return pool
    }

    @Test func `the best stay, best first`() {
        #expect(pool(3, [-4, -1, -3, -2]).entries.map(\.score) == [-1, -2, -3])
    }

    @Test func `among equals the first to finish goes first, and the last does not get in`() {
        #expect(pool(3, [-1, -2, -1, -2]).entries.map(\.node) == [0, 2, 1])
    }

    @Test func `until it is full, anything gets in`() {
        let part = pool(3, [-1, -2])
        #expect(!part.isFull)
        #expect(part.worstScore == -.infinity)
        let full = pool(3, [-1, -2, -9])
        #expect(full.isFull)
        #expect(full.worstScore == -9)
    }
}
