internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import SettingValues
internal import Synchronization

/// Listens, and hands each request, once it has come whole, to `answer`.
package final class GatewayServer: Sendable {
    package struct TLSFiles: Sendable, Hashable {
        /// PEM, the server's own first.
        package var certificate: String
        package var privateKey: String

        package init(certificate: String, privateKey: String) {
            self.certificate = certificate
            self.privateKey = privateKey
        }
    }

    package struct Settings: Sendable {
        package var host = GatewaySettings().host
        /// 0: any that is free.
        package var port = GatewaySettings().port
        package var tls: TLSFiles?
        package var connections = GatewaySettings().connectionsMax
        package var bodyBytes = GatewaySettings().bodyBytesMax
        /// Of all bodies together.
        package var heldBytes = 64 << 20
        /// How long a request may take to arrive.
        package var arrival = Duration.milliseconds(GatewaySettings().arrivalMsMax)
        /// How long a connection may wait for its next request, and for the head of its first.
        package var idle = Duration.seconds(60)
        /// How long a client may take to read an answer, or one event of a stream.
        package var delivery = Duration.seconds(60)
        package var threads = 2
        /// Where each request is logged.
        package var logLevel = Logger.Level.info
        /// What makes `bodyBytes` more, for people; nil: nothing does.
        package var bodyBytesName: String? = "gateway.body_bytes_max"
        /// Told the status of each request that is turned away without being asked for its answer.
        package var onRefusal: @Sendable (Int) -> Void = { _ in }

        package init() {}
    }

    package typealias Answer = @Sendable (WebRequest) async -> WebResponse

    private let settings: Settings
    private let answer: Answer
    private let logger: Logger
    private let tls: TLSContext?
    private let server: Mutex<Server<GatewayChannel>?>

    /// - Throws: When the certificate or its key cannot be used.
    package init(_ settings: Settings, logger: Logger, answer: @escaping Answer) throws {
        self.settings = settings
        self.logger = logger
        self.answer = answer
        tls = try settings.tls.map(TLSContext.init)
        server = Mutex(nil)
    }

    /// Serves until it has drained.
    ///
    /// - Parameter onListening: Called with the port.
    /// - Throws: `GatewayBindError` when it cannot listen.
    package func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let ledger = ConnectionLedger(connections: settings.connections, bytes: settings.heldBytes)
        let exchange = Exchange(settings: settings, ledger: ledger, logger: logger, answer: answer)
        let (arrival, onRefusal) = (TimeAmount(settings.arrival), settings.onRefusal)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGate(ledger, arrival: arrival, onRefusal: onRefusal)],
            idleTimeout: TimeAmount(settings.idle))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        let base = HTTP1Channel(responder: exchange.respond, configuration: configuration)
        // The caller reports problems with listening; errors of connections are the clients'.
        let quiet = Logger(label: "dragoman.http") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads)
        let server = Server(
            childChannelSetup: GatewayChannel(base: base, tls: tls),
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                // Those above the limit are told so; beyond that, the kernel's queue is where they wait.
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connections + Self.refusedAtOnce, logger: quiet)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: group, logger: quiet)
        self.server.withLock { $0 = server }
        let outcome: Result<Void, any Error>
        do {
            try await server.run()
            outcome = .success(())
        } catch let error as IOError {
            outcome = .failure(GatewayBindError(settings.host, settings.port, error.errnoCode))
        } catch {
            outcome = .failure(error)
        }
        try? await group.shutdownGracefully()
        try outcome.get()
    }

    private static let refusedAtOnce = 256

    /// Takes no new connection; `run` ends when the requests that have begun are answered.
    package func drain() {
        guard let server = server.withLock({ $0 }) else { return }
        // That it has shut down is told on an event loop, which may have ended with `run` by then: a second caller would wait
        // for it without end. Hence `run` is what is waited for.
        Task { try? await server.shutdownGracefully() }
    }

    /// Reads the certificate again.
    package func reload() throws { try tls?.reload() }
}
