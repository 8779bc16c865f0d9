/// Where the broker sends what became of traced jobs.
package struct TracingSettings: Sendable, Equatable {
    package var endpoint: String?

    package init() {}

    static let table: [Setting<Settings>] = [
        .init(
            "endpoint", \.tracing.endpoint, .text(.httpURL, empty: "nothing is traced"), .restart,
            """
            A collector of the OpenTelemetry protocol over HTTP, as http://127.0.0.1:4318: the broker sends it spans of \
            each job that has a sampled W3C traceparent. Spans have names and times, and never a text.
            """)
    ]
}
