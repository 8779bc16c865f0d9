package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman cancel`
package struct CancelCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ends jobs that have not ended yet.",
        discussion: """
            Examples:
              dragoman cancel 5d1c1b0b6f1f4a5e9d0c2b7a8e3f6a90
              dragoman submit big.txt > ids; xargs dragoman cancel < ids

            Every job's state afterwards is a line of output: one that was done first stays done. A cancelled job \
            leaves a record in the result log. With an operator's key, jobs of all tenants are found; where several \
            tenants have one of that id, name the tenant.

            Exit status: 0, 1 when a broker has no such job (any more), 64 for wrong arguments, 69 when no broker \
            answers, 74 when writing fails, 76 when one refuses, 77 when the key may not cancel.
            """)

    @OptionGroup
    var jobs: JobIDFlags

    package init() {}

    package func run() async throws {
        let scope = jobs.tenants.scope
        try await jobs.run { connection, ids, output throws(ClientError) in
            let states = try await connection.client.cancel(ids, scope: scope, patience: connection.patience)
            for (id, state) in zip(ids, states) { output.add(id, state) }
        }
    }
}
