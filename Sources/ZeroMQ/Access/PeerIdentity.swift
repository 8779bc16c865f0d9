/// Who sent a message: what the authenticator found for the key of its connection.
package struct PeerIdentity: Hashable, Sendable, CustomStringConvertible {
    package let tenant: String
    package let role: Role

    package init(tenant: String, role: Role) {
        self.tenant = tenant
        self.role = role
    }

    /// Reads what `userID` writes.
    init?(userID: String) {
        guard let slash = userID.lastIndex(of: "/"), let role = Role(rawValue: String(userID[slash...].dropFirst())),
            slash > userID.startIndex
        else { return nil }
        self.init(tenant: String(userID[..<slash]), role: role)
    }

    /// ZAP's User-Id: `acme/producer`.
    var userID: String { "\(tenant)/\(role.rawValue)" }

    package var description: String { userID }
}
