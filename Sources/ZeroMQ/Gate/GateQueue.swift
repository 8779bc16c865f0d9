/// Connections whose next frame waits for room.
///
/// Those of one peer wait in the order of their coming, and peers take turns: one that opens many connections has no more
/// turns than one that opens one.
package struct GateQueue {
    package enum Kind {
        /// Frames that large ones leave room for.
        case small
        /// Large ones of connections by which a whole message has come before.
        case proven
        /// Large ones of connections of which nothing is known: perhaps they only begin messages.
        case fresh
    }

    /// All connections from one address to one socket.
    package struct Peer: Hashable {
        let entry: Int
        let address: String

        package init(entry: Int, address: String) {
            self.entry = entry
            self.address = address
        }
    }

    private struct Line {
        /// Whose turn it is next, and after that.
        var turns: [Peer] = []
        var tokens: [Peer: [UInt64]] = [:]
    }

    private var lines: [Kind: Line] = [:]
    private var grants = 0

    package init() {}

    package var isEmpty: Bool { lines.isEmpty }
    package var all: [UInt64] { lines.values.flatMap { $0.tokens.values.flatMap(\.self) } }

    /// Whose turn it is among large frames: of every four, one is a new connection's.
    package var turn: Kind {
        if lines[.fresh] == nil { return .proven }
        return grants % 4 == 3 || lines[.proven] == nil ? .fresh : .proven
    }

    package mutating func append(_ token: UInt64, of peer: Peer, _ kind: Kind) {
        var line = lines[kind] ?? Line()
        if line.tokens[peer] == nil { line.turns.append(peer) }
        line.tokens[peer, default: []].append(token)
        lines[kind] = line
    }

    package func first(_ kind: Kind) -> UInt64? {
        guard let line = lines[kind], let peer = line.turns.first else { return nil }
        return line.tokens[peer]?.first
    }

    package mutating func removeFirst(_ kind: Kind) {
        guard var line = lines[kind], let peer = line.turns.first, var tokens = line.tokens[peer] else { return }
        if kind != .small { grants += 1 }
        line.turns.removeFirst()
        tokens.removeFirst()
        line.tokens[peer] = tokens.isEmpty ? nil : tokens
        if !tokens.isEmpty { line.turns.append(peer) }
        lines[kind] = line.turns.isEmpty ? nil : line
    }
}
