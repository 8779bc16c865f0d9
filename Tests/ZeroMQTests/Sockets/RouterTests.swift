import TestKit
import Testing
import ZeroMQ

@Suite struct RouterTests {
    let context: Context

    init() throws { context = try Context() }

    @Test func `of a message of 5,000 frames nothing is kept but the count`() throws {
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try dealer.await(.writable)
        #expect(try dealer.send(frames: Array(repeating: [UInt8](repeating: 1, count: 100), count: 5000)) == .sent)
        let malformed = try router.awaitMalformed()
        #expect(malformed.frameCount == 5000)
        #expect(malformed.byteCount == 500_000)
        #expect(malformed.routingID != nil)
        #expect(malformed.peerAddress == "127.0.0.1")
        // The next message is read from its beginning.
        try dealer.sendWhenConnected("next")
        let next = try router.awaitMessageFromPeer()
        #expect(next.body.text == "next")
        #expect(next.returnAddress.routingID == malformed.routingID)
    }

    @Test(arguments: [[[1], [2]], [[], [1], [2]], [[], [], []], [[1], []]] as [[[UInt8]]])
    func `two bodies are malformed, with a delimiter and without`(_ frames: [[UInt8]]) throws {
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try dealer.await(.writable)
        #expect(try dealer.send(frames: frames) == .sent)
        #expect(try router.awaitMalformed().frameCount == frames.count)
    }

    @Test func `an empty delimiter before an empty body is a message`() throws {
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try dealer.await(.writable)
        #expect(try dealer.send(frames: [[], []]) == .sent)
        let message = try router.awaitMessageFromPeer()
        #expect(message.returnAddress.isDelimited)
        #expect(message.body.count == 0)
    }

    @Test func `a frame over the limit ends the connection and never arrives`() throws {
        var options = SocketOptions()
        options.frameBytesMaximum = 1000
        let router = try Socket(.router, in: context, options: options)
        let dealer = try Socket(.dealer, in: context)
        let monitor = try ConnectionMonitor(of: dealer, context: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try monitor.awaitAdmission()
        try dealer.sendWhenConnected(String(repeating: "x", count: 1001))
        // Thrown out, the dealer comes back by itself.
        try monitor.awaitAdmission()
        try dealer.sendWhenConnected(String(repeating: "y", count: 1000))
        let message = try router.awaitMessageFromPeer()
        #expect(message.body.text == String(repeating: "y", count: 1000))
    }

    @Test func `a peer that was never there is unreachable`() throws {
        let router = try Socket(.router, in: context)
        try router.bind("tcp://127.0.0.1:*")
        let address = ReturnAddress(routingID: RoutingID(bytes: [0, 1, 2, 3, 4]))
        #expect(try router.send([1], to: address) == .unreachable)
        #expect(
            try router.send([1], to: ReturnAddress(routingID: address.routingID, isDelimited: true)) == .unreachable)
    }

    @Test func `a peer that has gone is unreachable, and the others are not`() throws {
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let staying = try Socket(.dealer, in: context)
        try staying.connect(endpoint)
        try staying.sendWhenConnected("staying")
        let stayingMessage = try router.awaitMessageFromPeer()
        let goneAddress = try addressOfOneThatLeaves(router, endpoint)

        // There is no event for a peer's leaving, and what is sent before the router knows of it may fill the peer's queue,
        // of which nothing is then said but that it is full until the router has read what the peer had left: it reads,
        // as a broker does.
        let deadline = patience()
        var outcome = try router.send([1], to: goneAddress)
        while outcome != .unreachable, ContinuousClock.now < deadline {
            if case .message = try router.receiveFromPeer() { Issue.record("nobody sends anything now") }
            outcome = try router.send([1], to: goneAddress)
        }
        #expect(outcome == .unreachable)
        #expect(try router.send([2], to: stayingMessage.returnAddress) == .sent)
        #expect(try staying.awaitMessage().bytes == [2])
    }

    private func addressOfOneThatLeaves(_ router: borrowing Socket, _ endpoint: String) throws -> ReturnAddress {
        let leaving = try Socket(.dealer, in: context)
        try leaving.connect(endpoint)
        try leaving.sendWhenConnected("leaving")
        let message = try router.awaitMessageFromPeer()
        return message.returnAddress
    }

    @Test func `a dealer finds the router that comes back in its place`() throws {
        var options = SocketOptions()
        options.reconnectInterval = .milliseconds(5)
        options.reconnectIntervalMaximum = .milliseconds(20)
        let dealer = try Socket(.dealer, in: context, options: options)
        let monitor = try ConnectionMonitor(of: dealer, context: context)
        let endpoint = try serveOnce(at: "tcp://127.0.0.1:*") { endpoint in
            try dealer.connect(endpoint)
            try monitor.awaitAdmission()
            try dealer.sendWhenConnected("to the first")
        }
        _ = try serveOnce(at: endpoint) { _ in
            try monitor.awaitAdmission()
            try dealer.sendWhenConnected("to the second")
        }
    }

    /// A router with a context of its own: when that has ended, the port is free.
    private func serveOnce(at endpoint: String, _ send: (String) throws -> Void) throws -> String {
        let router = try Socket(.router, in: try Context())
        let bound = try router.bind(endpoint)
        try send(bound)
        let message = try router.awaitMessageFromPeer()
        #expect(message.body.text.hasPrefix("to the "))
        return bound
    }
}
