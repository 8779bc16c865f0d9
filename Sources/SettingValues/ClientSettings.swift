/// How commands reach a broker.
package struct ClientSettings: Sendable, Hashable {
    /// Empty: the broker's own. See `Settings.clientJobsEndpoints`.
    package var jobsEndpoints: [String] = []
    /// nil: the broker's own. See `Settings.clientResultsEndpoint`.
    package var resultsEndpoint: String?
    package var timeoutMs = 60_000

    package init() {}
}
