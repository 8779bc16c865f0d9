/// Which keys may connect, as whom. A key that is not in it may not.
package struct AllowList: Sendable, Equatable {
    package struct Grant: Sendable, Equatable {
        package let tenant: String
        package let roles: Set<Role>

        /// - Throws: When a tenant's name is not 1 to 64 printable ASCII characters without blanks and slashes: it is
        ///   part of identities, logs and file names.
        package init(tenant: String, roles: Set<Role>) throws(TenantNameError) {
            let isPlain = tenant.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
            guard (1...64).contains(tenant.utf8.count), isPlain else { throw TenantNameError(name: tenant) }
            self.tenant = tenant
            self.roles = roles
        }
    }

    package struct TenantNameError: Error, Sendable, Equatable, CustomStringConvertible {
        package let name: String
        package var description: String {
            "\(name.debugDescription) cannot be a tenant's name: use 1 to 64 printable ASCII characters, "
                + "no blanks, no slashes"
        }
    }

    private let grants: [CurvePublicKey: Grant]

    package init(_ grants: [CurvePublicKey: Grant] = [:]) { self.grants = grants }

    /// Whether nobody at all may connect.
    package var isEmpty: Bool { grants.isEmpty }

    /// As whom a key may connect to a domain, or why it may not.
    package func decide(_ key: CurvePublicKey, domain: AccessDomain) -> Result<PeerIdentity, Refusal.Reason> {
        guard let grant = grants[key] else { return .failure(.unknownKey) }
        guard let role = domain.role(from: grant.roles) else { return .failure(.wrongRole) }
        return .success(PeerIdentity(tenant: grant.tenant, role: role))
    }
}

/// A connection that was not let in, for the log.
package struct Refusal: Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Error, Sendable {
        /// The key is not in the allow-list.
        case unknownKey
        /// It is, without a role for this socket.
        case wrongRole
        /// It showed no key.
        case noKey
        /// The socket's domain is none that there is.
        case unknownDomain
    }

    package let reason: Reason
    package let domain: String
    /// The peer's network address, as in `Message.peerAddress`.
    package let address: String
    package let key: CurvePublicKey?

    /// The same, where the address is known better.
    package func from(_ addresses: [String]) -> Refusal {
        guard !addresses.isEmpty else { return self }
        return Refusal(reason: reason, domain: domain, address: addresses.joined(separator: " or "), key: key)
    }

    /// What many are counted by.
    package var kind: String {
        switch reason {
        case .unknownKey: "unknown key"
        case .wrongRole: "no role for the socket"
        case .noKey: "no key"
        case .unknownDomain: "unknown domain"
        }
    }

    package var description: String {
        let who = key.map { "key \($0)" } ?? "a peer without a key"
        let problem =
            switch reason {
            case .unknownKey: "is not in the allow-list"
            case .wrongRole: "has no role that may connect as \(domain)"
            case .noKey: "was refused as \(domain)"
            case .unknownDomain: "asked for the unknown domain \(domain.debugDescription)"
            }
        return "\(who) \(problem)" + (address.isEmpty ? "" : " (from \(address))")
    }
}
