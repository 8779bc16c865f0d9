import Broker
import Clocks
import Foundation
import JobStore
import Logging
import Settings
import Systemd
import Worker
import ZeroMQ

/// The broker, the worker and the gateway of this process, as far as they are wanted.
struct RunningParts {
    private(set) var broker: Broker?
    private var worker: Worker?
    private var gateway: GatewayPart?
    private var metrics: MetricsPart?
    /// Shown by who has begun it.
    private let sharedMetrics: MetricsPart?
    private var working: Task<Void, Never>?
    private let settings: Settings
    private let configuration: ConfigurationFlags
    private let connection: ConnectionFlags?
    private let environment: [String: String]
    private let logger: Logger
    private let pulse: Pulse
    private let post: @Sendable (DaemonPart, PartEvent) -> Void

    init(
        settings: Settings, configuration: ConfigurationFlags, connection: ConnectionFlags?,
        environment: [String: String], logger: Logger, pulse: Pulse, metrics: MetricsPart? = nil,
        post: @escaping @Sendable (DaemonPart, PartEvent) -> Void
    ) {
        sharedMetrics = metrics
        self.settings = settings
        self.configuration = configuration
        self.connection = connection
        self.environment = environment
        self.logger = logger
        self.pulse = pulse
        self.post = post
    }

    /// - Parameter store: The broker's; nil: there is no broker.
    mutating func start(_ parts: Set<DaemonPart>, on store: BrokerStore?) throws {
        // One context a process: a worker beside its broker reaches it through memory.
        let context = try Context()
        let isEmbedded = parts.isSuperset(of: [.broker, .worker])
        if let store { broker = try startBroker(on: store, isEmbedded: isEmbedded, context) }
        if parts.contains(.worker) { try startWorker(isEmbedded: isEmbedded, context) }
        if parts.contains(.gateway) { try startGateway() }
        let shown = MetricsPart.Parts(broker: broker, worker: worker, gateway: gateway)
        sharedMetrics?.show(shown)
        guard sharedMetrics == nil, let address = MetricsPart.address(for: parts, settings) else { return }
        let metrics = try MetricsPart(at: address, of: shown, settings, logger: logger)
        self.metrics = metrics
        let part = DaemonPart.main(of: parts)
        metrics.start { [post] in post(part, .failed($0)) }
    }

    /// Finishes what has begun. A broker in this process tells its worker.
    func drain() {
        gateway?.drain()
        if let broker { broker.drain() } else { worker?.drain() }
    }

    /// The names of the models that the worker can load.
    var offeredModels: [String] { worker?.offeredModels ?? [] }

    /// Whether nothing is left to wait for, when a part has drained.
    func isDone(after part: DaemonPart) -> Bool {
        switch part {
        case .broker: true
        case .worker: broker == nil
        case .gateway: broker == nil && worker == nil
        }
    }

    /// Where the gateway listens, as a URL; nil: nowhere.
    var gatewayURL: String? { gateway?.url }

    /// The gateway first, which needs the broker for its last answers. Then the worker: so it can still say GOODBYE, and
    /// what it had is no suspect.
    mutating func stop() async throws {
        await metrics?.stop()
        metrics = nil
        await gateway?.stop()
        gateway = nil
        working?.cancel()
        // One that still loads a model has nothing to say, and is not waited for.
        if let worker, worker.status.brokers > 0 { await working?.value }
        working = nil
        let broker = broker
        self.broker = nil
        try broker?.stop()
    }

    /// - Throws: `CommandError` with all that could not be taken over; the rest is.
    func reload(_ settings: Settings) throws(CommandError) {
        // A mistake in the files of the one is no reason to go on with the other as it was.
        var problems: [CommandError] = []
        func attempt(_ part: () throws(CommandError) -> Void) {
            do throws(CommandError) { try part() } catch { problems.append(error) }
        }
        // Who may see and do what goes first.
        attempt { () throws(CommandError) in try (metrics ?? sharedMetrics)?.reload(settings) }
        attempt { () throws(CommandError) in
            broker?.reconfigure(try BrokerConfiguration(settings, isEmbedded: worker != nil))
        }
        worker?.reload(
            WorkerConfiguration(settings, endpoints: [], security: .none, environment: environment))
        attempt { () throws(CommandError) in try gateway?.reload() }
        guard let first = problems.first else { return }
        throw CommandError(first.status, problems.compactMap(\.message).joined(separator: "; "))
    }

