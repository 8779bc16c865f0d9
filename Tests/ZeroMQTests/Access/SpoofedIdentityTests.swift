import Foundation
import Testing
import ZeroMQ

@Suite struct SpoofedIdentityTests {
    @Test func `without an authenticator, who a peer says that it is does not count`() throws {
        let router = try Socket(.router, in: try Context())
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let port = try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        let peer = try RawPeer(port: port)
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

/// A peer that speaks ZMTP 3.0 (RFC 23 of ZeroMQ) by hand, so that it can say what libzmq would not.
private final class RawPeer {
    /// Signature, version 3.0, mechanism NULL, no server, filler.
    static let greeting: [UInt8] =
        [0xFF] + [UInt8](repeating: 0, count: 8) + [0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)

    static func ready(_ properties: KeyValuePairs<String, String>) -> [UInt8] {
        var body = [5] + Array("READY".utf8)
        for (name, value) in properties {
            body +=
                [UInt8(name.utf8.count)] + Array(name.utf8) + [0, 0, 0, UInt8(value.utf8.count)] + Array(value.utf8)
        }
        return [4, UInt8(body.count)] + body
    }

    private let descriptor: CInt

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) { [descriptor] in
            connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try #require(recv(descriptor, &bytes, count, CInt(MSG_WAITALL)) == count)
        return bytes
    }

    func write(_ bytes: [UInt8]) throws { try #require(send(descriptor, bytes, bytes.count, 0) == bytes.count) }
}
