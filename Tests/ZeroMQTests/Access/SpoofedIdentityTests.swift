import Foundation
import TestKit
import Testing
import ZeroMQ

@Suite struct SpoofedIdentityTests {
    @Test func `without an authenticator, who a peer says that it is does not count`() throws {
        let router = try Socket(.router, in: try Context())
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let peer = try RawPeer(endpoint: endpoint)
        try peer.write(RawPeer.greeting)
        try peer.write(RawPeer.ready(["Socket-Type": "DEALER", "User-Id": "acme/operator"]))
        // Greeting and READY of the other side: before those, nothing else may be sent.
        _ = try peer.read(64)
        _ = try peer.read(Int(try peer.read(2)[1]))
        // A frame: the last, short, one byte.
        try peer.write([0, 1, 42])
        // Until then the connection must not be closed.
        let message = try withExtendedLifetime(peer) { try router.awaitMessageFromPeer() }
        #expect(message.body.bytes == [42])
        #expect(message.body.identity == nil)
    }
}
