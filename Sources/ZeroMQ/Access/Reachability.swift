internal import CZeroMQ
internal import Glibc

/// Why nothing listens at an endpoint: libzmq says that an attempt has failed, and not why.
package enum Reachability {
    /// Tries to connect once, which may take as long as the patience and the system's name service.
    ///
    /// - Returns: `Connection refused`, `No route to host`, an unknown name; nil when something accepted.
    package static func problem(of endpoint: String, patience: Duration = .seconds(3)) -> String? {
        if endpoint.hasPrefix("ipc://") {
            let address = UnixAddress(path: String(endpoint.dropFirst("ipc://".count)))
            return address.withSockaddr { problem(AF_UNIX, $0, $1, patience) }
        }
        guard endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":") else { return nil }
        var host = String(endpoint[..<colon].dropFirst("tcp://".count))
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let port = String(endpoint[endpoint.index(after: colon)...])
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, port, &hints, &first)
        guard result == 0, let entry = first?.pointee else {
            return "\(host): \(String(cString: gai_strerror(result)))"
        }
        defer { freeaddrinfo(first) }
        return problem(entry.ai_family, entry.ai_addr, entry.ai_addrlen, patience)
    }

    private static func problem(
        _ family: CInt, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t, _ patience: Duration
    ) -> String? {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        if connect(descriptor, address, size) == 0 { return nil }
        guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
        var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&item, 1, patience.milliseconds) > 0 else { return "no answer" }
        var number: CInt = 0
        var count = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &count)
        return number == 0 ? nil : String(cString: strerror(number))
    }
}
