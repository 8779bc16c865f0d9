import JobModel

/// Lists of jobs that wait until those before them have been read. A page of one takes the store as long, and the memory as
/// much, as hundreds of other requests, so each tenant has one read at a time, and the others' requests come in between.
struct JobListTurns: Sendable {
    struct Wish: Sendable {
        var request: JobListRequest
        /// Whose jobs; nil: all tenants'.
        var tenant: String?
        var address: ReturnAddress
    }

    /// Of one tenant.
    static let waitingMaximum = 16

    /// By the tenant that asks; without an entry, nothing is read for it.
    private var waiting: [String: [Wish]] = [:]

    /// What may be read at once.
    enum Turn: Sendable { case now, later, never }

    mutating func add(_ wish: Wish) -> Turn {
        let tenant = wish.address.peer.identity.tenant
        guard let count = waiting[tenant]?.count else {
            waiting[tenant] = []
            return .now
        }
        guard count < Self.waitingMaximum else { return .never }
        waiting[tenant]!.append(wish)
        return .later
    }

    /// One has been read for a tenant.
    ///
    /// - Returns: Which is to be read next.
    mutating func next(of tenant: String) -> Wish? {
        guard waiting[tenant]?.isEmpty == false else {
            waiting[tenant] = nil
            return nil
        }
        return waiting[tenant]!.removeFirst()
    }
}
