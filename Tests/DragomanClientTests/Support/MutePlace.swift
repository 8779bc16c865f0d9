import Glibc

/// A port at which connections are taken, and nothing is ever said: a broker whose process is stopped.
final class MutePlace: Sendable {
    let endpoint: String
    private let descriptor: CInt

    struct Failed: Error {}

    /// - Parameter host: Of IPv4, one that nothing else listens at.
    init(at host: String) throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(host)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        self.descriptor = descriptor
        guard isBound else { throw Failed() }
        endpoint = "tcp://\(host):\(in_port_t(bigEndian: address.sin_port))"
    }

    deinit { close(descriptor) }
}
