internal import CZeroMQ
internal import Glibc

/// A listening socket of the gate's: TCP, or a file.
final class GateListener: Sendable {
    let descriptor: CInt
    /// With the port that a `*` stood for.
    let endpoint: String
    let isFile: Bool
    private let path: String?

    /// - Parameter endpoint: `tcp://HOST:PORT`, where a host is an address, a name, an interface or `*`; or `ipc://PATH`.
    init(_ endpoint: String, backlog: CInt) throws(ZeroMQError) {
        isFile = endpoint.hasPrefix("ipc://")
        if isFile {
            let path = String(endpoint.dropFirst("ipc://".count))
            try IPCFile(endpoint: endpoint)?.makeWay()
            let descriptor = try Self.open(AF_UNIX, endpoint)
            let address = UnixAddress(path: path)
            try Self.closingOnFailure(descriptor) { () throws(ZeroMQError) in
                try zmqCheck("bind", endpoint: endpoint) { address.withSockaddr { bind(descriptor, $0, $1) } }
                try zmqCheck("listen", endpoint: endpoint) { listen(descriptor, backlog) }
            }
            self.path = path.hasPrefix("@") ? nil : path
            self.descriptor = descriptor
            self.endpoint = endpoint
        } else {
            let address = try TCPAddress(endpoint)
            let descriptor = try Self.open(address.family, endpoint)
            try Self.closingOnFailure(descriptor) { () throws(ZeroMQError) in
                for (level, option, value) in address.options {
                    var value = value
                    try zmqCheck("setsockopt", endpoint: endpoint) {
                        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
                    }
                }
                try zmqCheck("bind", endpoint: endpoint) { address.withSockaddr { bind(descriptor, $0, $1) } }
                try zmqCheck("listen", endpoint: endpoint) { listen(descriptor, backlog) }
            }
            path = nil
            self.descriptor = descriptor
            self.endpoint = "tcp://\(address.host):\(Self.port(of: descriptor))"
        }
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    private static func open(_ family: CInt, _ endpoint: String) throws(ZeroMQError) -> CInt {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return try zmqCheck("socket", endpoint: endpoint) { socket(family, type, 0) }
    }

    private static func closingOnFailure(
        _ descriptor: CInt, _ body: () throws(ZeroMQError) -> Void
    ) throws(ZeroMQError) {
        do throws(ZeroMQError) {
            try body()
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func port(of descriptor: CInt) -> UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
            // sin_port and sin6_port are at the same place.
            return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }
}

/// Where a TCP socket listens.
private struct TCPAddress {
    let family: CInt
    /// As it is written in an endpoint.
    let host: String
    private let bytes: [UInt8]

    init(_ endpoint: String) throws(ZeroMQError) {
        func problem(_ number: CInt) -> ZeroMQError {
            ZeroMQError(call: "bind", endpoint: endpoint, errorNumber: number)
        }
        guard endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":") else {
            throw problem(EPROTONOSUPPORT)
        }
        let start = endpoint.index(endpoint.startIndex, offsetBy: "tcp://".count)
        guard start < colon else { throw problem(EINVAL) }
        let text = endpoint[endpoint.index(after: colon)...]
        guard let port = text == "*" ? 0 : UInt16(text) else { throw problem(EINVAL) }
        var name = String(endpoint[start..<colon])
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        guard let found = name == "*" ? Self.wildcard : Self.interface(name) ?? Self.named(name) else {
            throw problem(ENODEV)
        }
        family = CInt(found.withUnsafeBytes { $0.loadUnaligned(as: sockaddr.self) }.sa_family)
        var bytes = found
        // The port follows the family in both versions of IP.
        bytes.replaceSubrange(2..<4, with: [UInt8(port >> 8), UInt8(port & 0xFF)])
        self.bytes = bytes
        let text4 = Self.text(bytes) ?? name
        host = family == AF_INET6 ? "[\(text4)]" : text4
    }

    var options: [(level: CInt, option: CInt, value: CInt)] {
        var options: [(level: CInt, option: CInt, value: CInt)] = [(SOL_SOCKET, SO_REUSEADDR, 1)]
        // Listening for IPv6, it takes IPv4 too.
        if family == AF_INET6 { options.append((CInt(IPPROTO_IPV6), IPV6_V6ONLY, 0)) }
        return options
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) }
    }

    /// All addresses of both versions, or of IPv4 where the system has no IPv6.
    private static var wildcard: [UInt8] {
        let descriptor = socket(AF_INET6, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if descriptor >= 0 {
            close(descriptor)
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            return withUnsafeBytes(of: address) { Array($0) }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        return withUnsafeBytes(of: address) { Array($0) }
    }

    /// The first address of a network interface, of IPv4 if it has one.
    private static func interface(_ name: String) -> [UInt8]? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        var found: [CInt: [UInt8]] = [:]
        for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
            guard let entry, String(cString: entry.pointee.ifa_name) == name, let address = entry.pointee.ifa_addr
            else {
                continue
            }
            let family = CInt(address.pointee.sa_family)
            guard let size = size(of: family), found[family] == nil else { continue }
            found[family] = Array(UnsafeRawBufferPointer(start: address, count: size))
        }
        return found[AF_INET] ?? found[AF_INET6]
    }

    private static func named(_ name: String) -> [UInt8]? {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0, let entry = first else { return nil }
        defer { freeaddrinfo(first) }
        return Array(UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen)))
    }

    private static func size(of family: CInt) -> Int? {
        switch family {
        case AF_INET: MemoryLayout<sockaddr_in>.size
        case AF_INET6: MemoryLayout<sockaddr_in6>.size
        default: nil
        }
    }

    private static func text(_ bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { numericHost($0) } }
}

