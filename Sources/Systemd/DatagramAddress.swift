import Glibc

/// Where a datagram goes: a socket in the file system, or one of Linux's abstract ones, which have a name but no file.
package struct DatagramAddress: Sendable, Equatable, CustomStringConvertible {
    /// `sun_path` holds 108 bytes (unix(7)); the last is for the NUL that ends a path.
    static let bytesMaximum = 107

    /// As systemd writes it: a path, or `@` and the abstract socket's name.
    package let description: String

    /// - Returns: nil for what is neither an absolute path nor an abstract name, and for what is too long.
    package init?(_ description: String) {
        let bytes = description.utf8
        guard bytes.first == UInt8(ascii: "/") || bytes.first == UInt8(ascii: "@") else { return nil }
        guard bytes.count > 1, bytes.count <= Self.bytesMaximum, !bytes.contains(0) else { return nil }
        self.description = description
    }

    /// Sends one datagram.
    ///
    /// A socket of its own for each: the receiver may be restarted, and make its socket anew, at any time. The call
    /// waits while the receiver's queue is full, as libsystemd's does: what it carries must not be lost in a burst.
    ///
    /// - Throws: `SystemdError.call`.
    package func send(_ payload: [UInt8]) throws(SystemdError) {
        let subject = description
        let descriptor = try systemCall("socket", on: subject) {
            socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        defer { close(descriptor) }
        try systemCall("sendto", on: subject) {
            withSocketAddress { address, length in
                sendto(descriptor, payload, payload.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }

    /// The address as the kernel has it: an abstract name begins with a NUL, and its length says where it ends.
    private func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = description.utf8.first == UInt8(ascii: "@")
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: description.utf8)
            if isAbstract { path[0] = 0 }
        }
        let pathOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        let length = pathOffset + description.utf8.count + (isAbstract ? 0 : 1)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
