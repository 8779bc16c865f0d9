internal import CZeroMQ
internal import Glibc

/// Bytes, both ways.
extension GateLoop {
    func reads(_ connection: GateConnection) -> Bool {
        !connection.peerHasEnded && connection.leavesBy == nil && connection.obstacle == nil && connection.cleared == 0
    }

    /// From the peer to libzmq.
    func passIn(_ connection: GateConnection) {
        guard let base = scratch.baseAddress else { return }
        for _ in 0..<Self.passesPerTurn where !connection.isClosed {
            if connection.obstacle != nil || connection.leavesBy != nil, connection.cleared == 0 { return }
            var count = connection.held.count
            if count > 0 { connection.held.withUnsafeBytes { scratch.copyMemory(from: $0) } }
            var isShort = false
            if connection.cleared == 0, connection.wanted == 0 {
                guard !connection.peerHasEnded else { return }
                let size = connection.readSize(most: scratch.count - count)
                let result = recv(connection.outer, base + count, size, 0)
                if result < 0 { return errno == EAGAIN || errno == EINTR ? () : close(connection) }
                if result == 0 {
                    connection.peerHasEnded = true
                    shutdown(connection.inner, CInt(SHUT_WR))
                    return
                }
                count += result
                isShort = result < size
            }
            if connection.cleared == 0, !clear(connection, count) { return }
            var sent = 0
            if connection.cleared > 0 {
                let result = send(connection.inner, base, connection.cleared, CInt(MSG_NOSIGNAL))
                if result < 0, errno != EAGAIN, errno != EINTR { return close(connection) }
                sent = max(result, 0)
            }
            connection.advance(by: sent, at: now)
            connection.cleared -= sent
            connection.held = sent == count ? [] : Array(scratch[sent..<count])
            if connection.cleared > 0 || isShort && connection.wanted == 0 { return }
        }
    }

    /// Finds how much may be passed on.
    ///
    /// - Returns: Whether the connection lives.
    func clear(_ connection: GateConnection, _ count: Int) -> Bool {
        let wasInside = connection.reader.isInside
        let shakesHands = !connection.reader.hasShakenHands
        connection.wanted = 0
        do throws(FrameReader.Violation) {
            connection.cleared = try connection.reader.read(
                UnsafeRawBufferPointer(rebasing: scratch[..<count]), admit: { admit($0, connection) },
                ended: { isMessage in
                    ledger.ended(&connection.account)
                    if isMessage { connection.isProven = true }
                })
        } catch {
            refuse(connection, Self.reason(error, most: entries[connection.entry].frameBytesMaximum))
            return false
        }
        if !wasInside || connection.cleared == 0 { connection.begin(at: now) }
        // Only now is there a key to be asked about.
        if shakesHands, connection.reader.hasShakenHands, connection.reader.usesKeys {
            mailbox.isKnocking(connection.token, from: connection.address)
        }
        return true
    }

    func admit(_ bytes: Int, _ connection: GateConnection) -> Bool {
        let kind: GateQueue.Kind =
            bytes <= GateLedger.smallFrameBytes ? .small : connection.isProven ? .proven : .fresh
        let answer =
            // Frames that wait are not overtaken.
            connection !== isServed && waiting.first(kind) != nil
            ? .full : ledger.admit(frame: bytes, share: entries[connection.entry].share, to: &connection.account)
        switch answer {
        case .admitted:
            isServed = nil
            connection.begin(at: now)
            return true
        case .ownShareUsed:
            connection.obstacle = .ownMessages
            connection.drainsAtObstacle = entries[connection.entry].drains
        case .full:
            connection.obstacle = .room
            let peer = GateQueue.Peer(entry: connection.entry, address: connection.address)
            waiting.append(connection.token, of: peer, kind)
        }
        connection.beganAt = now
        connection.wanted = GateLedger.weight(ofFrame: bytes)
        return false
    }

    static func reason(_ violation: FrameReader.Violation, most: Int) -> GateRefusal.Reason {
        switch violation {
        case .notZMTP3: .notZMTP3
        case .frameTooLarge(let bytes): .frameTooLarge(bytes: bytes, most: UInt64(most))
        case .handshakeTooLarge(let bytes): .frameTooLarge(bytes: bytes, most: FrameReader.handshakeBytesMaximum)
        }
    }

    /// From libzmq to the peer.
    func passOut(_ connection: GateConnection) {
        guard let base = scratch.baseAddress else { return }
        for _ in 0..<Self.passesPerTurn where !connection.isClosed {
            if !connection.unsent.isEmpty {
                let result = connection.unsent.withUnsafeBytes {
                    send(connection.outer, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                if result < 0 { return errno == EAGAIN || errno == EINTR ? () : close(connection) }
                connection.unsent = result == connection.unsent.count ? [] : Array(connection.unsent[result...])
                if !connection.unsent.isEmpty { return }
            }
            let size = 64 << 10
            let result = recv(connection.inner, base, size, 0)
            if result < 0 { return errno == EAGAIN || errno == EINTR ? () : close(connection) }
            if result == 0 { return close(connection) }
            connection.toldAt = now
            mailbox.isAnswered(connection.token)
            let sent = send(connection.outer, base, result, CInt(MSG_NOSIGNAL))
            if sent < 0, errno != EAGAIN, errno != EINTR { return close(connection) }
            if max(sent, 0) < result {
                connection.unsent = Array(scratch[max(sent, 0)..<result])
                return
            }
            if result < size { return }
        }
    }

    func update(_ connection: GateConnection) {
        guard !connection.isClosed else { return }
        var outer = reads(connection) ? EPOLLIN.rawValue : 0
        if !connection.unsent.isEmpty { outer |= EPOLLOUT.rawValue }
        var inner = connection.unsent.isEmpty ? EPOLLIN.rawValue : 0
        if connection.cleared > 0 { inner |= EPOLLOUT.rawValue }
        if connection.outerMask != outer, connection.outerMask != nil || outer != 0 {
            let operation = connection.outerMask == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
            watch(connection.outer, outer, tag: connection.token << 1, operation)
            connection.outerMask = outer
        }
        if connection.innerMask != inner, connection.innerMask != nil || inner & EPOLLIN.rawValue != 0 {
            let operation = connection.innerMask == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
            watch(connection.inner, inner, tag: connection.token << 1 | 1, operation)
            connection.innerMask = inner
        }
    }

    func unwatchOuter(_ connection: GateConnection) {
        guard !connection.isClosed, connection.outerMask != nil else { return }
        watch(connection.outer, 0, tag: 0, EPOLL_CTL_DEL)
        connection.outerMask = nil
    }

    func unwatchInner(_ connection: GateConnection) {
        guard !connection.isClosed, connection.innerMask != nil else { return }
        watch(connection.inner, 0, tag: 0, EPOLL_CTL_DEL)
        connection.innerMask = nil
    }
}
