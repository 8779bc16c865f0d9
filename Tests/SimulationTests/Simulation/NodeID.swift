import Dispatching

struct NodeID: Hashable {
    enum Kind: UInt8 { case broker, worker, producer, consumer }

    var kind: Kind
    var index: Int

    static let broker = NodeID(kind: .broker, index: 0)
}

/// A node's connection to the broker: another one after each reconnect.
struct Connection: Hashable {
    var node: NodeID
    var number: UInt32
}

extension Connection {
    /// What the broker's socket calls it. A new broker calls it otherwise.
    func routingID(brokerLife: Int) -> [UInt8] {
        [UInt8(node.index)] + Self.bytes(number) + Self.bytes(UInt32(brokerLife))
    }

    init(_ peer: Peer) {
        let kind: NodeID.Kind =
            switch peer.socket {
            case .jobs: .producer
            case .work: .worker
            case .results: .consumer
            }
        let id = peer.routingID
        node = NodeID(kind: kind, index: Int(id[0]))
        number = id[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}
