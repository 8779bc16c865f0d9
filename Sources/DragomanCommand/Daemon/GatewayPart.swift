import Broker
import Clocks
import DragomanClient
import Foundation
import Gateway
import Logging
import Settings
import Synchronization
import ZeroMQ

/// The gateway of this process.
final class GatewayPart: Sendable {
    private struct State {
        var server: GatewayServer?
        var desk: BrokerDesk?
        var gateway: Gateway?
        var access: Access?
        var serving: Task<Void, Never>?
        var url: String?
    }

    private let settings: Settings
    /// Whether the broker is in this process.
    private let isEmbedded: Bool
    private let logger: Logger
    private let pulse: Pulse
    private let post: @Sendable (DaemonPart, PartEvent) -> Void
    private let state = Mutex(State())

    /// How long a client's request may wait for a broker that does not answer.
    private static let patience = Duration.seconds(10)
    /// How long the last answers may take, when all else has drained.
    private static let farewell = Duration.seconds(2)

    /// - Throws: `CommandError` when the settings of the gateway cannot be used.
    init(
        _ settings: Settings, isEmbedded: Bool, logger: Logger, pulse: Pulse,
        post: @escaping @Sendable (DaemonPart, PartEvent) -> Void
    ) throws(CommandError) {
        self.settings = settings
        self.isEmbedded = isEmbedded
        self.logger = logger
        self.pulse = pulse
        self.post = post
        if let problem = settings.gatewayExposure {
            throw CommandError(.badConfiguration, "\(problem.what); \(problem.remedy)")
        }
        // With only one of them, HTTP would be served without TLS, unnoticed.
        guard (settings.gateway.certificateFile == nil) == (settings.gateway.privateKeyFile == nil) else {
            throw CommandError(
                .badConfiguration,
                "gateway.certificate_file and gateway.private_key_file: TLS needs both; set both or neither")
        }
    }

    /// Where it listens; nil: nowhere.
    var url: String? { state.withLock(\.url) }

    /// Whether the address is what it is unless somebody says otherwise.
    private var isStandard: Bool { settings.gateway.address == GatewaySettings.standardAddress }

    /// nil: no HTTP is served.
    var measures: GatewayMeasures? { state.withLock(\.gateway)?.measures }

    /// Why texts would not be translated; nil: they would.
    func unreadiness() async -> String? {
        guard let gateway = state.withLock(\.gateway) else { return "no HTTP is served" }
        return await gateway.unreadiness()
    }

    // MARK: Beside a broker

    /// - Parameter security: nil: the broker requires a key, and the gateway has none.
    func start(beside broker: Broker, _ security: Security?) throws {
        guard settings.gateway.address != nil else { return post(.gateway, .ready) }
        guard let security else {
            let problem = """
                the broker asks for keys, and the gateway has none: set access.server_public_key, and \
                access.client_secret_key_file or ~/.config/dragoman/client.key, or switch it off with --http off
                """
            guard isStandard else { throw CommandError(.badConfiguration, problem) }
            logger.warning("there is no HTTP: \(problem)")
            return post(.gateway, .ready)
        }
        var client = Client.Settings()
        client.jobsEndpoints = [Self.local(broker.endpoints.jobs)]
        client.resultsEndpoints = [Self.local(broker.endpoints.results)]
        client.bytesPerMessage = settings.broker.clientFrameBytesMax
        try serve(client, security)
    }

    private static func local(_ bound: String) -> String { Endpoint(bound)?.local.description ?? bound }

    // MARK: By itself

    func start(_ connection: ConnectionFlags) throws {
        guard settings.gateway.address != nil else {
            throw CommandError(.badConfiguration, "gateway.address is empty: say where to serve HTTP, or give --http")
        }
        let client = connection.clientSettings(settings)
        guard client.jobsEndpoints.count == client.resultsEndpoints.count else {
            throw CommandError(.usage, "the gateway needs as many endpoints for results as for jobs, in the same order")
        }
        // A broker does so itself.
        Descriptors.raiseLimit()
        try serve(client, try AccessFiles(settings: settings.access).client())
    }

    // MARK: Both

