import Testing
import ZeroMQ

@Suite struct GateQueueTests {
    private func peer(_ address: String, entry: Int = 0) -> GateQueue.Peer { .init(entry: entry, address: address) }

    private func order(_ queue: inout GateQueue, _ kind: GateQueue.Kind) -> [UInt64] {
        var order: [UInt64] = []
        while let token = queue.first(kind) {
            order.append(token)
            queue.removeFirst(kind)
        }
        return order
    }

    @Test func `peers take turns, however many connections each has, and sockets too`() {
        var queue = GateQueue()
        for token in 1...5 as ClosedRange<UInt64> { queue.append(token, of: peer("a"), .small) }
        queue.append(6, of: peer("b"), .small)
        queue.append(7, of: peer("a", entry: 1), .small)
        queue.append(8, of: peer("b"), .small)
        #expect(Set(queue.all) == Set(1...8))
        #expect(order(&queue, .small) == [1, 6, 7, 2, 8, 3, 4, 5])
        #expect(queue.isEmpty)
    }

    @Test func `of every four turns one is a new connection's`() {
        var queue = GateQueue()
        for token in 0..<8 as Range<UInt64> {
            queue.append(token, of: peer("a"), .proven)
            queue.append(100 + token, of: peer("a"), .fresh)
        }
        var turns: [GateQueue.Kind] = []
        for _ in 0..<8 {
            turns.append(queue.turn)
            queue.removeFirst(queue.turn)
        }
        #expect(turns == [.proven, .proven, .proven, .fresh, .proven, .proven, .proven, .fresh])
        #expect(order(&queue, .proven) == [6, 7])
        #expect(queue.turn == .fresh)
    }
}
