/// Who sent a message: what the authenticator found for the key of its connection.
package struct PeerIdentity: Hashable, Sendable, CustomStringConvertible {
    package let tenant: String
    package let role: Role

    package init(tenant: String, role: Role) {
        self.tenant = tenant
        self.role = role
    }

    package var description: String { "\(tenant)/\(role.rawValue)" }
}

/// What a connection was let in with. Every message carries it, so that each can be held against today's list.
package struct PeerCredentials: Hashable, Sendable {
    package let identity: PeerIdentity
    package let key: CurvePublicKey

    package init(identity: PeerIdentity, key: CurvePublicKey) {
        self.identity = identity
        self.key = key
    }

    /// Reads what `userID` writes.
    init?(userID: String) {
        let parts = userID.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let role = Role(rawValue: String(parts[1])),
            let key = CurvePublicKey(hexadecimal: parts[2])
        else { return nil }
        self.init(identity: PeerIdentity(tenant: String(parts[0]), role: role), key: key)
    }

    /// ZAP's User-Id: `acme/producer/` and the key. (Z85 has slashes, hexadecimal digits have none.)
    var userID: String { "\(identity.tenant)/\(identity.role.rawValue)/\(key.hexadecimal)" }
}