    private func startBroker(on store: BrokerStore, isEmbedded: Bool, _ context: Context) throws -> Broker {
        do {
            return try Broker(
                try BrokerConfiguration(settings, isEmbedded: isEmbedded), store: store.store, context: context,
                logger: logger, freeBytes: store.freeBytes, onTurn: turned)
        } catch {
            store.giveBack()
            switch error {
            case let error as ZeroMQError: throw CommandError(.unavailable, "the broker cannot listen: \(error)")
            case let error as StoreError: throw error
            case let error as CommandError: throw error
            default: throw CommandError(.badConfiguration, "\(error)")
            }
        }
    }

    private mutating func startGateway() throws {
        let gateway = try GatewayPart(settings, isEmbedded: broker != nil, logger: logger, pulse: pulse, post: post)
        if let broker {
            try gateway.start(beside: broker, try embeddedSecurity())
        } else if let connection {
            try gateway.start(connection)
        }
        self.gateway = gateway
    }

    /// How the gateway beside a broker connects to it: with keys where the broker asks for them.
    ///
    /// - Returns: nil when it has none.
    private func embeddedSecurity() throws(CommandError) -> Security? {
        guard settings.access.serverSecretKeyFile != nil else { return Security.none }
        let access = configuration.report(for: [.gateway]).settings.access
        guard access.clientSecretKeyFile != nil else { return nil }
        let security = try AccessFiles(settings: access).client()
        if case .none = security { return nil }
        return security
    }

    private var turned: @Sendable (BrokerTurn) -> Void {
        let (post, pulse) = (post, pulse)
        return { turn in
            switch turn {
            case .worked: pulse.beat(of: .broker, at: .nanoseconds(Int64(SystemClock.monotonic)))
            case .ready: post(.broker, .ready)
            case .refusing(let reason): post(.broker, .refusing(reason))
            case .drained: post(.broker, .drained)
            case .failed(let error): post(.broker, .failed(error))
            }
        }
    }

    private mutating func startWorker(isEmbedded: Bool, _ context: Context) throws {
        let endpoints = isEmbedded ? [BrokerConfiguration.embeddedWorkEndpoint] : settings.workEndpoints
        let security = isEmbedded ? Security.none : try AccessFiles(settings: settings.access).client()
        let configuration = WorkerConfiguration(
            settings, endpoints: endpoints, security: security, environment: environment)
        let worker: Worker
        do {
            let report = WorkerLog(logger: logger, pulse: pulse, post: post)
            worker = try Worker(
                configuration, context: context, seed: .random(in: .min ... .max), report: report.take)
        } catch {
            throw CommandError(.badConfiguration, "\(error)")
        }
        self.worker = worker
        let post = post
        working = Task {
            do {
                try await worker.run()
                post(.worker, .drained)
            } catch {
                post(.worker, .failed(error))
            }
        }
    }
}

extension CommandError {
    /// What someone must mend is told from what passes: after the former, systemd does not try again.
    init(_ error: StoreError) {
        let status: ExitStatus =
            switch error.code {
            case .diskFailed: .inputOutput
            case .readOnly, .incompatible, .damaged, .corrupt, .notDurable: .badConfiguration
            default: .unavailable
            }
        self.init(status, "\(error)")
    }
}

extension StoreSettings {
    /// Where the store is.
    func folder(environment: [String: String]) throws(CommandError) -> String {
        do {
            return try directory ?? Directories.state(environment: environment, isRoot: geteuid() == 0)
        } catch {
            throw CommandError(.badConfiguration, "\(error)")
        }
    }
}
