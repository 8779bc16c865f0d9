internal import Synchronization

/// How many connections there are, and how many bytes of bodies they hold.
final class ConnectionLedger: Sendable {
    let connectionsMaximum: Int
    let bytesMaximum: Int
    private let connections = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    init(connections: Int, bytes: Int) {
        connectionsMaximum = connections
        bytesMaximum = bytes
    }

    /// - Returns: Whether there is room for it.
    func open() -> Bool { connections.add(1, ordering: .relaxed).newValue <= connectionsMaximum }

    func close() { connections.subtract(1, ordering: .relaxed) }

    /// - Returns: Whether there is room for so many bytes more. They are counted in either case.
    func hold(_ count: Int) -> Bool { bytes.add(count, ordering: .relaxed).newValue <= bytesMaximum }

    func release(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}
