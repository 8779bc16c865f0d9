import SettingValues

extension ClientSettings {
    static let table: [Setting<Settings>] = [
        .init(
            "jobs_endpoints", \.client.jobsEndpoints,
            .list(of: .connectEndpoint, upTo: 64, empty: "the broker's jobs_endpoint"), .restart,
            "The brokers to submit to: when one does not answer, the next is asked."),
        .init(
            "results_endpoint", \.client.resultsEndpoint,
            .text(.connectEndpoint, empty: "the broker's results_endpoint"), .restart,
            "Where results are read."),
        .init(
            "timeout_ms", \.client.timeoutMs, .count(of: .milliseconds, 100...3_600_000), .restart,
            "How long a command waits while no broker answers, before it gives up."),
    ]
}
