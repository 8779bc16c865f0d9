package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman job`
package struct JobCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Shows what became of jobs.",
        discussion: """
            Example:
              dragoman job 5d1c1b0b6f1f4a5e9d0c2b7a8e3f6a90

            With an operator's key, jobs of all tenants are found. Where several tenants have one of that id, and none \
            is your own, name the tenant.

            Exit status: 0, 1 when a broker has no such job (any more), 64 for wrong arguments, 69 when no broker \
            answers, 74 when writing fails, 76 when one refuses, 77 when the key may not ask.
            """)

    @OptionGroup
    var jobs: JobIDFlags

    package init() {}

    package func run() async throws {
        let scope = jobs.tenants.scope
        try await jobs.run { connection, ids, output throws(ClientError) in
            for id in ids {
                output.add(try await connection.client.job(id, scope: scope, patience: connection.patience))
            }
        }
    }
}
