/// Where to connect to when nothing else is said: what the same file has the broker bind, as this host reaches it.
extension Settings {
    package var workEndpoints: [String] {
        worker.workEndpoints.isEmpty ? [Self.local(broker.workEndpoint)] : worker.workEndpoints
    }

    package var clientJobsEndpoints: [String] {
        client.jobsEndpoints.isEmpty ? [Self.local(broker.jobsEndpoint)] : client.jobsEndpoints
    }

    package var clientResultsEndpoint: String { client.resultsEndpoint ?? Self.local(broker.resultsEndpoint) }

    private static func local(_ bound: String) -> String { Endpoint(bound).map(\.local.description) ?? bound }
}
