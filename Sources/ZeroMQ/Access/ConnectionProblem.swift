/// Why a socket has no connection: what was wrong, where, and what to do.
package enum ConnectionProblem: Sendable, Hashable {
    /// Nothing accepts connections there, or nothing gets there.
    case unreachable
    /// The server knows the key, or does not, and does not let it in as what it came for.
    case keyRefused
    /// The server asks for keys, and this socket has none.
    case keyMissing
    /// This socket has a key, and the server uses none.
    case serverWithoutKeys
    /// The server ends every connection before it is one. With keys: it has another secret key than it should.
    case handshakeBroken(usesKeys: Bool)
    /// The other side does not speak ZeroMQ as it should.
    case protocolError(code: Int32)

    /// Whether it is a matter of keys, which waiting does not mend.
    package var isDenial: Bool {
        switch self {
        case .keyRefused, .keyMissing, .serverWithoutKeys, .handshakeBroken(usesKeys: true): true
        case .unreachable, .handshakeBroken(usesKeys: false), .protocolError: false
        }
    }

    /// - Parameter role: What the key must be allowed to be: `producer`.
    package func message(at endpoint: String, role: AccessDomain) -> String {
        switch self {
        case .unreachable: "\(endpoint) cannot be reached"
        case .keyRefused:
            """
            \(endpoint) does not admit this key as \(role.rawValue): its line in the broker's allow_file is missing or \
            lacks that role
            """
        case .keyMissing:
            """
            \(endpoint) asks for a key, and none is set: set access.client_secret_key_file and access.server_public_key
            """
        case .serverWithoutKeys:
            """
            \(endpoint) uses no keys, and one is set here: remove access.client_secret_key_file and \
            access.server_public_key, or give the broker its keys
            """
        case .handshakeBroken(usesKeys: true):
            """
            \(endpoint) ends the connection at its first message: access.server_public_key is not the key of the broker \
            there, or the broker uses no keys, or there are too many connections
            """
        case .handshakeBroken(usesKeys: false):
            "\(endpoint) ends every connection: there are too many connections, or it is no Dragoman broker"
        case .protocolError(let code):
            "\(endpoint) does not speak ZeroMQ as it should (error 0x\(String(code, radix: 16))); is it a Dragoman broker?"
        }
    }
}

/// Tells problems from accidents: one handshake that breaks off is a broker that is restarted, several in a row are not.
package struct ConnectionDiagnosis: Sendable {
    private let usesKeys: Bool
    private var brokenHandshakes = 0
    /// Whether it was once: then the keys are right, and handshakes break off because a broker is overloaded.
    private var wasAdmitted = false
    private static let brokenHandshakesMaximum = 3

    package init(usesKeys: Bool) { self.usesKeys = usesKeys }

    /// - Returns: What is wrong, as far as this event shows it.
    package mutating func problem(in report: ConnectionMonitor.Report) -> ConnectionProblem? {
        switch report.kind {
        case .admitted:
            brokenHandshakes = 0
            wasAdmitted = true
        case .refused: return .keyRefused
        case .unreachable: return .unreachable
        case .mechanismMismatch: return usesKeys ? .serverWithoutKeys : .keyMissing
        case .protocolError: return .protocolError(code: report.value)
        case .brokenOff:
            brokenHandshakes += 1
            if brokenHandshakes >= Self.brokenHandshakesMaximum {
                return .handshakeBroken(usesKeys: usesKeys && !wasAdmitted)
            }
        }
        return nil
    }
}
