internal import CZeroMQ
internal import Clocks
internal import Glibc
internal import Synchronization

/// The gate's thread: it accepts, passes bytes both ways, and keeps the limits.
///
/// `@unchecked Sendable`: `init` runs on the starter's thread and everything else on the loop's; starting a thread is a
/// memory barrier. Other threads reach it through the mailbox alone.
final class GateLoop: @unchecked Sendable {
    struct Entry {
        let name: String
        let listener: CInt
        let isFile: Bool
        let target: UnixAddress
        let frameBytesMaximum: Int
        /// How often the broker had read everything.
        var drains: UInt64 = 0

        /// What one connection may have unread: a message, and the next one behind it.
        var share: Int { 2 * GateLedger.weight(ofFrame: frameBytesMaximum) + (64 << 10) }
    }

    /// What a closed connection has left with libzmq.
    struct Remains {
        var entry: Int
        var weight: Int
        /// When the broker has read everything so often, nothing of it is left.
        var drains: UInt64
    }

    static let scratchBytes = 256 << 10
    static let passesPerTurn = 16
    static let acceptsPerTurn = 64
    static let wakeTag = UInt64.max
    static let nanosecondsPerMillisecond: UInt64 = 1_000_000
    static let finishNanoseconds = 1500 * nanosecondsPerMillisecond
    /// How long a connection that is to end still has for what it is told: in all, and without a word.
    static let farewellNanoseconds = 1000 * nanosecondsPerMillisecond
    static let silenceNanoseconds = 200 * nanosecondsPerMillisecond
    /// A message that gets on by less than `GateConnection.progressBytes` in this time stands still.
    static let stallNanoseconds = 500 * nanosecondsPerMillisecond
    /// How long a message may be under way while others wait for its room: at first, and more for each byte that it has, as
    /// it comes at a megabit a second.
    static let slownessNanoseconds = 2000 * nanosecondsPerMillisecond
    static let nanosecondsPerSlowByte: UInt64 = 8000

