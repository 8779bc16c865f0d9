/// Connections whose next frame waits for room.
package struct GateQueue {
    package enum Kind {
        /// Frames that large ones leave room for.
        case small
        /// Large ones of peers that have sent whole messages before.
        case proven
        /// Large ones of peers of which nothing is known: perhaps they only begin messages.
        case fresh
    }

    private var queues: [Kind: [UInt64]] = [:]
    private var grants = 0

    package init() {}

    package var isEmpty: Bool { queues.isEmpty }
    package var all: [UInt64] { queues.values.flatMap(\.self) }

    /// Whose turn it is among large frames: of every four, one is a new peer's.
    package var turn: Kind {
        if queues[.fresh] == nil { return .proven }
        return grants % 4 == 3 || queues[.proven] == nil ? .fresh : .proven
    }

    package mutating func append(_ token: UInt64, _ kind: Kind) { queues[kind, default: []].append(token) }

    package func first(_ kind: Kind) -> UInt64? { queues[kind]?.first }

    package mutating func removeFirst(_ kind: Kind) {
        if kind != .small { grants += 1 }
        queues[kind]?.removeFirst()
        if queues[kind]?.isEmpty ?? false { queues[kind] = nil }
    }
}
