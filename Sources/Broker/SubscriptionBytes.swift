/// How much observers subscribe to. libzmq holds each prefix byte by byte, at about 60 bytes each, until its connection ends.
package struct SubscriptionBytes<Connection: Hashable> {
    /// All connections together.
    private let maximum: Int
    private var bytes: [Connection: Int] = [:]
    private var total = 0

    package init(maximum: Int = 512 << 10) { self.maximum = maximum }

    /// Counts a subscription. That one is ended is not counted: a peer may say so of what it has not subscribed to.
    ///
    /// - Parameter isOpen: Whether a connection is still there.
    /// - Returns: The connection that takes the most, to be closed, when all together take too much.
    package mutating func add(_ count: Int, of connection: Connection, isOpen: (Connection) -> Bool) -> Connection? {
        bytes[connection, default: 0] += count
        total += count
        guard total > maximum else { return nil }
        bytes = bytes.filter { isOpen($0.key) }
        total = bytes.values.reduce(0, +)
        guard total > maximum, let most = bytes.max(by: { $0.value < $1.value }) else { return nil }
        bytes[most.key] = nil
        total -= most.value
        return most.key
    }
}
