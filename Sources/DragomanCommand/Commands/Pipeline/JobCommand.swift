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

            Exit status: 0, 1 when a broker has no such job (any more), 64 for wrong
            arguments, 69 when no broker answers, 74 when writing fails, 76 when one
            refuses, 77 when the key may not ask.
            """)

    @Argument(help: ArgumentHelp("32 hexadecimal digits, or a UUID.", valueName: "id"), transform: JobID.argument)
    var ids: [JobID]

    @Flag(help: "Write one JSON object a job.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func run() async throws {
        let connection = try connection.connection()
        var output = ReportOutput(json: json)
        do throws(ClientError) {
            for id in ids { output.add(try await connection.client.job(id, patience: connection.patience)) }
        } catch {
            throw CommandError(error)
        }
        try output.write()
        if output.hasUnknown { throw CommandError(.requestsFailed, nil) }
    }
}

extension JobID {
    @Sendable static func argument(_ text: String) throws -> JobID {
        guard let id = JobID(text) else { throw ValidationError("a job's id is 32 hexadecimal digits, or a UUID") }
        return id
    }
}
