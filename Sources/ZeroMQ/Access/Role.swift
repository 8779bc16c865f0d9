/// What a key may be used for.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case producer, worker, consumer, observer, `operator`

    /// For those who write an allow-list.
    package var meaning: String {
        switch self {
        case .producer: "submits jobs, and asks about and cancels those of its tenant"
        case .worker: "translates: it sees the texts of all tenants"
        case .consumer: "reads and acknowledges the results of its tenant"
        case .observer: "sees the results of its tenant pass by, without acknowledging them"
        case .operator: "may do all of these but translate, and sees the whole broker"
        }
    }
}

/// One of the broker's sockets, as RFC 27 of ZeroMQ names what is asked for.
package enum AccessDomain: String, Sendable, Hashable, CaseIterable {
    case producer, worker, consumer, observer

    /// The role in which someone who has all of `roles` connects here; nil when none of them will do.
    ///
    /// An operator may do everything but a worker's work, which is to see every tenant's texts.
    package func role(from roles: Set<Role>) -> Role? {
        if let own = Role(rawValue: rawValue), roles.contains(own) { return own }
        return self != .worker && roles.contains(.operator) ? .operator : nil
    }
}
