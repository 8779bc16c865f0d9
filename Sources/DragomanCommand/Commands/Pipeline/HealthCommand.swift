package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman health`
package struct HealthCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Says by its exit status whether brokers take jobs.",
        discussion: """
            A line for each broker: on standard output if it takes jobs, else on standard error, with the reason. Made for \
            scripts and for the health checks of containers. Of a gateway, ask /livez and /readyz.

            Examples:
              dragoman health
              dragoman health --ready --timeout 2
              until dragoman health --ready; do sleep 1; done

            Exit status: 0, 64 for wrong arguments, 69 when a broker does not answer, takes no jobs, or is not ready, 74 \
            when writing fails, 76 when one refuses, 77 when the key may not ask.
            """)

    @Flag(help: "Fail too while no worker offers a model, so that jobs would wait.")
    var ready = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func run() async throws {
        let connection = try connection.connection()
        let statuses = await connection.client.statuses(patience: connection.patience)
        var failure: CommandError?
        for (broker, status) in statuses.enumerated() {
            let endpoint = connection.client.address(of: broker)
            do throws(CommandError) {
                let line = "\(endpoint): \(try summary(status, endpoint))\n"
                do throws(SystemError) {
                    try OutputFile.standardOutput.write(line)
                } catch {
                    throw CommandError(writing: error)
                }
            } catch {
                if let message = error.message { try? OutputFile.standardError.write("dragoman: \(message)\n") }
                failure = failure ?? error
            }
        }
        if let failure { throw CommandError(failure.status, nil) }
    }

    private func summary(
        _ status: Result<StatusReport, ClientError>, _ endpoint: String
    ) throws(CommandError) -> String {
        let report: StatusReport
        do throws(ClientError) {
            report = try status.get()
        } catch {
            throw CommandError(error)
        }
        switch report.readiness {
        case .refusing(let reason): throw CommandError(.unavailable, "\(endpoint): \(reason)")
        case .waiting(let reason) where ready: throw CommandError(.unavailable, "\(endpoint): \(reason)")
        case .waiting(let reason): return "takes jobs, but \(reason)"
        case .ready:
            let models = report.models.count { $0.workers > 0 }
            return "ready: \(Quantity.counted(models, "model")), \(Quantity.counted(report.queuedJobs, "job")) queued"
        }
    }
}
