package import ArgumentParser
import Broker
import Foundation
import Settings

/// `dragoman serve`
package struct Serve: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Runs a broker, a worker and a gateway for HTTP in one process.",
        discussion: """
            Without any argument: the English-French demo model on all cores, sockets that only this machine can \
            reach, and jobs and results in the state directory ($STATE_DIRECTORY, /var/lib/dragoman for root, \
            otherwise ~/.local/state/dragoman). HTTP is served on 127.0.0.1:5000, see dragoman gateway --help. SIGTERM and Ctrl-C finish what has begun; what is queued is there at \
            the next start. So does the end of its terminal; under nohup or systemd, SIGHUP reads the configuration \
            again.

            Examples:
              dragoman serve
              dragoman serve --model opus-mt-en-de --state-directory /tmp/state
              dragoman serve --http 127.0.0.1:8080
              dragoman serve --http off
              dragoman submit news.txt --wait

            Exit status: 0, 64 for wrong arguments, 69 when another broker has the endpoints or the state directory, \
            70 when it cannot go on, 74 when writing fails (to the job store's disk: look at the disk before the next \
            start), 78 for a wrong configuration.
            """
    )

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    @Option(
        help: ArgumentHelp(
            """
            A model's folder, offered by the folder's name, or the name of a pulled model, offered by its last part; may \
            be repeated. (default: the configuration's models)
            """, valueName: "dir"),
        completion: .directory)
    var model: [String] = []

    @Option(help: ArgumentHelp("Where jobs and results are kept.", valueName: "dir"), completion: .directory)
    var stateDirectory: String?

    @Option(
        help: ArgumentHelp(
            "Processor cores to compute on. (default: all, or as many as a CPU quota grants)", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Where HTTP is served, or off. (default: the configuration's, 127.0.0.1:5000)", valueName: "host:port"))
    var http: String?

    package init() {}

    package func validate() throws {
        try GatewayCommand.check(http, orOff: true)
        if let threads, threads < 1 { throw ValidationError("--threads must be 1 or more, not \(threads)") }
    }

    package func run() async throws {
        let (model, stateDirectory, threads, http) = (model, stateDirectory, threads, http)
        let daemon = Daemon(parts: [.broker, .worker, .gateway], configuration: configuration) { settings in
            if let http { settings.gateway.address = http == "off" ? nil : http }
            if !model.isEmpty { settings.models = model.map(ModelSettings.init(directory:)) }
            if let stateDirectory { settings.store.directory = stateDirectory }
            if let threads { settings.worker.threads = threads }
        } announce: { settings, running in
            guard let broker = running.broker else { return }
            do throws(SystemError) {
                try OutputFile.standardOutput.write(Self.welcome(broker, settings, running.gatewayURL))
            } catch {
                throw CommandError(writing: error)
            }
        }
        try await daemon.run()
    }

    private static func welcome(_ broker: Broker, _ settings: Settings, _ gateway: String?) -> String {
        let http = gateway.map { "\n  HTTP               \($0)" } ?? ""
        return """
            dragoman serves \(settings.models.map(\.name).joined(separator: ", "))
              submit jobs to     \(broker.endpoints.jobs)
              read results from  \(broker.endpoints.results)
              observe at         \(broker.endpoints.feed)
              further workers    \(broker.endpoints.work)\(http)

            """
    }
}

/// `dragoman broker`
package struct BrokerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Keeps jobs and results, and leases jobs to workers.",
        discussion: """
            SIGTERM waits for what is being translated, up to broker.drain_ms. SIGHUP reads the configuration again; \
            of a broker on a terminal it does what SIGTERM does.

            Example:
              dragoman broker --config /etc/dragoman/dragoman.yaml

            Exit status: as of dragoman serve.
            """
    )

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    package init() {}

    package func run() async throws {
        try await Daemon(parts: [.broker], configuration: configuration) { _ in
        } announce: { _, _ in
        }.run()
    }
}

/// `dragoman worker`
package struct WorkerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Translates what brokers lease to it.",
        discussion: """
            SIGTERM finishes what has begun, up to worker.drain_ms, and hands the rest back. SIGHUP reads the \
            configuration again; of a worker on a terminal it does what SIGTERM does.

            Examples:
              dragoman worker --config /etc/dragoman/dragoman.yaml --instance 1
              DRAGOMAN_WORKER_WORK_ENDPOINT=tcp://broker:7412,tcp://standby:7412 dragoman worker
              DRAGOMAN_WORKER_WORK_ENDPOINTS=tcp://broker1:7412,tcp://broker2:7412 dragoman worker

            The second names one broker, at whichever of the addresses it is; the third works for two brokers, which \
            have a store each.

            Exit status: 0, 64 for wrong arguments, 70 when it cannot go on, 78 for a wrong configuration.
            """
    )

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    @Option(
        help: ArgumentHelp(
            "What tells this worker from others. (default: worker.instance, or the host's name and a number)",
            valueName: "name"))
    var instance: String?

    package init() {}

    package func run() async throws {
        let instance = instance
        let daemon = Daemon(parts: [.worker], configuration: configuration) { settings in
            if let instance { settings.worker.instance = instance }
        } announce: { _, _ in
        }
        try await daemon.run()
    }
}

extension ModelSettings {
    /// A folder, by its own name.
    init(directory: String) {
        self.init(name: URL(filePath: directory).standardizedFileURL.lastPathComponent)
        self.directory = directory
        preload = true
    }
}
