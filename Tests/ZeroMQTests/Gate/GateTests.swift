import Foundation
import Synchronization
import TestKit
import Testing
import ZeroMQ

/// A gate before a ROUTER, both in this process.
private final class Gated {
    let gate: Gate
    let router: Socket
    let refusals = Refusals()
    var endpoint: String { gate.endpoints[0] }
    private var turn = GateTurn(entries: 1)

    final class Refusals: Sendable {
        private let all = Mutex<[GateRefusal.Reason]>([])
        func add(_ refusal: GateRefusal) { all.withLock { $0.append(refusal.reason) } }
        var reasons: [GateRefusal.Reason] { all.withLock(\.self) }

        func wait(for count: Int) throws {
            let deadline = patience()
            while reasons.count < count {
                guard ContinuousClock.now < deadline else { throw TimeIsUp() }
                usleep(2000)
            }
        }
    }

    init(_ endpoint: String, frameBytes: Int = 1 << 20, _ change: (inout GateLimits) -> Void = { _ in }) throws {
        var limits = GateLimits(
            connectionsMaximum: 1024, connectionsPerAddressMaximum: 512, bytesMaximum: 64 << 20,
            messageTimeout: .seconds(30))
        change(&limits)
        let target = GateTarget()
        var options = SocketOptions()
        options.frameBytesMaximum = frameBytes
        options.admitsOnlyThisProcess = true
        router = try Socket(.router, in: Context(), options: options)
        try router.bind(target)
        let refusals = refusals
        gate = try Gate(
            [Gate.Entry(name: "jobs", endpoint: endpoint, target: target, frameBytesMaximum: frameBytes)],
            limits: limits, poke: {}, onRefusal: { refusals.add($0) })
    }

    /// As a broker does in a turn.
    func read() throws -> Int {
        let message = try router.awaitMessageFromPeer()
        if let connection = gate.connection(of: message.body) {
            turn.read(connection, bytes: message.body.count, frames: 1)
        }
        turn.drained(0)
        gate.tell(turn)
        turn.reset()
        return message.body.count
    }
}

@Suite struct GateTests {
    private func client(_ gated: Gated) throws -> Socket {
        let client = try Socket(.dealer, in: Context())
        try client.connect(gated.endpoint)
        return client
    }

    @Test(arguments: ["tcp", "ipc"]) func `messages pass both ways, large and small`(_ transport: String) throws {
        let folder = try TemporaryFolder()
        let gated = try Gated(transport == "tcp" ? "tcp://127.0.0.1:*" : "ipc://\(folder.file("jobs").path)")
        let client = try client(gated)
        for count in [0, 1, 255, 256, 20_000, 1 << 20] {
            try client.await(.writable)
            #expect(try client.send([UInt8](repeating: 1, count: count)) == .sent)
            let message = try gated.router.awaitMessageFromPeer()
            #expect(message.body.count == count)
            #expect(gated.gate.connection(of: message.body).flatMap(gated.gate.address) != nil)
            #expect(try gated.router.send([UInt8](repeating: 2, count: count), to: message.returnAddress) == .sent)
            #expect(try client.awaitMessage().count == count)
        }
    }

    @Test func `more connections than there may be are closed, of one address and in all`() throws {
        let gated = try Gated("tcp://127.0.0.1:*") {
            $0.connectionsMaximum = 3
            $0.connectionsPerAddressMaximum = 2
        }
        let peers = try (0..<3).map { _ in try RawPeer(endpoint: gated.endpoint) }
        try gated.refusals.wait(for: 1)
        #expect(gated.refusals.reasons == [.tooManyOfAddress(2)])
        // One that has gone makes room.
        withExtendedLifetime(peers) {}
    }

    @Test func `a message that is not completed in time ends its connection`() throws {
        let gated = try Gated("tcp://127.0.0.1:*") { $0.messageTimeout = .milliseconds(50) }
        let peer = try RawPeer(endpoint: gated.endpoint)
        try peer.shakeHands()
        try peer.write([2, 0, 0, 0, 0, 0, 8, 0, 0, 1, 2, 3])
        try gated.refusals.wait(for: 1)
        #expect(gated.refusals.reasons == [.incomplete])
        #expect(peer.hasEnded())
    }

