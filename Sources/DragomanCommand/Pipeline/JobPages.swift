import DragomanClient
import JobModel

/// A broker's list of jobs, read page by page as far as it went when it was begun.
struct JobPages {
    private let connection: Connection
    private let broker: Int
    private let scope: TenantScope?
    private var span: ListedSpan

    /// - Parameter scope: nil: the key's own tenant.
    init(of broker: Int, _ filter: JobFilter, scope: TenantScope?, by connection: Connection) {
        self.broker = broker
        self.scope = scope
        self.connection = connection
        span = ListedSpan(filter)
    }

    /// Whether all has been read.
    var isAtEnd: Bool { span.isAtEnd }

    mutating func restart() { span.restart() }

    /// - Returns: nil: there are no more. A page has a job at least.
    mutating func next() async throws(ClientError) -> [JobReport]? {
        while let request = span.request(at: .now) {
            let page = try await connection.client.jobs(
                request.filter, of: broker, after: request.after, upTo: request.upTo, limit: request.limit,
                scope: scope, patience: connection.patience)
            span.take(page, at: .now)
            if !page.jobs.isEmpty { return page.jobs }
        }
        return nil
    }
}
