import JobModel
import JobStore

/// The tenants that a request is about, after a look at whose key it came with.
enum Coverage: Sendable, Hashable {
    case all
    case tenant(String)
}

/// What is to be done with jobs that are given by their ids.
enum JobVerb: Sendable { case report, cancel, retry, drop }

extension Dispatcher {
    /// - Parameter scope: nil: the key's own tenant.
    /// - Returns: nil when the request has been refused.
    mutating func coverage(of scope: TenantScope?, _ address: ReturnAddress) -> Coverage? {
        let identity = address.peer.identity
        switch scope {
        case nil: return .tenant(identity.tenant)
        case .visible: return identity.isOperator ? .all : .tenant(identity.tenant)
        case .all where identity.isOperator: return .all
        case .tenant(let name) where identity.isOperator || name == identity.tenant: return .tenant(name)
        case .all, .tenant:
            refuse(
                .forbidden,
                "this key is of tenant \(identity.tenant), and no operator's: it can ask about that tenant only",
                to: address)
            return nil
        }
    }

    mutating func perform(_ verb: JobVerb, _ ids: [JobID], in scope: TenantScope?, _ address: ReturnAddress) {
        guard ids.count <= Limit.jobs else {
            return refuse(
                .tooLarge, "\(ids.count) ids in one message; at most \(Limit.jobs) are taken", to: address)
        }
        switch coverage(of: scope, address) {
        case nil: break
        case .tenant(let tenant): perform(verb, ids.map { JobKey(tenant: tenant, id: $0) }, address)
        case .all: outbox.read(.tenants(of: ids), for: .tenants(verb, ids, address))
        }
    }

    /// The tenants that have a job of each id are known.
    mutating func perform(_ verb: JobVerb, _ ids: [JobID], of tenants: [[String]], _ address: ReturnAddress) {
        var keys: [JobKey] = []
        for (id, tenants) in zip(ids, tenants) {
            guard let tenant = only(tenants, called: "job \(id)", address) else { return }
            keys.append(JobKey(tenant: tenant, id: id))
        }
        perform(verb, keys, address)
    }

    private mutating func perform(_ verb: JobVerb, _ keys: [JobKey], _ address: ReturnAddress) {
        switch verb {
        case .report: for key in keys { outbox.read(.report(key), for: .jobReport(key, address)) }
        case .cancel: cancel(keys, address)
        case .retry: forEach(keys, address) { dispatcher, key, part in dispatcher.retryDead(key, part) }
        case .drop:
            forEach(keys, address) { dispatcher, key, part in
                dispatcher.outbox.write(.dropDead(key), for: .dropDead(key, part))
            }
        }
    }

    /// Which of several tenants is meant: the key's own goes first, and of others there must be one only. Names may repeat
    /// from tenant to tenant, and ids that are made of the input do.
    ///
    /// - Returns: the key's own when there is none; nil when the request has been refused.
    mutating func only(_ tenants: [String], called what: String, _ address: ReturnAddress) -> String? {
        let own = address.peer.identity.tenant
        if tenants.contains(own) { return own }
        guard tenants.count <= 1 else {
            refuse(
                .malformed,
                "several tenants have a \(what) (\(tenants.prefix(10).joined(separator: ", "))); name the tenant",
                to: address)
            return nil
        }
        return tenants.first ?? own
    }
}
