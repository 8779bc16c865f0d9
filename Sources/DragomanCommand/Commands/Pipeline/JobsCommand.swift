package import ArgumentParser
import DragomanClient
import Foundation
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
            --json, one object a job, with the keys of the published protocol.

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
            var isFirst = true
            while left > 0, let page = try await page(&pages, limit: min(left, Limit.jobs)) {
                let title = isFirst && brokers.count > 1 ? connection.client.address(of: broker) : nil
                do throws(SystemError) {
                    try OutputFile.standardOutput.write(bytes(of: page, isFirst: isFirst, title: title))
                } catch {
                    throw CommandError(writing: error)
                }
                left -= page.count
                isFirst = false
            }
        }
        try OutputFile.standardOutput.finish()
    }

    private func page(_ pages: inout JobPages, limit: Int) async throws(CommandError) -> [JobReport]? {
        do throws(ClientError) { return try await pages.next(limit: limit) } catch { throw CommandError(error) }
    }

    /// - Parameter title: What stands above the table.
    private func bytes(of page: [JobReport], isFirst: Bool, title: String?) -> [UInt8] {
        if report.json {
            var output = ReportOutput(json: true)
            for report in page { output.add(report) }
            return output.bytes
        }
        let now = UInt64(max(Date().timeIntervalSince1970, 0) * 1000)
        let rows = (isFirst ? [JobListText.heading] : []) + page.map { JobListText.row($0, at: now) }
        return Array(((title.map { $0 + "\n" } ?? "") + TextTable.text(rows)).utf8)
    }
}
