import Glibc

/// A peer that speaks ZMTP 3.0 (RFC 23 of ZeroMQ) by hand, so that it can say what libzmq would not.
package final class RawPeer {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Signature, version 3.0, mechanism NULL, no server, filler.
    package static let greeting: [UInt8] =
        [0xFF] + [UInt8](repeating: 0, count: 8) + [0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)

    package static func ready(_ properties: KeyValuePairs<String, String>) -> [UInt8] {
        var body = [5] + Array("READY".utf8)
        for (name, value) in properties {
            body +=
                [UInt8(name.utf8.count)] + Array(name.utf8) + [0, 0, 0, UInt8(value.utf8.count)] + Array(value.utf8)
        }
        return [4, UInt8(body.count)] + body
    }

    /// What stands before the body of a long frame, the last of its message.
    package static func header(bytes: Int) -> [UInt8] {
        [2] + withUnsafeBytes(of: UInt64(bytes).bigEndian) { Array($0) }
    }

    private let descriptor: CInt

    /// - Parameter endpoint: `tcp://127.0.0.1:PORT`, or `ipc://PATH`.
    package init(endpoint: String) throws {
        if endpoint.hasPrefix("ipc://") {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let path = endpoint.dropFirst("ipc://".count).utf8
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.prefix($0.count - 1)) }
            descriptor = try Self.connected(AF_UNIX, address)
        } else {
            guard let port = endpoint.split(separator: ":").last.flatMap({ UInt16($0) }) else {
                throw Failure(description: "\(endpoint) has no port")
            }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            descriptor = try Self.connected(AF_INET, address)
        }
    }

    private static func connected(_ family: CInt, _ address: some BitwiseCopyable) throws -> CInt {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafeBytes(of: address) {
            connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Failure(description: "connect: \(String(cString: strerror(code)))")
        }
        return descriptor
    }

    deinit { close(descriptor) }

    package func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard recv(descriptor, &bytes, count, CInt(MSG_WAITALL)) == count else {
            throw Failure(description: "the other side has ended the connection")
        }
        return bytes
    }

    package func write(_ bytes: [UInt8]) throws {
        guard send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(description: "send: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes what is taken at once.
    ///
    /// - Returns: How many bytes; nil when the other side has ended the connection.
    package func offer(_ bytes: some Collection<UInt8>) -> Int? {
        let count =
            bytes.withContiguousStorageIfAvailable {
                send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
            } ?? 0
        return count >= 0 ? count : errno == EAGAIN ? 0 : nil
    }

    /// Both sides say who they are; before that, nothing else may be sent.
    package func shakeHands(as socketType: String = "DEALER") throws {
        try write(Self.greeting)
        try write(Self.ready(["Socket-Type": socketType]))
        _ = try read(64)
        _ = try read(Int(try read(2)[1]))
    }

    /// Waits for the other side to end the connection.
    package func hasEnded() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(descriptor, &byte, 1, 0)
            if count <= 0 { return true }
        }
    }
}