/// A network address in numbers.
func numericHost(_ address: UnsafeRawBufferPointer) -> String? {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let pointer = address.baseAddress?.assumingMemoryBound(to: sockaddr.self)
    guard
        getnameinfo(
            pointer, socklen_t(address.count), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
}

/// The address of a Unix socket: a path, or, after `@`, a name that is in no folder (unix(7): abstract).
struct UnixAddress {
    private var address = sockaddr_un()
    private let size: socklen_t

    init(path: String) {
        let isAbstract = path.hasPrefix("@")
        self.init(name: (isAbstract ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8) + [0]))
    }

    /// - Parameter name: As in `sun_path`, at most 108 bytes: an abstract one begins with a zero.
    init(name: [UInt8]) {
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.prefix($0.count)) }
        size = socklen_t(MemoryLayout<sa_family_t>.size + min(name.count, IPCFile.pathBytesMaximum + 1))
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        withUnsafeBytes(of: address) { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), size) }
    }
}

/// The address that the gate's end of a connection to libzmq has. By it, whoever has the other end's descriptor finds the
/// connection.
struct GateName {
    let instance: UInt64
    private static let prefix: [UInt8] = [0] + Array("dragoman-gate-".utf8)

    func address(of token: UInt64) -> UnixAddress {
        UnixAddress(name: Self.prefix + bytes(instance) + bytes(token))
    }

    /// The connection whose other end this is; nil when it is none, or is gone.
    func token(behind descriptor: CInt) -> UInt64? {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutableBytes(of: &address) {
            getpeername(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
        }
        let count = Self.prefix.count
        guard result == 0, address.sun_family == sa_family_t(AF_UNIX),
            Int(size) == MemoryLayout<sa_family_t>.size + count + 16
        else { return nil }
        return withUnsafeBytes(of: address.sun_path) { name -> UInt64? in
            guard name.prefix(count).elementsEqual(Self.prefix),
                name.loadUnaligned(fromByteOffset: count, as: UInt64.self) == instance
            else { return nil }
            return name.loadUnaligned(fromByteOffset: count + 8, as: UInt64.self)
        }
    }

    private func bytes(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}
