package import ArgumentParser
import Clocks
import DragomanClient
import JobModel

/// `dragoman jobs`
package struct JobsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists jobs, in the order of their acceptance.",
        discussion: """
            Examples:
              dragoman jobs
              dragoman jobs --state queued --older-than 2h
              dragoman jobs --state any --topic nightly --json
              dragoman jobs --tenant shop --limit 20

            Jobs that are queued and running are listed, unless --state says otherwise. With an operator's key, the jobs \
            of all tenants are meant, unless --tenant names one; with any other, your own tenant's. A job that has ended \
            is listed until its record has expired.

            A job's chunks are the parts that workers get; its attempts are the most that one of them has had. With \
            --json, one object a job, with the keys of the published protocol, and of several brokers "endpoint".

            The list is read and written a page at a time, and ends where it ended when it was begun: jobs that are \
            accepted meanwhile are not in it.

            Exit status: 0, 64 for wrong arguments, 69 when no broker answers, 74 when writing fails, 76 when one \
            refuses or is too old to list jobs, 77 when the key may not ask, 141 when the reader of the output has gone.
            """)

    @OptionGroup(title: "Which jobs")
    var jobs: JobFilterFlags

    @Option(help: ArgumentHelp("The most jobs that are listed. (default: all)", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "Tenants")
    var tenants: TenantFlags

    @OptionGroup
    var report: ReportFlags

    package init() {}

    package func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
    }

    package func run() async throws {
        let connection = try report.connection.connection()
        let brokers = connection.client.settings.jobsEndpoints.indices
        var left = limit ?? .max
        for broker in brokers {
            var pages = JobPages(of: broker, jobs.filter, scope: tenants.scope, by: connection)
            let endpoint = brokers.count > 1 ? connection.client.address(of: broker) : nil
            var table = JobListText.widths
            var isFirst = true
            // Pages as large as they may be, and cut here: one that is to be small costs the broker no less.
            while left > 0, let page = try await page(&pages)?.prefix(left) {
                do throws(SystemError) {
                    try OutputFile.standardOutput.write(
                        bytes(of: page, isFirst: isFirst, endpoint: endpoint, in: &table))
                } catch {
                    throw CommandError(writing: error)
                }
                left -= page.count
                isFirst = false
            }
        }
        try OutputFile.standardOutput.finish()
    }

    private func page(_ pages: inout JobPages) async throws(CommandError) -> [JobReport]? {
        do throws(ClientError) { return try await pages.next() } catch { throw CommandError(error) }
    }

    /// - Parameters:
    ///   - endpoint: Of which of several brokers; nil: there is one.
    ///   - table: What keeps columns where they were on the pages before.
    private func bytes(
        of page: ArraySlice<JobReport>, isFirst: Bool, endpoint: String?, in table: inout TextTable.Widths
    ) -> [UInt8] {
        if report.json {
            var output = ReportOutput(json: true)
            for report in page { output.add(report, at: endpoint) }
            return output.bytes
        }
        let now = SystemClock.wall
        let rows = (isFirst ? [JobListText.heading] : []) + page.map { JobListText.row($0, at: now) }
        let title = isFirst ? endpoint.map { $0 + "\n" } ?? "" : ""
        return Array((title + table.text(rows)).utf8)
    }
}