    let mailbox: GateMailbox
    var entries: [Entry]
    var connections: [UInt64: GateConnection] = [:]
    var ledger: GateLedger
    var limits: GateLimits
    let report: @Sendable (GateRefusal) -> Void
    let events: CInt
    var spare: CInt
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: 64)
    var connectionsOfAddress: [String: Int] = [:]
    /// Connections whose next frame waits for room, in the order of their coming.
    var waiting = GateQueue()
    /// The one of them that is about to be let in.
    var isServed: GateConnection?
    var remains: [Remains] = []
    var lastToken: UInt64 = 0
    var sweepDue: UInt64 = 0
    var acceptsAgainAt: UInt64?
    var finishBy: UInt64?
    /// Whether a connection is about to end.
    var isLeaving = false
    var now: UInt64 = 0

    init(
        entries: [Entry], limits: GateLimits, mailbox: GateMailbox, report: @escaping @Sendable (GateRefusal) -> Void
    ) throws(ZeroMQError) {
        self.entries = entries
        self.limits = limits
        self.mailbox = mailbox
        self.report = report
        ledger = GateLedger(limit: limits.bytesMaximum)
        events = try zmqCheck("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) }
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        watch(mailbox.wakeUp.descriptor, EPOLLIN.rawValue, tag: Self.wakeTag, EPOLL_CTL_ADD)
        for index in entries.indices {
            watch(entries[index].listener, EPOLLIN.rawValue, tag: Self.tag(listener: index), EPOLL_CTL_ADD)
        }
    }

    deinit {
        for connection in connections.values {
            Glibc.close(connection.outer)
            Glibc.close(connection.inner)
        }
        Glibc.close(events)
        if spare >= 0 { Glibc.close(spare) }
        scratch.deallocate()
    }

    func run() {
        var ready = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            let count = epoll_wait(events, &ready, CInt(ready.count), timeout)
            now = SystemClock.monotonic
            // Before the news are taken: what is said after that is to wake the gate again.
            let wasWoken = ready.prefix(Int(max(count, 0))).contains { $0.data.u64 == Self.wakeTag }
            if wasWoken { mailbox.wakeUp.reset() }
            // Before what has come: what the broker has read makes room for it.
            let news = mailbox.take()
            take(news)
            for event in ready.prefix(Int(max(count, 0))) { handle(event.data.u64, event.events) }
            admitWaiting()
            if now >= sweepDue { sweep() }
            if isFinished(news.isStopping) { return }
            mailbox.wantsNews.store(isWaiting, ordering: .relaxed)
            if isWaiting, !remains.isEmpty { mailbox.poke() }
        }
    }

    /// When it is to stop, what libzmq has yet to say is passed on, until it has closed its ends or takes too long.
    func isFinished(_ isStopping: Bool) -> Bool {
        guard isStopping else { return false }
        if finishBy == nil {
            finishBy = now + Self.finishNanoseconds
            for entry in entries { watch(entry.listener, 0, tag: 0, EPOLL_CTL_DEL) }
        }
        return connections.isEmpty || finishBy.map { now >= $0 } ?? false
    }

    var isWaiting: Bool { !waiting.isEmpty }

    /// In milliseconds.
    var timeout: CInt {
        if isWaiting || isLeaving || acceptsAgainAt != nil || finishBy != nil { return 50 }
        return connections.isEmpty ? -1 : 500
    }

    // MARK: Events

    static func tag(listener: Int) -> UInt64 { wakeTag - 1 - UInt64(listener) }

    func watch(_ descriptor: CInt, _ mask: UInt32, tag: UInt64, _ operation: CInt) {
        var event = epoll_event()
        event.events = mask
        event.data.u64 = tag
        // epoll_ctl(2): fails for lack of memory only, all else being right; then the sweep closes what never moves.
        epoll_ctl(events, operation, descriptor, &event)
    }

    func handle(_ tag: UInt64, _ mask: UInt32) {
        if tag == Self.wakeTag { return }
        if tag >= Self.tag(listener: entries.count - 1) { return accept(Int(Self.wakeTag - 1 - tag)) }
        guard let connection = connections[tag >> 1] else { return }
        let hasEnded = mask & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        if tag & 1 == 0 {
            if mask & EPOLLOUT.rawValue != 0 { passOut(connection) }
            if mask & ~EPOLLOUT.rawValue != 0 { passIn(connection) }
            // It is said again and again, so what cannot be dealt with now is not watched.
            if hasEnded, connection.peerHasEnded { close(connection) }
            if hasEnded, !reads(connection) { unwatchOuter(connection) }
        } else {
            if mask & EPOLLOUT.rawValue != 0 { passIn(connection) }
            if mask & ~EPOLLOUT.rawValue != 0 { passOut(connection) }
            if hasEnded, !connection.unsent.isEmpty { unwatchInner(connection) }
        }
        update(connection)
    }

    func take(_ news: GateMailbox.News) {
        ledger.held = news.held
        if let limits = news.limits {
            self.limits = limits
            ledger.limit = limits.bytesMaximum
        }
        for index in entries.indices where index < news.drains.count { entries[index].drains &+= news.drains[index] }
        for (token, weight) in news.read {
            guard let connection = connections[token] else { continue }
            ledger.read(weight, of: &connection.account)
            guard connection.obstacle == .ownMessages else { continue }
            connection.obstacle = nil
            passIn(connection)
            update(connection)
        }
        remains.removeAll { remains in
            guard entries[remains.entry].drains >= remains.drains else { return false }
            ledger.release(remains.weight)
            return true
        }
        for token in news.closing { if let connection = connections[token] { close(connection) } }
        for token in news.leaving { if let connection = connections[token] { leave(connection) } }
    }
}

extension GateRefusal {
    struct Refused: Error { let reason: Reason }
}
