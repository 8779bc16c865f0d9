import DragomanClient
import JobModel

/// Cancels all jobs that a filter lets through, a page at a time, so that brokers have time for others meanwhile.
struct MassCancellation {
    private let connection: Connection
    private let scope: TenantScope?
    /// Of each broker, what is not yet cancelled.
    private var lists: [(first: [JobReport]?, rest: JobPages)] = []
    private(set) var tally = CancellationTally()

    /// - Parameter scope: nil: the key's own tenant.
    init(_ filter: JobFilter, scope: TenantScope?, by connection: Connection) {
        self.connection = connection
        self.scope = scope
        lists = connection.client.settings.jobsEndpoints.indices.map {
            (nil, JobPages(of: $0, filter, scope: scope, by: connection))
        }
    }

    /// Reads the first page of each list. Nothing is cancelled yet.
    mutating func look() async throws(ClientError) {
        for broker in lists.indices { lists[broker].first = try await lists[broker].rest.next() }
    }

    /// What is known to be cancelled; nil: there is nothing.
    var extent: CancellationExtent? {
        let count = lists.reduce(0) { $0 + ($1.first?.count ?? 0) }
        guard count > 0 else { return nil }
        return CancellationExtent(count: count, isWhole: lists.allSatisfy(\.rest.isAtEnd), scope: scope)
    }

    /// Forgets what was looked at: jobs have gone on while someone thought about the answer. Jobs that came meanwhile stay
    /// left alone.
    mutating func startAgain() {
        for broker in lists.indices {
            lists[broker].first = nil
            lists[broker].rest.restart()
        }
    }

    /// - Parameter each: Called for each job, with its state afterwards.
    mutating func run(_ each: (JobReport, JobState?) throws(CommandError) -> Void) async throws(CommandError) {
        for broker in lists.indices {
            while let page = try await nextPage(of: broker) {
                // Ids may repeat from tenant to tenant.
                for (tenant, jobs) in Dictionary(grouping: page, by: \.tenant).sorted(by: { $0.key < $1.key }) {
                    for (job, state) in zip(jobs, try await cancel(jobs, tenant, of: broker)) {
                        tally.count(state)
                        try each(job, state)
                    }
                }
            }
        }
    }

    private mutating func nextPage(of broker: Int) async throws(CommandError) -> [JobReport]? {
        if let first = lists[broker].first.take() { return first }
        do throws(ClientError) { return try await lists[broker].rest.next() } catch { throw CommandError(error) }
    }

    private func cancel(
        _ jobs: [JobReport], _ tenant: String, of broker: Int
    ) async throws(CommandError) -> [JobState?] {
        do throws(ClientError) {
            // The key's own needs no name.
            return try await connection.client.cancel(
                jobs.map(\.job), of: broker, scope: scope.map { _ in .tenant(tenant) }, patience: connection.patience)
        } catch {
            throw CommandError(error)
        }
    }
}
