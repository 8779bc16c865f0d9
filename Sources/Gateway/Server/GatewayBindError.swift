internal import Glibc

/// Why the gateway cannot listen.
package struct GatewayBindError: Error, Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int
    package let code: Int32

    init(_ host: String, _ port: Int, _ code: Int32) {
        self.host = host
        self.port = port
        self.code = code
    }

    package var isInUse: Bool { code == EADDRINUSE }

    package var description: String {
        "\(host):\(port): \(String(cString: strerror(code)))"
    }
}
