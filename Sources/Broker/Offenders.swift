package import Dispatching

/// Peers that send what is no message, and for how long they are not heard. Bounded: of too many, the oldest is forgotten.
package struct Offenders {
    /// A connection. A peer may choose its routing id, so that of another socket is somebody else.
    package struct Connection: Hashable {
        package var socket: Peer.Socket
        package var routingID: [UInt8]

        package init(socket: Peer.Socket, routingID: [UInt8]) {
            self.socket = socket
            self.routingID = routingID
        }
    }

    private struct Entry {
        var offences: Int
        var last: UInt64
    }

    package var offencesMaximum: Int
    package var banMilliseconds: UInt64
    private let peersMaximum: Int
    private var entries: [Connection: Entry] = [:]

    package init(offencesMaximum: Int, banMilliseconds: UInt64, peersMaximum: Int = 4096) {
        self.offencesMaximum = offencesMaximum
        self.banMilliseconds = banMilliseconds
        self.peersMaximum = peersMaximum
    }

    private var banNanoseconds: UInt64 { banMilliseconds * 1_000_000 }

    /// - Returns: Whether this was one too many: the peer is not heard from now on.
    package mutating func record(_ peer: Connection, at now: UInt64) -> Bool {
        var entry = entries[peer] ?? Entry(offences: 0, last: now)
        // What is long ago is forgiven.
        if now - entry.last > banNanoseconds { entry.offences = 0 }
        entry.offences += 1
        entry.last = now
        if entries[peer] == nil && entries.count >= peersMaximum,
            let oldest = entries.min(by: { $0.value.last < $1.value.last })?.key
        {
            entries[oldest] = nil
        }
        entries[peer] = entry
        return entry.offences == offencesMaximum
    }

    package mutating func isBanned(_ peer: Connection, at now: UInt64) -> Bool {
        guard !entries.isEmpty, let entry = entries[peer], entry.offences >= offencesMaximum else { return false }
        guard now - entry.last > banNanoseconds else { return true }
        entries[peer] = nil
        return false
    }
}
