/// What is refused.
package struct LimitSettings: Sendable, Equatable {
    package var queuedJobsMax = 1_000_000
    package var queuedBytesMax = 4 << 30
    package var tenantQueuedJobsMax = 0
    package var tenantQueuedBytesMax = 0
    package var inflightBytesMax = 64 << 20
    package var resultBytesMax = 48 << 20
    package var textsPerJobMax = 10_000
    package var jobsPerSubmitMax = 1000
    package var retryAfterMs = 1000
    package var ageingMs = 60_000

    package init() {}

    static let table: [Setting<Settings>] = [
        .init(
            "queued_jobs_max", \.limits.queuedJobsMax, .count(of: .jobs, 1...1_000_000_000), .reload,
            """
            Unfinished jobs of all tenants; more are refused with RETRY_LATER. A queued job also takes a little \
            memory.
            """),
        .init(
            "queued_bytes_max", \.limits.queuedBytesMax, .count(of: .bytes, (1 << 20)...(1 << 50)), .reload,
            "Source texts of unfinished jobs of all tenants, which are kept on disk."),
        .init(
            "tenant_queued_jobs_max", \.limits.tenantQueuedJobsMax,
            .count(of: .jobs, 1...1_000_000_000, zero: "no limit of its own"), .reload,
            "Unfinished jobs of one tenant, so that none fills the queue for all."),
        .init(
            "tenant_queued_bytes_max", \.limits.tenantQueuedBytesMax,
            .count(of: .bytes, (1 << 20)...(1 << 50), zero: "no limit of its own"), .reload,
            "Source texts of one tenant's unfinished jobs."),
        .init(
            "inflight_bytes_max", \.limits.inflightBytesMax, .count(of: .bytes, (1 << 20)...(1 << 40)), .restart,
            """
            Messages that were read from sockets and are not committed yet: they are in memory. At least the \
            largest message.
            """),
        .init(
            "result_bytes_max", \.limits.resultBytesMax, .count(of: .bytes, (64 << 10)...(60 << 20)), .reload,
            """
            All outputs of one job, which consumers get in one message, and DragomanClient takes messages of 64 MiB. A \
            job with more ends dead, as result_too_large.
            """),
        .init(
            "texts_per_job_max", \.limits.textsPerJobMax, .count(of: .texts, 1...1_000_000), .reload,
            "A job ends as a whole, so a very large one holds its results back for long."),
        .init(
            "jobs_per_submit_max", \.limits.jobsPerSubmitMax, .count(of: .jobs, 1...100_000), .reload,
            "The jobs of one message are committed together, and others wait for them."),
        .init(
            "retry_after_ms", \.limits.retryAfterMs, .count(of: .milliseconds, 1...3_600_000), .reload,
            "When a producer that is refused with RETRY_LATER is told to come back."),
        .init(
            "ageing_ms", \.limits.ageingMs, .count(of: .milliseconds, 1...86_400_000), .reload,
            "For each such time that a chunk waits it rises by one priority, so that nothing starves."),
    ]
}
