import ArgumentParser
import DragomanClient
import JobModel

/// What is to be done with which dead jobs.
package struct DeadFlags: ParsableArguments {
    @Argument(help: ArgumentHelp("32 hexadecimal digits, or a UUID.", valueName: "id"), transform: JobID.argument)
    var ids: [JobID] = []

    @Flag(help: "All dead jobs.")
    var all = false

    @Flag(help: "Write one JSON object a job.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func validate() throws {
        if all != ids.isEmpty { throw ValidationError("give ids, or --all") }
    }

    func run(
        _ work: (Client, [JobID], Duration) async throws(ClientError) -> [JobReport]
    ) async throws(CommandError) {
        let connection = try connection.connection()
        let (client, patience) = (connection.client, connection.patience)
        var output = ReportOutput(json: json)
        let asked: [JobID]
        let reports: [JobReport]
        do throws(ClientError) {
            asked = all ? try await connection.client.allDeadJobs(patience: patience).map(\.job) : ids
            reports = try await work(client, asked, patience)
        } catch {
            throw CommandError(error)
        }
        for report in reports { output.add(report.job, report.state) }
        try output.write()
        if reports.count < asked.count {
            let missing = asked.count - reports.count
            throw CommandError(.requestsFailed, "\(missing) of \(asked.count) are not dead jobs, or not any more")
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
