import ZeroMQ

/// Makes channels, and remembers what connections have come to. Belongs to the client's thread.
final class ChannelMaker {
    private let context: Context
    private let security: Security
    /// By endpoint.
    private var diagnoses: [String: ConnectionDiagnosis] = [:]

    init(_ context: Context, _ security: Security) {
        self.context = context
        self.security = security
    }

    /// Each connection is tried with each of them.
    var serverKeyCount: Int { max(security.serverKeyCount, 1) }

    func channel(
        to endpoint: String, tellsUnreachable: Bool, _ poller: inout Poller
    ) throws(ZeroMQError) -> Channel {
        try Channel(
            to: endpoint, in: context, security: security, tellsUnreachable: tellsUnreachable, poller: &poller)
    }

    /// What is wrong, as far as this report of a connection to the endpoint shows it.
    func problem(in report: ConnectionMonitor.Report, at endpoint: String) -> ConnectionProblem? {
        let usesKeys = security.usesKeys
        return diagnoses[endpoint, default: ConnectionDiagnosis(usesKeys: usesKeys)].problem(in: report)
    }
}