    private func serve(_ clientSettings: Client.Settings, _ security: Security) throws {
        var clientSettings = clientSettings
        clientSettings.onMove = { [logger] in logger.warning("\($0)") }
        var interpreting = Interpreter.Settings()
        interpreting.deadline = .milliseconds(settings.gateway.translationMsMax)
        interpreting.bytesPerJob = min(interpreting.bytesPerJob, settings.broker.clientFrameBytesMax / 2)
        interpreting.textsPerJob = min(interpreting.textsPerJob, settings.limits.textsPerJobMax)
        let client: Client
        do throws(ClientError) {
            client = try Client(clientSettings, security: security)
        } catch {
            throw CommandError(error)
        }
        let desk = BrokerDesk(client, patience: Self.patience, deadline: interpreting.deadline, logger: logger)
        var limits = Gateway.Settings()
        limits.charactersMaximum = settings.gateway.charactersMax
        limits.textsMaximum = settings.gateway.textsMax
        limits.servesPage = settings.gateway.page
        limits.version = Dragoman.version
        let access: Access?
        do throws(KeyRingError) {
            access = try settings.gateway.keysFile.map { (file) throws(KeyRingError) in try Access(file: file) }
        } catch {
            throw CommandError(.badConfiguration, "gateway.keys_file: \(error)")
        }
        let gateway = Gateway(
            Interpreter(desk, settings: interpreting), forms: .json { client.address(of: 0) },
            access: access, settings: limits)
        var serverSettings = GatewayServer.Settings(settings.gateway)
        serverSettings.onRefusal = { gateway.countRefusal(status: $0) }
        let server: GatewayServer
        do {
            server = try GatewayServer(serverSettings, logger: logger) { await gateway.answer($0) }
        } catch {
            throw CommandError(.badConfiguration, "gateway.certificate_file or gateway.private_key_file: \(error)")
        }
        desk.start()
        let serving = Task { await self.run(server) }
        state.withLock { state in
            state.server = server
            state.desk = desk
            state.gateway = gateway
            state.access = access
            state.serving = serving
        }
    }

    private func run(_ server: GatewayServer) async {
        let beating = Task { [pulse] in
            // On the pool that answers requests: where that hangs, no beat comes.
            while true {
                pulse.beat(of: .gateway, at: .nanoseconds(Int64(SystemClock.monotonic)))
                try await Task.sleep(for: .seconds(1))
            }
        }
        defer { beating.cancel() }
        do {
            let scheme = settings.gateway.certificateFile == nil ? "http" : "https"
            try await server.run { [self] port in
                let url = "\(scheme)://\(settings.gateway.host):\(port)"
                state.withLock { $0.url = url }
                logger.notice("HTTP is served", metadata: ["url": "\(url)"])
                post(.gateway, .ready)
            }
            post(.gateway, .drained)
        } catch let error as GatewayBindError {
            let remedy = "stop the other program, or choose another address: --http HOST:PORT, or gateway.address"
            let problem = "the gateway cannot listen on \(error)"
            // A broker that was not asked to serve HTTP runs without it.
            guard error.isInUse, isStandard, isEmbedded else {
                return post(.gateway, .failed(CommandError(.unavailable, "\(problem); \(remedy)")))
            }
            logger.warning("there is no HTTP: \(problem); \(remedy), or --http off")
            post(.gateway, .ready)
        } catch {
            post(.gateway, .failed(error))
        }
    }

    /// Takes no new connection, and answers what has been asked.
    func drain() {
        let (server, gateway) = state.withLock { ($0.server, $0.gateway) }
        guard let server else { return }
        gateway?.drain()
        server.drain()
    }

    /// The rest is answered if it can be soon, and given up otherwise.
    func stop() async {
        let (server, desk, serving) = state.withLock { ($0.server, $0.desk, $0.serving) }
        state.withLock(\.gateway)?.drain()
        guard let server, let desk, let serving else { return }
        let farewell = Task {
            try await Task.sleep(for: Self.farewell)
            desk.stop()
            serving.cancel()
        }
        server.drain()
        await serving.value
        farewell.cancel()
        desk.stop()
    }

    func reload() throws(CommandError) {
        let (server, access) = state.withLock { ($0.server, $0.access) }
        // A mistake in the one file is no reason to go on with the other as it was.
        var problems: [String] = []
        do throws(KeyRingError) {
            try access?.reload()
        } catch {
            problems.append("gateway.keys_file: \(error)")
        }
        do {
            try server?.reload()
        } catch {
            problems.append("gateway.certificate_file or gateway.private_key_file: \(error)")
        }
        guard problems.isEmpty else { throw CommandError(.badConfiguration, problems.joined(separator: "; ")) }
    }
}

extension GatewayServer.Settings {
    init(_ settings: GatewaySettings) {
        self.init()
        // An IPv6 address stands in brackets, which the system's calls do not know.
        host = settings.host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        port = settings.port
        if let certificate = settings.certificateFile, let key = settings.privateKeyFile {
            tls = GatewayServer.TLSFiles(certificate: certificate, privateKey: key)
        }
        connections = settings.connectionsMax
        bodyBytes = settings.bodyBytesMax
        arrival = .milliseconds(settings.arrivalMsMax)
    }
}
