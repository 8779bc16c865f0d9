internal import Glibc
internal import Synchronization

/// Stands before libzmq's listening sockets, so that what all connections together take is bounded.
///
/// libzmq has limits for one frame and for one connection's queue, and none for their number: memory would grow with every
/// connection. So the gate accepts connections itself, passes their bytes on to libzmq over sockets within this process,
/// and lets a frame in when there is room for all of it; until then it stays where the peer's own system holds it back. It
/// knows frames by their lengths, which are in clear with CURVE too, and nothing of what is in them.
package final class Gate: Sendable {
    /// One listening socket.
    package struct Entry: Sendable {
        package let name: String
        package let endpoint: String
        /// Where libzmq listens for the gate.
        package let target: GateTarget
        /// As libzmq's own limit: with CURVE, 33 bytes more than what is in the frame.
        package let frameBytesMaximum: Int

        package init(name: String, endpoint: String, target: GateTarget, frameBytesMaximum: Int) {
            self.name = name
            self.endpoint = endpoint
            self.target = target
            self.frameBytesMaximum = frameBytesMaximum
        }
    }

    /// With the ports that wildcards stood for, in the order of the entries.
    package let endpoints: [String]
    private let mailbox: GateMailbox
    private let thread: JoinableThread
    private let listeners: [GateListener]

    /// Listens, and passes on from now on.
    ///
    /// - Parameters:
    ///   - poke: Wakes the broker; called when room may be found by its having read everything.
    ///   - onRefusal: Called on the gate's thread; must return at once.
    package init(
        _ entries: [Entry], limits: GateLimits, poke: @escaping @Sendable () -> Void,
        onRefusal: @escaping @Sendable (GateRefusal) -> Void
    ) throws(ZeroMQError) {
        try Self.requireDescriptors()
        var listeners: [GateListener] = []
        for entry in entries {
            listeners.append(try GateListener(entry.endpoint, backlog: CInt(SocketOptions().backlog)))
        }
        let mailbox = GateMailbox(wakeUp: try WakeUp(), entries: entries.count, poke: poke)
        let loop = try GateLoop(
            entries: zip(entries, listeners).map { entry, listener in
                GateLoop.Entry(
                    name: entry.name, listener: listener.descriptor, isFile: listener.isFile,
                    target: UnixAddress(path: entry.target.path), frameBytesMaximum: entry.frameBytesMaximum)
            }, limits: Self.withinDescriptors(limits), mailbox: mailbox, report: onRefusal)
        endpoints = listeners.map(\.endpoint)
        self.mailbox = mailbox
        self.listeners = listeners
        thread = try JoinableThread { loop.run() }
    }

    deinit { stop() }

    /// Closes all connections, and listens no more.
    package func stop() {
        mailbox.stop()
        thread.join()
    }

    package func setLimits(_ limits: GateLimits) { mailbox.set(Self.withinDescriptors(limits)) }

    /// The connection that a message came by; nil for one within the process, and when it has ended meanwhile.
    package func connection(of message: borrowing Message) -> GateConnectionID? {
        message.sourceDescriptor.flatMap(mailbox.name.token).map(GateConnectionID.init)
    }

    package func connection(of message: MalformedMessage) -> GateConnectionID? {
        message.sourceDescriptor.flatMap(mailbox.name.token).map(GateConnectionID.init)
    }

    /// Where a connection comes from; nil when it has ended.
    package func address(of connection: GateConnectionID) -> String? { mailbox.address(of: connection.token) }

    package func close(_ connections: some Sequence<GateConnectionID>) { mailbox.close(connections.map(\.token)) }

    /// Hears a connection no more, and closes it when what it was just told is on its way to it.
    package func closeWhenTold(_ connection: GateConnectionID) { mailbox.leave(connection.token) }

    /// Where those come from that have just shown a key and wait for an answer: mostly one.
    package var knocking: [String] { mailbox.knocking }

    /// What the broker did in a turn.
    package func tell(_ turn: GateTurn) { mailbox.tell(turn) }

    /// What a broker has open without a single connection, and a few.
    private static let descriptorsMinimum = 96

    private static func requireDescriptors() throws(ZeroMQError) {
        let limit = Descriptors.raiseLimit()
        guard limit >= descriptorsMinimum else {
            throw ZeroMQError(
                call: "open files", errorNumber: EMFILE,
                remedy: "this process may have \(limit), and a broker needs \(descriptorsMinimum) or more: raise the "
                    + "limit (systemd: LimitNOFILE=; shell: ulimit -n)")
        }
    }

    /// A connection takes three descriptors: to the peer, and both ends of the way to libzmq, which ends the process when
    /// it finds none. The rest is for files, models and everything else.
    private static func withinDescriptors(_ limits: GateLimits) -> GateLimits {
        var limits = limits
        limits.connectionsMaximum = min(limits.connectionsMaximum, max((Descriptors.raiseLimit() - 128) / 3, 8))
        return limits
    }
}

/// A connection of a gate's. Numbers are not used twice.
package struct GateConnectionID: Hashable, Sendable {
    let token: UInt64
}

/// Where libzmq listens for a gate: a name that only this process may connect to.
package struct GateTarget: Sendable, Hashable {
    let path: String

    /// A name that is not in use.
    package init() { path = "@dragoman-\(String(UInt64.random(in: .min ... .max), radix: 16))" }

    var endpoint: String { "ipc://\(path)" }
}

/// What the broker has read in a turn, and what it holds.
package struct GateTurn: Sendable {
    var read: [UInt64: Int] = [:]
    var drains: [UInt64]
    var held = 0

    package init(entries: Int) { drains = Array(repeating: 0, count: entries) }

    /// - Parameters:
    ///   - bytes: Of all its frames.
    package mutating func read(_ connection: GateConnectionID, bytes: Int, frames: Int) {
        // More than the frames weigh, with CURVE or without: what is freed too early is what one read overtakes another.
        read[connection.token, default: 0] += bytes + frames * (GateLedger.frameOverhead + 33)
    }

    /// There is nothing more to be read from a socket.
    package mutating func drained(_ entry: Int) { drains[entry] += 1 }

    /// Bytes that were read and are not dealt with yet.
    package mutating func holds(_ bytes: Int) { held = bytes }

    package mutating func reset() {
        read.removeAll(keepingCapacity: true)
        for index in drains.indices { drains[index] = 0 }
    }
}
