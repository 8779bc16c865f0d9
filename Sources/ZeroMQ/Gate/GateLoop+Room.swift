internal import CZeroMQ
internal import Clocks
internal import Glibc

/// Who may go on, and who has to go.
extension GateLoop {
    /// Lets frames in that waited for room.
    func admitWaiting() {
        while admitNext(.small) {}
        while admitNext(waiting.turn) {}
    }

    /// - Returns: Whether there was one, and room for it.
    func admitNext(_ kind: GateQueue.Kind) -> Bool {
        guard let token = waiting.first(kind) else { return false }
        if let connection = connections[token], connection.obstacle == .room {
            guard ledger.hasRoom(frame: connection.wanted - GateLedger.frameOverhead) else { return false }
            connection.obstacle = nil
            isServed = connection
            passIn(connection)
            isServed = nil
            update(connection)
        }
        waiting.removeFirst(kind)
        return true
    }

    /// Closes what has not got on for too long.
    func sweep() {
        sweepDue = now + 100 * Self.nanosecondsPerMillisecond
        if let again = acceptsAgainAt, again <= now {
            acceptsAgainAt = nil
            for index in entries.indices {
                watch(entries[index].listener, EPOLLIN.rawValue, tag: Self.tag(listener: index), EPOLL_CTL_MOD)
            }
        }
        endFarewells()
        let patience = limits.messageTimeout.nanoseconds
        for connection in Array(connections.values) where now - connection.beganAt > patience {
            let isIncomplete = connection.reader.isInside || !connection.held.isEmpty
            switch connection.obstacle {
            case nil where isIncomplete && connection.cleared == 0: refuse(connection, .incomplete)
            case .ownMessages? where entries[connection.entry].drains > connection.drainsAtObstacle &+ 1:
                refuse(connection, .endless)
            default: break
            }
        }
        if isWaiting { makeRoom() }
    }

    /// Closes connections whose messages stand still or are slow, as many as those that wait need.
    func makeRoom() {
        var needed = waiting.all.reduce(0) { $0 + (connections[$1]?.wanted ?? 0) }
        let standing = connections.values
            .filter { $0.account.coming > 0 && isInTheWay($0) }
            .sorted { $0.progressedAt < $1.progressedAt }
        for connection in standing where needed > 0 {
            needed -= connection.account.coming
            refuse(connection, .stalled)
        }
        admitWaiting()
    }

    private func isInTheWay(_ connection: GateConnection) -> Bool {
        let slowness = Self.slownessNanoseconds + UInt64(connection.account.coming) * Self.nanosecondsPerSlowByte
        return now - connection.progressedAt >= Self.stallNanoseconds || now - connection.beganAt >= slowness
    }
}
