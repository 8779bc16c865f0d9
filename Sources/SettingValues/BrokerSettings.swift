/// The broker's sockets and clocks.
package struct BrokerSettings: Sendable, Hashable {
    package var jobsEndpoint = "tcp://127.0.0.1:7411"
    package var workEndpoint = "tcp://127.0.0.1:7412"
    package var resultsEndpoint = "tcp://127.0.0.1:7413"
    package var feedEndpoint = "tcp://127.0.0.1:7414"
    /// nil: the only model there is.
    package var defaultModel: String?
    package var heartbeatMs = 1000
    package var workerDeadAfterMs = 5000
    package var leaseMs = 30_000
    package var resumeGraceMs = 10_000
    package var drainMs = 30_000
    package var attemptsMax = 5
    package var backoffBaseMs = 1000
    package var backoffMaxMs = 300_000
    package var chunkTokensMax = 2048
    package var clientFrameBytesMax = 1 << 20
    package var workerFrameBytesMax = 4 << 20
    package var offencesMax = 10
    package var banMs = 60_000
    /// nil: its numbers are not shown.
    package var metricsAddress: String?

    package init() {}

    /// Of any peer.
    package var frameBytesMax: Int { max(clientFrameBytesMax, workerFrameBytesMax) }
}
