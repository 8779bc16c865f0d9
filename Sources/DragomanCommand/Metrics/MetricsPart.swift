import Broker
import Dispatching
import Foundation
import Gateway
import JobModel
import Logging
import Measures
import Settings
import Synchronization
import Worker

/// Shows the numbers of all parts of this process to who watches it.
///
/// A process has one place for them: its broker's, or else its worker's, or else its gateway's.
final class MetricsPart: Sendable {
    struct Parts: Sendable {
        var broker: Broker?
        var worker: Worker?
        var gateway: GatewayPart?
        /// Why there is no broker yet, where there is to be one.
        var standby: (@Sendable () -> String)?

        fileprivate var names: [String] {
            [
                broker.map { _ in "broker" }, standby.map { _ in "broker" }, worker.map { _ in "worker" },
                gateway.map { _ in "gateway" },
            ]
            .compactMap(\.self)
        }
    }

    private let desk: MetricsDesk
    private let shown: Shown
    private let server: GatewayServer
    private let logger: Logger
    private let serving = Mutex<Task<Void, Never>?>(nil)

    /// How long a broker's thread may take to answer: it may be at work on much.
    private static let patience = Duration.seconds(5)
    /// How long a worker that seems dead gets to show that it is not.
    private static let reprieve = Duration.seconds(1)
    /// How long the last answer may take, when all else has ended.
    private static let farewell = Duration.seconds(1)

    /// - Returns: nil when there is no place.
    static func address(for parts: Set<DaemonPart>, _ settings: Settings) -> String? {
        if parts.contains(.broker) { return settings.broker.metricsAddress }
        if parts.contains(.worker) { return settings.worker.metricsAddress }
        return settings.gateway.metricsAddress
    }

    init(at address: String, of parts: Parts, _ settings: Settings, logger: Logger) throws(CommandError) {
        self.logger = logger
        let shown = Shown(parts)
        self.shown = shown
        let desk = MetricsDesk(
            Self.sources(shown), contentType: Exposition.contentType,
            token: try AccessFiles(settings: settings.access).metricsToken())
        self.desk = desk
        var place = GatewaySettings()
        place.address = address
        var serverSettings = GatewayServer.Settings()
        serverSettings.host = place.host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        serverSettings.port = place.port
        serverSettings.connections = 64
        serverSettings.bodyBytes = 4096
        serverSettings.bodyBytesName = nil
        serverSettings.heldBytes = 64 * 4096
        serverSettings.arrival = .seconds(5)
        // One that scrapes less often connects again, and what is forgotten takes no place from others.
        serverSettings.idle = .seconds(20)
        serverSettings.delivery = .seconds(10)
        serverSettings.threads = 1
        serverSettings.logLevel = .debug
        do {
            server = try GatewayServer(serverSettings, logger: logger) { await desk.answer($0) }
        } catch {
            throw CommandError(.badConfiguration, "metrics cannot be served: \(error)")
        }
    }

    /// - Parameter fail: Called when it cannot listen.
    func start(_ fail: @escaping @Sendable (CommandError) -> Void) {
        let task = Task { [server, logger] in
            do {
                try await server.run { port in
                    logger.notice("metrics are served", metadata: ["port": "\(port)"])
                }
            } catch {
                fail(
                    CommandError(
                        .unavailable,
                        "metrics cannot be served on \(error); stop the other program, or choose another "
                            + "metrics_address"))
            }
        }
        serving.withLock { $0 = task }
    }

    func stop() async {
        guard let serving = serving.withLock({ $0.take() }) else { return }
        let farewell = Task {
            try await Task.sleep(for: Self.farewell)
            serving.cancel()
        }
        server.drain()
        await serving.value
        farewell.cancel()
    }

    /// Reads the secret again.
    func reload(_ settings: Settings) throws(CommandError) {
        desk.replaceToken(with: try AccessFiles(settings: settings.access).metricsToken())
    }

    /// From now on, the numbers of these.
    func show(_ parts: Parts) { shown.parts = parts }

    /// What is shown, which changes when a broker that stood by begins to serve.
    private final class Shown: Sendable {
        private let state: Mutex<Parts>

        init(_ parts: Parts) { state = Mutex(parts) }

        var parts: Parts {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    private static func sources(_ shown: Shown) -> MetricsDesk.Sources {
        MetricsDesk.Sources(
            page: { await page(shown.parts) },
            death: {
                let parts = shown.parts
                if let broker = parts.broker, await broker.figures(within: patience) == nil { return silence }
                guard let worker = parts.worker, worker.status.death != nil else { return nil }
                // All threads of a process that was stopped go on at the same time: the worker's gets a moment for it.
                try? await Task.sleep(for: reprieve)
                return worker.status.death
            },
            unreadiness: {
                let parts = shown.parts
                if let broker = parts.broker {
                    guard let figures = await broker.figures(within: patience) else { return silence }
                    return figures.measures.status.readiness.reason
                }
                if let worker = parts.worker { return worker.measures.unreadiness }
                if let standby = parts.standby { return standby() }
                return await parts.gateway?.unreadiness()
            })
    }

    private static let silence = "the broker's thread has not answered for \(patience.components.seconds) s"

    private static func page(_ parts: Parts) async -> String? {
        var page = Exposition()
        page.add(
            .gauge, "dragoman_build_info", "What runs here.",
            [.init(.whole(1), ["version": Dragoman.version, "parts": parts.names.joined(separator: ",")])])
        if parts.broker != nil || parts.standby != nil {
            page.add(
                .gauge, "dragoman_standby",
                "1: another broker has the store, or it cannot be reached; 0: this one serves.",
                [.init(.whole(parts.standby == nil ? 0 : 1), [:])])
        }
        if let process = ProcessFigures.current() { page.add(process) }
        if let broker = parts.broker {
            guard let figures = await broker.figures(within: patience) else { return nil }
            page.add(figures)
        }
        if let worker = parts.worker { page.add(worker.measures) }
        if let measures = parts.gateway?.measures { page.add(measures) }
        return page.text
    }
}
