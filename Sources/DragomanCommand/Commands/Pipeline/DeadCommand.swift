package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman dead`
package struct DeadCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Lists, retries and drops jobs that are dead.",
        discussion: """
            A job is dead when it has no attempts left, or cannot be translated. Its record is in the result log, and \
            stays there until it expires. With an operator's key, the dead jobs of all tenants are meant, unless \
            --tenant names one.

            Examples:
              dragoman dead list
              dragoman dead retry 5d1c1b0b6f1f4a5e9d0c2b7a8e3f6a90
              dragoman dead drop --all
              dragoman dead retry --all --tenant shop

            Exit status: 0, 1 when an id is not that of a dead job, 64 for wrong arguments, 69 when no broker answers, \
            74 when writing fails, 76 when one refuses, 77 when the key may not do this.
            """,
        subcommands: [List.self, Retry.self, Drop.self])

    package init() {}

    package struct List: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Lists dead jobs, in the order of their death.")

        @OptionGroup(title: "Tenants")
        var tenants: TenantFlags
        @OptionGroup
        var report: ReportFlags

        package init() {}

        package func run() async throws {
            let scope = tenants.scope
            try await report.run { connection, output throws(ClientError) in
                for report in try await connection.client.allDeadJobs(scope: scope, patience: connection.patience) {
                    output.add(report)
                }
            }
        }
    }

    package struct Retry: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Submits dead jobs again, under new ids, which are the output.")

        @OptionGroup
        var dead: DeadFlags

        package init() {}

        package func run() async throws {
            try await dead.run { client, ids, scope, patience throws(ClientError) in
                try await client.retryDeadJobs(ids, scope: scope, patience: patience)
            }
        }
    }

    package struct Drop: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Takes jobs off the list of the dead.")

        @OptionGroup
        var dead: DeadFlags

        package init() {}

        package func run() async throws {
            try await dead.run { client, ids, scope, patience throws(ClientError) in
                try await client.dropDeadJobs(ids, scope: scope, patience: patience)
            }
        }
    }
}
