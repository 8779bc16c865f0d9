/// A ZeroMQ address that another process can reach.
package struct Endpoint: Sendable, Equatable, CustomStringConvertible {
    private enum Place: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case ipc(path: String)
    }

    private let place: Place

    /// `sun_path` of unix(7) holds 108 bytes with its final zero; libzmq fails with ENAMETOOLONG beyond that.
    private static let pathBytesMax = 107

    package init?(_ text: String) {
        if text.hasPrefix("ipc://") {
            let path = String(text.dropFirst(6))
            guard (1...Self.pathBytesMax).contains(path.utf8.count), !path.contains("\0") else { return nil }
            place = .ipc(path: path)
        } else if text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":") {
            guard let start = text.index(text.startIndex, offsetBy: 6, limitedBy: colon) else { return nil }
            let host = String(text[start..<colon])
            let digits = text[text.index(after: colon)...]
            guard Self.isHost(host), digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits),
                (1...65535).contains(port)
            else { return nil }
            place = .tcp(host: host, port: port)
        } else {
            return nil
        }
    }

    package var description: String {
        switch place {
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        case .ipc(let path): "ipc://\(path)"
        }
    }

    /// Whether a socket bound here listens on every interface.
    package var isWildcard: Bool { host.map(Self.wildcards.contains) ?? false }

    /// Whether a socket bound here can be reached from other hosts. A name counts as remote: what it resolves to may
    /// change.
    package var isRemote: Bool {
        guard let host else { return false }
        return !(host == "localhost" || host == "lo" || host == "[::1]" || Self.isLoopbackAddress(host))
    }

    /// Whether sockets bound to both would want the same port of the same interface, or the same file.
    package func clashes(with other: Endpoint) -> Bool {
        switch (place, other.place) {
        case (.tcp(let host, let port), .tcp(let otherHost, let otherPort)):
            port == otherPort && (host == otherHost || isWildcard || other.isWildcard)
        case (.ipc(let path), .ipc(let otherPath)): path == otherPath
        default: false
        }
    }

    /// Where to connect to, on this host, what is bound here.
    package var local: Endpoint {
        guard isWildcard, case .tcp(let host, let port) = place else { return self }
        return Endpoint(.tcp(host: host == "[::]" ? "[::1]" : "127.0.0.1", port: port))
    }

    /// The kind of address: `tcp` or `ipc`.
    package var scheme: String {
        switch place {
        case .tcp: "tcp"
        case .ipc: "ipc"
        }
    }

    /// The host's name, where the name service says which addresses it has.
    package var hostName: String? {
        guard let host, !isWildcard, !host.hasPrefix("["), !Self.isAddress(host) else { return nil }
        return host
    }

    /// The same port of an address of this host.
    ///
    /// - Parameter address: In numbers, of either version of IP.
    package func at(_ address: String) -> Endpoint {
        guard case .tcp(_, let port) = place else { return self }
        return Endpoint(.tcp(host: address.contains(":") ? "[\(address)]" : address, port: port))
    }

    private init(_ place: Place) { self.place = place }

    private var host: String? {
        guard case .tcp(let host, _) = place else { return nil }
        return host
    }

    private static let wildcards: Set<String> = ["*", "0.0.0.0", "[::]"]

    private static func isLoopbackAddress(_ host: String) -> Bool { host.hasPrefix("127.") && isAddress(host) }

    /// Whether it is an address of IPv4.
    private static func isAddress(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// An address, a name, an interface or a wildcard; an IPv6 address stands in brackets.
    private static func isHost(_ text: String) -> Bool {
        if text == "*" { return true }
        if text.hasPrefix("[") && text.hasSuffix("]") {
            let address = text.dropFirst().dropLast()
            return address.contains(":") && address.utf8.allSatisfy { isHexadecimal($0) || ":.%".utf8.contains($0) }
        }
        return !text.isEmpty && text.utf8.allSatisfy { isNameByte($0) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { Character(UnicodeScalar(byte)).isHexDigit }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let character = Character(UnicodeScalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
    }
}
