import Addresses

/// Where to connect to when nothing else is said: what the same file has the broker bind, as this host reaches it.
///
/// Each is one broker's: its address, or several with commas between.
extension Settings {
    package var workEndpoints: [String] {
        Self.brokers(worker.workEndpoint, worker.workEndpoints, or: broker.workEndpoint)
    }

    /// The same for people.
    package var workBrokers: String {
        workEndpoints.map { (try? BrokerAddresses($0))?.description ?? $0 }.joined(separator: ", ")
    }

    package var clientJobsEndpoints: [String] {
        Self.brokers(client.jobsEndpoint, client.jobsEndpoints, or: broker.jobsEndpoint)
    }

    package var clientResultsEndpoint: String {
        client.resultsEndpoint.isEmpty ? Self.local(broker.resultsEndpoint) : Self.text(client.resultsEndpoint)
    }

    private static func brokers(_ one: [String], _ several: [String], or bound: String) -> [String] {
        if !one.isEmpty { return [text(one)] }
        return several.isEmpty ? [local(bound)] : several
    }

    private static func text(_ addresses: [String]) -> String { addresses.joined(separator: ",") }

    private static func local(_ bound: String) -> String { Endpoint(bound).map(\.local.description) ?? bound }
}
