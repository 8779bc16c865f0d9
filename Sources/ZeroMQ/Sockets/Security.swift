internal import CZeroMQ

/// How a socket's connections are protected. CURVE does not apply to `inproc://`.
package enum Security: Sendable {
    /// Not at all: everyone who can reach the endpoint may talk, and nobody has an identity.
    case none
    /// Only keys that the authenticator admits to the domain. libzmq's CURVE "fails open": with no ZAP handler it admits
    /// every key, so this cannot be asked for without one, and without an answer from it a connection is refused.
    case curveServer(CurveKeyPair, domain: AccessDomain, authenticator: Authenticator)
    /// As the given key pair, to a server that has one of the given keys and to no other. There are several while a
    /// server's key is being changed.
    case curveClient(CurveKeyPair, servers: [CurvePublicKey])

    package static func curveClient(_ keys: CurveKeyPair, server: CurvePublicKey) -> Security {
        .curveClient(keys, servers: [server])
    }

    /// Whether messages carry the sender's identity.
    var isAuthenticated: Bool {
        if case .curveServer = self { true } else { false }
    }

    /// Whether what connects with it has a key.
    package var usesKeys: Bool { if case .none = self { false } else { true } }

    /// How many keys the server may have.
    package var serverKeyCount: Int { if case .curveClient(_, let servers) = self { servers.count } else { 0 } }

    func apply(to handle: SocketHandle) throws(ZeroMQError) {
        switch self {
        case .none: break
        case .curveServer(let keys, let domain, _):
            // All three, or strangers are let in: the domain, the option (which does nothing without a domain), and the
            // handler, which is bound for as long as the authenticator lives.
            try handle.set(ZMQ_ZAP_DOMAIN, "ZMQ_ZAP_DOMAIN", Array(domain.rawValue.utf8))
            try handle.set(ZMQ_ZAP_ENFORCE_DOMAIN, "ZMQ_ZAP_ENFORCE_DOMAIN", CInt(1))
            try handle.set(ZMQ_CURVE_SERVER, "ZMQ_CURVE_SERVER", CInt(1))
            try handle.set(ZMQ_CURVE_SECRETKEY, "ZMQ_CURVE_SECRETKEY", keys.secretKey.bytes)
        case .curveClient(let keys, _):
            // The server's key is set with each connection: see `Socket.connect`.
            try handle.set(ZMQ_CURVE_PUBLICKEY, "ZMQ_CURVE_PUBLICKEY", keys.publicKey.bytes)
            try handle.set(ZMQ_CURVE_SECRETKEY, "ZMQ_CURVE_SECRETKEY", keys.secretKey.bytes)
        }
    }
}
