/// The HTTP gateway.
package struct GatewaySettings: Sendable, Hashable {
    /// nil: `dragoman serve` has none.
    package var address: String? = Self.standardAddress
    package var keysFile: String?
    package var certificateFile: String?
    package var privateKeyFile: String?
    package var connectionsMax = 1024
    package var bodyBytesMax = 1 << 20
    package var arrivalMsMax = 30_000
    package var translationMsMax = 60_000
    package var charactersMax = 0
    package var textsMax = 1000
    package var page = true
    /// nil: its numbers are not shown.
    package var metricsAddress: String?

    package init() {}

    /// LibreTranslate's port, where its clients look first.
    package static let standardAddress = "127.0.0.1:5000"

    /// The address's host; an IPv6 address in brackets.
    package var host: String { String((address ?? Self.standardAddress)[..<colon]) }
    package var port: Int { Int((address ?? Self.standardAddress)[colon...].dropFirst()) ?? 0 }

    private var colon: String.Index {
        let address = address ?? Self.standardAddress
        return address.lastIndex(of: ":") ?? address.endIndex
    }
}
