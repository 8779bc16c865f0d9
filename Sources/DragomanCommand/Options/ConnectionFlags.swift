import ArgumentParser
package import DragomanClient
package import Settings
import ZeroMQ

/// The flags that say where brokers are, for every command that talks to one.
package struct ConnectionFlags: ParsableArguments {
    @Option(
        name: .customLong("jobs-endpoint"),
        help: ArgumentHelp(
            """
            A broker's socket for jobs. Of a broker with standbys, name those of all, with commas between. May be \
            repeated, for brokers with a store each. (default: the configuration's, tcp://127.0.0.1:7411)
            """, valueName: "endpoint"))
    var jobsEndpoints: [String] = []

    @Option(
        name: .customLong("results-endpoint"),
        help: ArgumentHelp(
            """
            A broker's socket for results, or those of a broker and its standbys; may be repeated. (default: the \
            configuration's, tcp://127.0.0.1:7413)
            """, valueName: "endpoint"))
    var resultsEndpoints: [String] = []

    @Option(
        help: ArgumentHelp(
            "How long to wait while no broker answers. (default: the configuration's, 60)", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup
    var configuration: ConfigurationFlags

    package init() {}

    package func validate() throws {
        if let timeout, !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout must be above 0, and at most 1000000, not \(timeout)")
        }
        for (flag, endpoints) in [("--jobs-endpoint", jobsEndpoints), ("--results-endpoint", resultsEndpoints)] {
            for text in endpoints {
                do throws(BrokerAddresses.Invalid) { _ = try BrokerAddresses(text) } catch {
                    throw ValidationError("\(flag): \(error)")
                }
            }
        }
    }

    /// - Throws: `CommandError` when the configuration cannot be used.
    func connection() throws(CommandError) -> Connection {
        let settings = try configuration.settings(for: [.client])
        let security = try AccessFiles(settings: settings.access).client()
        do throws(ClientError) {
            var chosen = clientSettings(settings)
            chosen.onMove = { move in
                try? OutputFile.standardError.write("\(ProgressLine.erasureOnTerminal)dragoman: \(move)\n")
            }
            let client = try Client(chosen, security: security)
            return Connection(client: client, patience: patience(settings))
        } catch {
            throw CommandError(error)
        }
    }

    package func clientSettings(_ settings: Settings) -> Client.Settings {
        var chosen = Client.Settings()
        chosen.jobsEndpoints = jobsEndpoints.isEmpty ? settings.clientJobsEndpoints : jobsEndpoints
        chosen.bytesPerMessage = settings.broker.clientFrameBytesMax
        chosen.resultsEndpoints = resultsEndpoints.isEmpty ? [settings.clientResultsEndpoint] : resultsEndpoints
        return chosen
    }

    package func patience(_ settings: Settings) -> Duration {
        timeout.map { .seconds($0) } ?? .milliseconds(settings.client.timeoutMs)
    }
}

/// A client, and how long its user waits.
struct Connection: Sendable {
    let client: Client
    let patience: Duration
}

extension CommandError {
    package init(_ error: ClientError) {
        let status: ExitStatus =
            switch error.code {
            case .noAnswer: .unavailable
            case .connection: .usage
            case .accessDenied: .forbidden
            case .fault where error.fault?.code == .forbidden: .forbidden
            default: .refused
            }
        // It may quote what someone else has chosen.
        self.init(status, ControlCharacters.escaped(error.message))
    }
}
