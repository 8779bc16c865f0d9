import ArgumentParser
import DragomanClient
import JobModel

/// What is to be done with which dead jobs.
package struct DeadFlags: ParsableArguments {
    @Argument(help: JobID.argumentHelp, transform: JobID.argument)
    var ids: [JobID] = []

    @Flag(help: "All dead jobs.")
    var all = false

    @OptionGroup(title: "Tenants")
    var tenants: TenantFlags

    @OptionGroup
    var report: ReportFlags

    package init() {}

    package func validate() throws {
        if all != ids.isEmpty { throw ValidationError("give ids, or --all") }
    }

    func run(
        _ work: (Client, [JobID], TenantScope, Duration) async throws(ClientError) -> [JobReport]
    ) async throws(CommandError) {
        var missing = 0
        var asked = 0
        var unnamed: [String] = []
        try await report.run { connection, output throws(ClientError) in
            let (client, patience) = (connection.client, connection.patience)
            var groups = [(scope: tenants.scope, ids: ids)]
            if all {
                let dead = try await client.allDeadJobs(scope: tenants.scope, patience: patience)
                groups = Self.groups(of: dead, scope: tenants.scope)
                if groups.count > 1, tenants.scope == .visible { unnamed = Set(dead.map(\.tenant)).sorted() }
            }
            guard unnamed.isEmpty else { return }
            for group in groups {
                let reports = try await work(client, group.ids, group.scope, patience)
                for report in reports { output.add(report.job, report.state) }
                asked += group.ids.count
                missing += group.ids.count - reports.count
            }
        }
        guard unnamed.isEmpty else {
            throw CommandError(
                .usage,
                "there are dead jobs of \(unnamed.count) tenants (\(unnamed.prefix(10).joined(separator: ", "))); name one "
                    + "with --tenant, or say --all-tenants")
        }
        if missing > 0 {
            throw CommandError(.requestsFailed, "\(missing) of \(asked) are not dead jobs, or not any more")
        }
    }

    /// Ids may repeat from tenant to tenant, so each tenant's are asked for apart.
    private static func groups(of dead: [JobReport], scope: TenantScope) -> [(scope: TenantScope, ids: [JobID])] {
        let byTenant = Dictionary(grouping: dead, by: \.tenant).sorted { $0.key < $1.key }
        // A broker that does not say whose they are has only listed the key's own.
        return byTenant.map { tenant, reports in (tenant.isEmpty ? scope : .tenant(tenant), reports.map(\.job)) }
    }
}

extension Client {
    /// All brokers' dead jobs.
    func allDeadJobs(scope: TenantScope, patience: Duration) async throws(ClientError) -> [JobReport] {
        var all: [JobReport] = []
        for broker in settings.jobsEndpoints.indices {
            var (tenant, last) = ("", UInt64(0))
            while true {
                let page = try await deadJobs(
                    of: broker, after: last, of: tenant, limit: Limit.jobs, scope: scope, patience: patience)
                all += page
                guard page.count == Limit.jobs, let end = page.last, let next = end.sequence,
                    end.tenant != tenant || next > last
                else { break }
                (tenant, last) = (end.tenant, next)
            }
        }
        return all
    }
}