    @Test func `half-sent messages give way to whole ones that wait for their room`() throws {
        let gated = try Gated("tcp://127.0.0.1:*") { $0.bytesMaximum = 4 << 20 }
        let idle = try (0..<4).map { _ in
            let peer = try RawPeer(endpoint: gated.endpoint)
            try peer.shakeHands()
            try peer.write([2, 0, 0, 0, 0, 0, 15, 0, 0] + [UInt8](repeating: 0, count: 1000))
            return peer
        }
        let client = try client(gated)
        try client.await(.writable)
        #expect(try client.send([UInt8](repeating: 1, count: 1 << 20)) == .sent)
        #expect(try gated.read() == 1 << 20)
        #expect(gated.refusals.reasons.allSatisfy { $0 == .stalled })
        withExtendedLifetime(idle) {}
    }

    @Test func `what is not read holds back all connections together, and nothing is lost`() throws {
        let gated = try Gated("tcp://127.0.0.1:*") { $0.bytesMaximum = 4 << 20 }
        let clients = try (0..<8).map { _ in ClientBox(try client(gated)) }
        for client in clients {
            try client.socket.await(.writable)
            for _ in 0..<4 { #expect(try client.socket.send([UInt8](repeating: 1, count: 1 << 20)) == .sent) }
        }
        for _ in 0..<32 { #expect(try gated.read() == 1 << 20) }
        #expect(gated.refusals.reasons.isEmpty)
        withExtendedLifetime(clients) {}
    }

    @Test func `a message of ever more frames ends its connection when it has had its share`() throws {
        let gated = try Gated("tcp://127.0.0.1:*", frameBytes: 4096) { $0.messageTimeout = .milliseconds(50) }
        let peer = try RawPeer(endpoint: gated.endpoint)
        try peer.shakeHands()
        let part: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 4, 0] + [UInt8](repeating: 0, count: 1024)
        for _ in 0..<200 { try peer.write(part) }
        var turn = GateTurn(entries: 1)
        let deadline = patience()
        while gated.refusals.reasons.isEmpty, ContinuousClock.now < deadline {
            turn.drained(0)
            gated.gate.tell(turn)
            turn.reset()
            usleep(5000)
        }
        #expect(gated.refusals.reasons == [.endless])
    }

    @Test func `a connection that is to end is told why, and heard no more`() throws {
        let gated = try Gated("tcp://127.0.0.1:*")
        let peer = try RawPeer(endpoint: gated.endpoint)
        try peer.shakeHands()
        try peer.write([0, 1, 42])
        let message = try gated.router.awaitMessageFromPeer()
        let found = gated.gate.connection(of: message.body)
        let connection = try #require(found)
        #expect(try gated.router.send([1, 2, 3], to: message.returnAddress) == .sent)
        gated.gate.closeWhenTold(connection)
        #expect(try peer.read(5) == [0, 3, 1, 2, 3])
        #expect(peer.hasEnded())
    }

    @Test func `connections are closed when that is asked for`() throws {
        let gated = try Gated("tcp://127.0.0.1:*")
        let peer = try RawPeer(endpoint: gated.endpoint)
        try peer.shakeHands()
        try peer.write([0, 1, 42])
        let message = try gated.router.awaitMessageFromPeer()
        let found = gated.gate.connection(of: message.body)
        let connection = try #require(found)
        #expect(gated.gate.address(of: connection) == "127.0.0.1")
        gated.gate.close([connection])
        #expect(peer.hasEnded())
        #expect(gated.gate.address(of: connection) == nil)
    }
}

/// Arrays hold only what can be copied.
private final class ClientBox {
    let socket: Socket
    init(_ socket: consuming Socket) { self.socket = socket }
}
