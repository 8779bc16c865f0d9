import DragomanClient
import JobModel

/// A broker's list of jobs, read page by page as far as it went when it was begun.
struct JobPages {
    private let connection: Connection
    private let filter: JobFilter
    private let broker: Int
    private let scope: TenantScope?
    private var place: UInt64? = 0
    private var end: UInt64?

    /// - Parameter scope: nil: the key's own tenant.
    init(of broker: Int, _ filter: JobFilter, scope: TenantScope?, by connection: Connection) {
        self.broker = broker
        self.filter = filter
        self.scope = scope
        self.connection = connection
    }

    /// Whether all has been read.
    var isAtEnd: Bool { place == nil }

    /// - Returns: nil: there are no more. A page has a job at least.
    mutating func next(limit: Int = Limit.jobs) async throws(ClientError) -> [JobReport]? {
        while let after = place {
            let page = try await connection.client.jobs(
                filter, of: broker, after: after, upTo: end, limit: limit, scope: scope,
                patience: connection.patience)
            end = end ?? page.last
            // A broker that went back would go on for ever.
            place = page.next.flatMap { $0 > after ? $0 : nil }
            if !page.jobs.isEmpty { return page.jobs }
        }
        return nil
    }
}
