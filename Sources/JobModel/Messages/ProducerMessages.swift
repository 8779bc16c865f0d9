/// What became of one submitted job.
public struct Verdict: Sendable, Hashable {
    public var job: JobID
    public var outcome: Outcome

    public init(job: JobID, _ outcome: Outcome) {
        self.job = job
        self.outcome = outcome
    }

    public enum Outcome: Sendable, Hashable {
        case accepted(duplicate: Bool)
        case rejected(Rejection)
    }
}

package enum DeadLetterRequest: Sendable, Hashable {
    /// Dead jobs that died after a sequence number, oldest first. Of several tenants: by tenant, and those after a number
    /// of that tenant's.
    case list(after: UInt64, tenant: String = "", limit: Int)
    case retry([JobID])
    case drop([JobID])
}

/// Of the glossaries that a broker keeps for a tenant.
package enum GlossaryRequest: Sendable, Hashable {
    case list
    case get(String)
    /// - onlyNew: Whether one of that name stays.
    case put(NamedGlossary, onlyNew: Bool)
    case remove([String])
}

/// Of consumers or of models, which have names: to list them, or to remove some.
package enum NamesRequest: Sendable, Hashable {
    case list
    case remove([String])
}

/// Asks for a page of the jobs that a filter lets through.
package struct JobListRequest: Sendable, Hashable {
    package var filter: JobFilter
    /// A place in the order of acceptance: that of the page before.
    package var after: UInt64
    /// nil: to the end.
    package var upTo: UInt64?
    package var limit: Int

    package init(_ filter: JobFilter = JobFilter(), after: UInt64 = 0, upTo: UInt64? = nil, limit: Int = Limit.jobs) {
        self.filter = filter
        self.after = after
        self.upTo = upTo
        self.limit = limit
    }
}
