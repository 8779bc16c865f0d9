import ArgumentParser
import DragomanClient

/// How to ask brokers about jobs, and how to write what they say.
package struct ReportFlags: ParsableArguments {
    @Flag(help: "Write one JSON object a job.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    /// - Returns: What was written.
    @discardableResult
    func run(
        _ work: (Connection, inout ReportOutput) async throws(ClientError) -> Void
    ) async throws(CommandError) -> ReportOutput {
        let connection = try connection.connection()
        var output = ReportOutput(json: json)
        do throws(ClientError) {
            try await work(connection, &output)
        } catch {
            throw CommandError(error)
        }
        try output.write()
        return output
    }
}
