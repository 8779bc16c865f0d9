import ZeroMQ

/// Long enough for the slowest machine; a test that waits for all of it has failed.
func patience() -> ContinuousClock.Instant { .now + .seconds(60) }

struct TimeIsUp: Error {}

struct UnexpectedlyMalformed: Error {
    let message: MalformedMessage
}

extension Socket {
    borrowing func await(_ events: Poller.Readiness) throws {
        var poller = Poller()
        _ = poller.add(self, for: events)
        guard try poller.wait(until: patience()) else { throw TimeIsUp() }
    }

    borrowing func awaitMessage() throws -> Message {
        try self.await(.readable)
        switch try receive() {
        case .message(let message): return message
        case .malformed(let message): throw UnexpectedlyMalformed(message: message)
        case .wouldBlock: throw TimeIsUp()
        }
    }

    borrowing func awaitMessageFromPeer() throws -> RouterMessage {
        try self.await(.readable)
        switch try receiveFromPeer() {
        case .message(let message): return message
        case .malformed(let message): throw UnexpectedlyMalformed(message: message)
        case .wouldBlock: throw TimeIsUp()
        }
    }

    borrowing func awaitMalformed() throws -> MalformedMessage {
        try self.await(.readable)
        guard case .malformed(let message) = try receiveFromPeer() else { throw TimeIsUp() }
        return message
    }

    borrowing func awaitPublication() throws -> Publication {
        try self.await(.readable)
        switch try receivePublication() {
        case .message(let publication): return publication
        case .malformed(let message): throw UnexpectedlyMalformed(message: message)
        case .wouldBlock: throw TimeIsUp()
        }
    }

    /// Sends as soon as there is a connection.
    borrowing func sendWhenConnected(_ text: String) throws {
        try self.await(.writable)
        guard try send(Array(text.utf8)) == .sent else { throw TimeIsUp() }
    }
}

extension ConnectionMonitor {
    borrowing func awaitEvent() throws -> Event {
        let deadline = patience()
        var poller = Poller()
        _ = poller.add(reports)
        while try poller.wait(until: deadline) {
            if let event = try next() { return event }
        }
        throw TimeIsUp()
    }

    /// Waits until a connection is up; attempts before it may fail.
    borrowing func awaitAdmission() throws {
        while try awaitEvent() != .admitted {}
    }
}

extension Message {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
