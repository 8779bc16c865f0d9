import Dispatching
import JobModel
import Logging
import ZeroMQ

extension BrokerLoop {
    /// A connection that was let in by its key, once it has said something. One that says nothing is
    /// sent nothing.
    struct Client {
        let credentials: PeerCredentials
        let domain: AccessDomain
        /// nil: an observer, whom the machine does not know.
        let peer: Peer?
        let address: String
    }

    enum Hearing {
        case heard(Identity, PeerCredentials?)
        case revoked(PeerCredentials)
        case unheard
    }

    /// Whether someone is heard, by the list as it is now.
    func hearing(_ userID: String?, in domain: AccessDomain) -> Hearing {
        guard access != nil else { return .heard(.everyone, nil) }
        switch access?.verdict(on: userID, in: domain) {
        case .granted(let credentials)?:
            let identity = credentials.identity
            return .heard(Identity(tenant: identity.tenant, isOperator: identity.role == .operator), credentials)
        case .revoked(let credentials)?: return .revoked(credentials)
        // Where keys are asked for, a worker without one is this process's own: CURVE does not apply to inproc. Nobody else
        // gets here without a key, and would not be heard.
        case nil: return domain == .worker ? .heard(.everyone, nil) : .unheard
        }
    }

    /// Remembers who has come by a connection, the first time that it says something.
    ///
    /// - Returns: Whether it is heard: its tenant does not have as many connections as the allow-list lets it.
    func meet(
        _ credentials: PeerCredentials?, in domain: AccessDomain, as peer: Peer?, by connection: GateConnectionID?
    ) throws(ZeroMQError) -> Bool {
        guard let credentials, let connection, clients[connection] == nil else { return true }
        let client = Client(
            credentials: credentials, domain: domain, peer: peer, address: gate.address(of: connection) ?? "")
        let tenant = credentials.identity.tenant
        if let most = configuration.dispatch.tenantLimits[tenant]?.connections, connections(of: tenant) >= most {
            try refuse(client, most: most, by: connection)
            return false
        }
        if clients.count >= clientsPrunedAt { pruneClients() }
        clients[connection] = client
        audit("connected", client)
        return true
    }

    /// How many of a tenant's connections are open.
    private func connections(of tenant: String) -> Int {
        clients.count { $0.value.credentials.identity.tenant == tenant && gate.address(of: $0.key) != nil }
    }

    private func refuse(_ client: Client, most: Int, by connection: GateConnectionID) throws(ZeroMQError) {
        let problem = "the tenant has \(most) connections, which is the most that the allow-list lets it have"
        if let peer = client.peer {
            try send(Envelope(.fault(Fault(.unavailable, "\(problem); close one, or try again later"))), to: peer)
        }
        var fields = Self.fields(client.credentials, client.address)
        fields.merge(["audit": "refused", "problem": "\(problem)"]) { $1 }
        refusals.record("connection refused", kind: "connections of a tenant", fields)
        gate.closeWhenTold(connection)
    }

    /// Without those that have gone.
    private func pruneClients() {
        clients = clients.filter { gate.address(of: $0.key) != nil }
        clientsPrunedAt = max(1024, 2 * clients.count)
    }

    /// From here on, another list is in force: who may do no more what it does is cut off.
    func replaceList(with list: AllowList) {
        guard access != nil else { return }
        access?.list = list
        if list.isEmpty { logger.warning("the allow-list is empty: everyone is refused") }
    }

    func revokeClients() throws(ZeroMQError) {
        for (connection, client) in clients {
            guard case .revoked? = access?.verdict(on: client.credentials, in: client.domain) else { continue }
            try revoke(connection, client)
        }
    }

    private func revoke(_ connection: GateConnectionID, _ client: Client) throws(ZeroMQError) {
        clients[connection] = nil
        gate.close([connection])
        audit("revoked", client)
        guard var peer = client.peer else { return }
        // It may have said different things in different forms.
        for isDelimited in [false, true] {
            peer.isDelimited = isDelimited
            try handle(.revoked(peer))
        }
    }

    /// A message came under a key that may not do this any more.
    func refuse(revoked credentials: PeerCredentials, _ peer: Peer?, by connection: GateConnectionID?)
        throws(ZeroMQError)
    {
        if let peer {
            let fault = Fault(.forbidden, "the key has been taken off the broker's allow-list")
            try send(Envelope(.fault(fault)), to: peer)
        }
        refusals.record(
            "message refused", kind: "revoked key",
            ["audit": "refused", "problem": "the key has been revoked", "key": "\(credentials.key)"])
        if let connection { gate.closeWhenTold(connection) }
    }

    // MARK: The audit log

    /// What a message asks for that is to be remembered.
    func audit(_ body: Envelope.Body, by credentials: PeerCredentials?, on connection: GateConnectionID?) {
        guard let (action, noun, count, scope) = body.audited else { return }
        let client = connection.flatMap { clients[$0] }
        var fields: Logger.Metadata = ["audit": "\(action)", noun: "\(count)"]
        // Without it, they are the tenant's own.
        if let scope { fields["scope"] = "\(scope.audited)" }
        fields.merge(Self.fields(credentials, client?.address ?? connection.flatMap(gate.address) ?? "")) { $1 }
        refusals.audit(action, fields)
    }

    private func audit(_ action: String, _ client: Client) {
        var fields: Logger.Metadata = ["audit": "\(action)", "socket": "\(client.domain)"]
        fields.merge(Self.fields(client.credentials, client.address)) { $1 }
        refusals.audit(action, fields)
    }

    private static func fields(_ credentials: PeerCredentials?, _ address: String) -> Logger.Metadata {
        var fields: Logger.Metadata = [:]
        if let credentials {
            fields["tenant"] = "\(credentials.identity.tenant)"
            fields["role"] = "\(credentials.identity.role.rawValue)"
            fields["key"] = "\(credentials.key)"
        }
        if !address.isEmpty { fields["address"] = "\(address)" }
        return fields
    }
}

extension Envelope.Body {
    /// What the audit log has of a request: what is done, to how many of what, and whose they are.
    fileprivate var audited: (action: String, noun: String, count: Int, scope: TenantScope?)? {
        switch self {
        case .cancel(let ids, let scope): ("cancelled", "jobs", ids.count, scope)
        case .deadLetterRequest(.retry(let ids), let scope): ("retried", "jobs", ids.count, scope)
        case .deadLetterRequest(.drop(let ids), let scope): ("dropped", "jobs", ids.count, scope)
        case .consumerRequest(.remove(let names), let scope): ("removed consumers", "consumers", names.count, scope)
        case .modelRequest(.remove(let names)): ("removed models", "models", names.count, nil)
        case .glossaryRequest(.put): ("kept a glossary", "glossaries", 1, nil)
        case .glossaryRequest(.remove(let names)): ("removed glossaries", "glossaries", names.count, nil)
        default: nil
        }
    }
}

extension TenantScope {
    fileprivate var audited: String {
        switch self {
        case .visible: "all that the key may see"
        case .all: "all tenants"
        case .tenant(let name): name
        }
    }
}
