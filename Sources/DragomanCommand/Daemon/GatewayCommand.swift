package import ArgumentParser
import Settings

/// `dragoman gateway`
package struct GatewayCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Serves translations over HTTP, for a broker.",
        discussion: """
            It speaks LibreTranslate's interface (/translate and the like), DeepL's (/v2/translate) and Google's \
            (/language/translate/v2), so that their clients work unchanged. A browser is shown a page to translate with, \
            and at /operate one to look at the broker with. Jobs and their results are under /v1, which \
            /v1/openapi.json describes; /livez and /readyz say how it is. Each text is a job of the broker's, before \
            those of lower priority. dragoman serve has a gateway of its own; this one serves a broker elsewhere. \
            SIGTERM answers what has been asked; SIGHUP reads the keys and the certificate again.

            Examples:
              dragoman gateway
              dragoman gateway --http 127.0.0.1:8080 --jobs-endpoint tcp://broker1:7411 --results-endpoint tcp://broker1:7413
              curl http://127.0.0.1:5000/translate -d q=Hello -d source=en -d target=fr

            Exit status: 0, 64 for wrong arguments, 69 when another program has the address, 70 when it cannot go on, \
            78 for a wrong configuration.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where HTTP is served. (default: the configuration's, 127.0.0.1:5000)", valueName: "host:port"))
    var http: String?

    @OptionGroup(title: "Broker")
    var connection: ConnectionFlags

    package init() {}

    package func validate() throws { try Self.check(http, orOff: false) }

    package func run() async throws {
        let http = http
        let daemon = Daemon(
            parts: [.gateway], connection: connection, configuration: connection.configuration
        ) { settings in
            if let http { settings.gateway.address = http }
        } announce: { _, running in
            guard let url = running.gatewayURL else { return }
            do throws(SystemError) {
                try OutputFile.standardOutput.write("dragoman serves \(url)\n")
            } catch {
                throw CommandError(writing: error)
            }
        }
        try await daemon.run()
    }

    static func check(_ http: String?, orOff: Bool) throws {
        guard let http, !(orOff && http == "off"), http.contains("*") || Endpoint("tcp://\(http)") == nil else {
            return
        }
        throw ValidationError("--http must be HOST:PORT\(orOff ? " or off" : ""), not \(http)")
    }
}
