import SettingValues

extension ClientSettings {
    static let table: [Setting<Settings>] = [
        .init(
            "jobs_endpoint", \.client.jobsEndpoint, .addresses(empty: "the broker's jobs_endpoint"), .restart,
            """
            Where jobs are submitted. Of a broker with standbys, name the addresses of all, or one name that has them \
            all: the one that answers is used, and the next when it does not any more.
            """),
        .init(
            "jobs_endpoints", \.client.jobsEndpoints,
            .list(of: .broker, upTo: 64, empty: "only the broker of jobs_endpoint"), .restart,
            """
            In place of jobs_endpoint: several brokers, each with a store of its own. When one does not answer, the next \
            is asked. A broker with standbys is one text here, with commas between its addresses.
            """),
        .init(
            "results_endpoint", \.client.resultsEndpoint, .addresses(empty: "the broker's results_endpoint"), .restart,
            "Where results are read: one address or several, as of jobs_endpoint."),
        .init(
            "timeout_ms", \.client.timeoutMs, .count(of: .milliseconds, 100...3_600_000), .restart,
            "How long a command waits while no broker answers, before it gives up."),
    ]
}
