import ArgumentParser
import DragomanClient
import JobModel

/// What is to be done with which dead jobs.
package struct DeadFlags: ParsableArguments {
    @Argument(help: JobID.argumentHelp, transform: JobID.argument)
    var ids: [JobID] = []

    @Flag(help: "All dead jobs.")
    var all = false

    @OptionGroup
    var report: ReportFlags

    package init() {}

    package func validate() throws {
        if all != ids.isEmpty { throw ValidationError("give ids, or --all") }
    }

    func run(
        _ work: (Client, [JobID], Duration) async throws(ClientError) -> [JobReport]
    ) async throws(CommandError) {
        var missing = 0
        var asked = 0
        try await report.run { connection, output throws(ClientError) in
            let (client, patience) = (connection.client, connection.patience)
            let dead = all ? try await client.allDeadJobs(patience: patience).map(\.job) : ids
            let reports = try await work(client, dead, patience)
            for report in reports { output.add(report.job, report.state) }
            (asked, missing) = (dead.count, dead.count - reports.count)
        }
        if missing > 0 {
            throw CommandError(.requestsFailed, "\(missing) of \(asked) are not dead jobs, or not any more")
        }
    }
}

extension Client {
    /// All brokers' dead jobs.
    func allDeadJobs(patience: Duration) async throws(ClientError) -> [JobReport] {
        var all: [JobReport] = []
        for broker in settings.jobsEndpoints.indices {
            var last: UInt64 = 0
            while true {
                let page = try await deadJobs(of: broker, after: last, limit: 1000, patience: patience)
                all += page
                guard page.count == 1000, let next = page.last?.sequence, next > last else { break }
                last = next
            }
        }
        return all
    }
}
