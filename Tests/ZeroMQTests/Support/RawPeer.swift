import Glibc
import Testing

/// A peer that speaks ZMTP 3.0 (RFC 23 of ZeroMQ) by hand, so that it can say what libzmq would not.
final class RawPeer {
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

    /// - Parameter endpoint: `tcp://127.0.0.1:PORT`.
    convenience init(endpoint: String) throws {
        try self.init(port: try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) }))
    }

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

    func write(_ bytes: [UInt8]) throws {
        try #require(send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count)
    }

    /// Both sides say who they are; before that, nothing else may be sent.
    func shakeHands() throws {
        try write(Self.greeting)
        try write(Self.ready(["Socket-Type": "DEALER"]))
        _ = try read(64)
        _ = try read(Int(try read(2)[1]))
    }

    /// Waits for the other side to end the connection.
    func hasEnded() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(descriptor, &byte, 1, 0)
            if count <= 0 { return true }
        }
    }
}
