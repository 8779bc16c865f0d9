import ArgumentParser
import DragomanClient
import Foundation

/// The flags that say where brokers are, for every command that talks to one.
package struct ConnectionFlags: ParsableArguments {
    /// Where what is not given on the command line comes from.
    private static let jobsVariable = "DRAGOMAN_CLIENT_JOBS_ENDPOINTS"
    private static let resultsVariable = "DRAGOMAN_CLIENT_RESULTS_ENDPOINT"
    private static let timeoutVariable = "DRAGOMAN_CLIENT_TIMEOUT_MS"

    @Option(
        name: .customLong("jobs-endpoint"),
        help: ArgumentHelp(
            "A broker's socket for jobs; several of several brokers. (default: tcp://127.0.0.1:7411)",
            valueName: "endpoint"))
    var jobsEndpoints: [String] = []

    @Option(
        name: .customLong("results-endpoint"),
        help: ArgumentHelp(
            "A broker's socket for results; several of several brokers. (default: tcp://127.0.0.1:7413)",
            valueName: "endpoint"))
    var resultsEndpoints: [String] = []

    @Option(
        help: ArgumentHelp("How long to wait while no broker answers. (default: 60)", valueName: "seconds"))
    var timeout: Double?

    package init() {}

    package func validate() throws {
        if let timeout, !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout must be above 0, not \(timeout)")
        }
    }

    package func settings(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Client.Settings {
        var settings = Client.Settings()
        func choose(_ given: [String], _ variable: String, _ unless: [String]) -> [String] {
            if !given.isEmpty { return given }
            let listed = (environment[variable] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return listed.isEmpty ? unless : listed
        }
        settings.jobsEndpoints = choose(jobsEndpoints, Self.jobsVariable, settings.jobsEndpoints)
        settings.resultsEndpoints = choose(resultsEndpoints, Self.resultsVariable, settings.resultsEndpoints)
        return settings
    }

    package func patience(environment: [String: String] = ProcessInfo.processInfo.environment) -> Duration {
        if let timeout { return .seconds(timeout) }
        return environment[Self.timeoutVariable].flatMap(Int.init).map { .milliseconds($0) } ?? Client.patience
    }

    func client() throws(CommandError) -> Client {
        do throws(ClientError) {
            return try Client(settings())
        } catch {
            throw CommandError(error)
        }
    }
}

extension CommandError {
    package init(_ error: ClientError) {
        let status: ExitStatus =
            switch error.code {
            case .noAnswer: .unavailable
            case .connection: .usage
            case .fault where error.fault?.code == .forbidden: .forbidden
            default: .refused
            }
        self.init(status, error.message)
    }
}
