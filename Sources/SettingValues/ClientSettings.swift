/// How commands reach a broker.
package struct ClientSettings: Sendable, Hashable {
    /// One broker's addresses. Empty: the broker's own, or `jobsEndpoints`. See `Settings.clientJobsEndpoints`.
    package var jobsEndpoint: [String] = []
    /// Several brokers'.
    package var jobsEndpoints: [String] = []
    /// One broker's addresses. Empty: the broker's own. See `Settings.clientResultsEndpoint`.
    package var resultsEndpoint: [String] = []
    package var timeoutMs = 60_000

    package init() {}
}
