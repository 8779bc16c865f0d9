package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman status`
package struct StatusCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows what brokers do: queue, workers, models, consumers.",
        discussion: """
            Examples:
              dragoman status
              dragoman status --watch
              dragoman status --json | jq .queued_jobs

            With --json, one object a broker, with the keys of the published protocol and
            "endpoint".

            Exit status: 0, 64 for wrong arguments, 69 when a broker does not answer, 74
            when writing fails, 76 when one refuses, 77 when the key may not ask.
            """)

    @Flag(help: "Ask again and again, until interrupted.")
    var watch = false

    @Option(help: ArgumentHelp("How often, with --watch.", valueName: "seconds"))
    var interval = 2.0

    @Flag(help: "Write one JSON object a broker.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func validate() throws {
        guard (0.1...86_400).contains(interval) else {
            throw ValidationError("--interval must be 0.1 to 86400, not \(interval)")
        }
    }

    package func run() async throws {
        let connection = try connection.connection()
        let output = OutputFile.standardOutput
        repeat {
            let bytes = try await report(connection)
            // From the top of the screen, and what was below goes away.
            let clearing = watch && output.isTerminal && !json ? Array("\u{1B}[H\u{1B}[2J".utf8) : []
            do throws(SystemError) {
                try output.write(clearing + bytes)
            } catch {
                throw CommandError(writing: error)
            }
            if watch { try await Task.sleep(for: .seconds(interval)) }
        } while watch
    }

    private func report(_ connection: Connection) async throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(ClientError) {
            for (broker, endpoint) in connection.client.settings.jobsEndpoints.enumerated() {
                let report = try await connection.client.status(of: broker, patience: connection.patience)
                if json {
                    var text = JSONText()
                    text.status(report, endpoint: endpoint)
                    bytes += text.bytes + [UInt8(ascii: "\n")]
                } else {
                    bytes += Array(StatusText(report, endpoint: endpoint).text.utf8)
                }
            }
        } catch {
            throw CommandError(error)
        }
        return bytes
    }
}
