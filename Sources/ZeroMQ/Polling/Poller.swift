internal import CZeroMQ

/// Waits until something can be received or sent on any of several sockets, or a wake-up is signalled, or time is up.
///
/// Level-triggered, with `zmq_poll`: what is not dealt with is said again. A socket's edge-triggered `ZMQ_FD` is not used.
package struct Poller: ~Copyable {
    package struct Readiness: OptionSet, Sendable {
        package let rawValue: Int16
        package init(rawValue: Int16) { self.rawValue = rawValue }

        package static let readable = Readiness(rawValue: 1)
        /// Of a ROUTER this says nothing about the peer that one wants to send to.
        package static let writable = Readiness(rawValue: 2)
    }

    /// The place of a socket or wake-up in its poller.
    package struct Slot: Hashable, Sendable {
        fileprivate let index: Int
    }

    private enum Source {
        case socket(SocketHandle)
        case wakeUp(WakeUp)
    }

    private var sources: [Source?] = []
    private var items: [zmq_pollitem_t] = []

    package init() {}

    package mutating func add(_ socket: borrowing Socket, for events: Readiness = .readable) -> Slot {
        let handle = socket.handle
        return add(
            .socket(handle), zmq_pollitem_t(socket: handle.pointer, fd: -1, events: events.rawValue, revents: 0))
    }

    package mutating func add(_ wakeUp: WakeUp) -> Slot {
        let events = Readiness.readable.rawValue
        return add(.wakeUp(wakeUp), zmq_pollitem_t(socket: nil, fd: wakeUp.descriptor, events: events, revents: 0))
    }

    /// Waits for other events from now on; for none, to let a socket's messages wait where they are.
    package mutating func watch(_ slot: Slot, for events: Readiness) {
        precondition(sources[slot.index] != nil, "the slot was removed")
        items[slot.index].events = events.rawValue
        items[slot.index].revents = 0
    }

    /// Must come before the socket is closed.
    package mutating func remove(_ slot: Slot) {
        precondition(sources[slot.index] != nil, "the slot was removed")
        sources[slot.index] = nil
        // poll(2) passes over negative descriptors.
        items[slot.index] = zmq_pollitem_t(socket: nil, fd: -1, events: 0, revents: 0)
    }

    /// Waits until something is ready or the deadline has come; without one, for as long as it takes.
    ///
    /// A signalled wake-up is reset, so that a signal after this returns wakes the next wait.
    ///
    /// - Returns: Whether something is ready; `readiness(of:)` says what.
    @discardableResult
    package mutating func wait(until deadline: ContinuousClock.Instant?) throws(ZeroMQError) -> Bool {
        for case .socket(let handle)? in sources {
            // Here for its preconditions: the socket is open, and this is its thread.
            _ = handle.pointer
        }
        while true {
            if try poll(until: deadline) > 0 {
                resetWakeUps()
                return true
            }
            // Longer waits than libzmq can express end early.
            if let deadline, ContinuousClock.now >= deadline { return false }
        }
    }

    /// What the last wait found.
    package func readiness(of slot: Slot) -> Readiness { Readiness(rawValue: items[slot.index].revents) }

    private mutating func add(_ source: Source, _ item: zmq_pollitem_t) -> Slot {
        if let free = sources.firstIndex(where: { $0 == nil }) {
            sources[free] = source
            items[free] = item
            return Slot(index: free)
        }
        sources.append(source)
        items.append(item)
        return Slot(index: items.count - 1)
    }

    /// - Returns: How many are ready.
    private mutating func poll(until deadline: ContinuousClock.Instant?) throws(ZeroMQError) -> CInt {
        let count = CInt(items.count)
        return try items.withUnsafeMutableBufferPointer { items throws(ZeroMQError) in
            // After a signal it is called again, with the time that is left then.
            try zmqCheck("zmq_poll") {
                let left = deadline.map { max(ContinuousClock.now.duration(to: $0), .zero).milliseconds }
                return zmq_poll(items.baseAddress, count, left.map(Int.init) ?? -1)
            }
        }
    }

    private func resetWakeUps() {
        for (source, item) in zip(sources, items) {
            if case .wakeUp(let wakeUp)? = source, item.revents != 0 { wakeUp.reset() }
        }
    }
}
