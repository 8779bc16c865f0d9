/// What a key may be used for.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case producer, worker, consumer, observer, `operator`
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
