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
              dragoman status --tenant shop
              dragoman status --json | jq .queued_jobs

            The numbers are those of all tenants with an operator's key, unless --tenant names one, and your own tenant's \
            with any other; each line says whose. Workers and models serve all tenants.

            How long jobs waited for a worker, and how long they took until they were done, is told of those of the last \
            five to ten minutes, at most a tenth too large up to 28 hours; what is longer counts as that.

            With --json, one object a broker, with the keys of the published protocol and "endpoint", and "lag_records" \
            of each consumer. Of several \
            brokers, those that answer are shown, whatever the others do.

            Exit status: 0, 64 for wrong arguments, 69 when a broker does not answer, 74 when writing fails, 76 when \
            one refuses, 77 when the key may not ask. With --watch, what a broker does not answer is said, and asked \
            again.
            """)

    @Flag(help: "Ask again and again, until interrupted.")
    var watch = false

    @Option(help: ArgumentHelp("How often, with --watch.", valueName: "seconds"))
    var interval = 2.0

    @Flag(help: "Write one JSON object a broker.")
    var json = false

    @OptionGroup(title: "Tenants")
    var tenants: TenantFlags

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
            let (bytes, errors) = await report(connection)
            // From the top of the screen, and what was below goes away.
            let clearing = watch && output.isTerminal && !json ? Array("\u{1B}[H\u{1B}[2J".utf8) : []
            do throws(SystemError) {
                try output.write(clearing + bytes)
            } catch {
                throw CommandError(writing: error)
            }
            let failures = errors.map { CommandError($0) }
            for case let message? in failures.map(\.message) {
                try? OutputFile.standardError.write("dragoman: \(message)\n")
            }
            if watch {
                try await Task.sleep(for: .seconds(interval))
            } else if let failure = failures.first {
                throw CommandError(failure.status, nil)
            }
        } while watch
    }

    /// Asks all brokers at once, so that one that does not answer keeps nobody from the others.
    private func report(_ connection: Connection) async -> (bytes: [UInt8], errors: [ClientError]) {
        let statuses = await connection.client.statuses(scope: tenants.scope, patience: connection.patience)
        var bytes: [UInt8] = []
        var errors: [ClientError] = []
        for (broker, status) in statuses.enumerated() {
            let endpoint = connection.client.address(of: broker)
            switch status {
            case .failure(let error): errors.append(error)
            case .success(let report) where json:
                var text = JSONText()
                text.status(report, endpoint: endpoint)
                bytes += text.bytes + [UInt8(ascii: "\n")]
            case .success(let report):
                bytes += Array(((bytes.isEmpty ? "" : "\n") + StatusText(report, endpoint: endpoint).text).utf8)
            }
        }
        return (bytes, errors)
    }
}
