internal import CZeroMQ
internal import Glibc

/// Connections that come and go.
extension GateLoop {
    func accept(_ index: Int) {
        let entry = entries[index]
        for _ in 0..<Self.acceptsPerTurn {
            var storage = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let outer = withUnsafeMutableBytes(of: &storage) {
                Glibc.accept(entry.listener, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
            }
            if outer < 0 {
                switch errno {
                case EMFILE, ENFILE, ENOBUFS, ENOMEM: return pauseAccepting(index)
                case EINTR, ECONNABORTED, EPROTO: continue
                default: return
                }
            }
            _ = fcntl(outer, F_SETFL, O_NONBLOCK)
            _ = fcntl(outer, F_SETFD, FD_CLOEXEC)
            let address =
                entry.isFile
                ? Descriptors.peerUser(of: outer)
                : withUnsafeBytes(of: storage) {
                    plainAddress(numericHost(UnsafeRawBufferPointer(rebasing: $0[..<Int(size)])) ?? "?")
                }
            do throws(GateRefusal.Refused) {
                try admit(outer, from: address, at: index)
            } catch {
                Glibc.close(outer)
                report(GateRefusal(reason: error.reason, socket: entry.name, address: address))
            }
        }
    }

    func admit(_ outer: CInt, from address: String, at index: Int) throws(GateRefusal.Refused) {
        guard connections.count < limits.connectionsMaximum else {
            throw .init(reason: .tooManyConnections(limits.connectionsMaximum))
        }
        let ofAddress = connectionsOfAddress[address, default: 0]
        guard ofAddress < limits.connectionsPerAddressMaximum else {
            throw .init(reason: .tooManyOfAddress(limits.connectionsPerAddressMaximum))
        }
        let entry = entries[index]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let inner = socket(AF_UNIX, type, 0)
        lastToken += 1
        guard inner >= 0, mailbox.name.address(of: lastToken).withSockaddr({ bind(inner, $0, $1) }) == 0,
            entry.target.withSockaddr({ connect(inner, $0, $1) }) == 0
        else {
            if inner >= 0 { Glibc.close(inner) }
            throw .init(reason: .noDescriptor)
        }
        if !entry.isFile { Self.tune(outer) }
        let connection = GateConnection(
            token: lastToken, entry: index, address: address, outer: outer, inner: inner,
            frameBytesMaximum: entry.frameBytesMaximum)
        connections[lastToken] = connection
        connectionsOfAddress[address] = ofAddress + 1
        mailbox.opened(lastToken, from: address)
        connection.begin(at: now)
        (connection.outerMask, connection.innerMask) = (nil, nil)
        update(connection)
    }

    /// What libzmq sets on connections of its own.
    static func tune(_ descriptor: CInt) {
        let options = SocketOptions()
        let tcp = CInt(IPPROTO_TCP)
        for (level, option, value) in [
            (tcp, TCP_NODELAY, CInt(1)), (SOL_SOCKET, SO_KEEPALIVE, 1),
            (tcp, TCP_KEEPIDLE, options.keepAliveIdle.seconds), (tcp, TCP_KEEPINTVL, options.keepAliveInterval.seconds),
            (tcp, TCP_KEEPCNT, CInt(options.keepAliveProbes)),
        ] {
            var value = value
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    /// No descriptor is left. Whoever knocks now is turned away with the spare one, and then nobody is heard for a moment:
    /// the listener would be ready again and again.
    func pauseAccepting(_ index: Int) {
        if spare >= 0 {
            Glibc.close(spare)
            let outer = Glibc.accept(entries[index].listener, nil, nil)
            if outer >= 0 { Glibc.close(outer) }
            spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        }
        report(GateRefusal(reason: .noDescriptor, socket: entries[index].name, address: "anywhere"))
        acceptsAgainAt = now + 100 * Self.nanosecondsPerMillisecond
        for index in entries.indices {
            watch(entries[index].listener, 0, tag: Self.tag(listener: index), EPOLL_CTL_MOD)
        }
    }

    func refuse(_ connection: GateConnection, _ reason: GateRefusal.Reason) {
        report(GateRefusal(reason: reason, socket: entries[connection.entry].name, address: connection.address))
        close(connection)
    }

    /// Nothing more is heard of it. It is closed when it has been told what the broker has just said: libzmq passes that on
    /// in its own time.
    func leave(_ connection: GateConnection) {
        guard connection.leavesBy == nil else { return }
        connection.leavesBy = now + Self.farewellNanoseconds
        connection.toldAt = now
        isLeaving = true
        update(connection)
    }

    /// Closes connections that are to end and have been told why.
    func endFarewells() {
        guard isLeaving else { return }
        isLeaving = false
        for connection in Array(connections.values) {
            guard let end = connection.leavesBy else { continue }
            let isTold = connection.unsent.isEmpty && now - connection.toldAt >= Self.silenceNanoseconds
            if isTold || now >= end { close(connection) } else { isLeaving = true }
        }
    }

    func close(_ connection: GateConnection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        connections[connection.token] = nil
        mailbox.closed(connection.token)
        // Closing takes them out of the poll too.
        Glibc.close(connection.outer)
        Glibc.close(connection.inner)
        let left = connectionsOfAddress[connection.address, default: 1] - 1
        connectionsOfAddress[connection.address] = left > 0 ? left : nil
        let unread = ledger.close(connection.account)
        guard unread > 0 else { return }
        // The broker may be finding that it has read everything just now, before the last of this came: hence twice.
        remains.append(
            Remains(entry: connection.entry, weight: unread, drains: entries[connection.entry].drains &+ 2))
    }
}
