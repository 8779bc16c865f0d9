import SettingValues

extension LimitSettings {
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
            """
            Unfinished jobs of one tenant, so that none fills the queue for all. A tenant may have a limit of its own in \
            access.allow_file.
            """),
        .init(
            "tenant_queued_bytes_max", \.limits.tenantQueuedBytesMax,
            .count(of: .bytes, (1 << 20)...(1 << 50), zero: "no limit of its own"), .reload,
            "Source texts of one tenant's unfinished jobs."),
        .init(
            "inflight_bytes_max", \.limits.inflightBytesMax, .count(of: .bytes, (1 << 20)...(1 << 40)), .restart,
            """
            Messages of all connections together that are arriving, or have arrived and are not committed yet: they \
            are in memory. Peers with more to send wait. At least the largest message.
            """),
        .init(
            "connections_max", \.limits.connectionsMax, .count(of: .connections, 8...100_000), .reload,
            """
            Connections of all peers together; more are closed at once. Each takes about 60 KB and three file \
            descriptors; a low limit of open files (LimitNOFILE=) makes it less.
            """),
        .init(
            "address_connections_max", \.limits.addressConnectionsMax, .count(of: .connections, 1...100_000), .reload,
            """
            Connections from one network address, or of one user where sockets are files, so that one peer cannot \
            keep out the others.
            """),
        .init(
            "message_arrival_ms_max", \.limits.messageArrivalMsMax, .count(of: .milliseconds, 1000...3_600_000),
            .reload,
            """
            A message that has begun to arrive and is not complete after this time closes its connection. One that \
            stands still for half a second while others wait for room does so at once, and so does one that takes \
            more than eight.
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
            "tenant_glossaries_max", \.limits.tenantGlossariesMax, .count(of: .glossaries, 0...100_000), .reload,
            "Glossaries that the broker keeps for one tenant; 0 keeps none. Those that are there stay."),
        .init(
            "tenant_glossary_bytes_max", \.limits.tenantGlossaryBytesMax, .count(of: .bytes, 0...(1 << 30)), .reload,
            """
            Terms of all glossaries of one tenant, which are in memory, and 64 bytes for each term. One glossary also has to \
            fit into a message (broker.client_frame_bytes_max).
            """),
        .init(
            "retry_after_ms", \.limits.retryAfterMs, .count(of: .milliseconds, 1...3_600_000), .reload,
            "When a producer that is refused with RETRY_LATER is told to come back."),
        .init(
            "ageing_ms", \.limits.ageingMs, .count(of: .milliseconds, 1...86_400_000), .reload,
            """
            For each such time that a chunk waits it rises by one priority among its tenant's, so that nothing starves. \
            Tenants take turns whatever their priorities.
            """),
        .init(
            "offer_retention_hours", \.limits.offerRetentionMs, .time(in: .hours, 1...87_600), .reload,
            "How long jobs are taken for a model that no worker offers any more. A model that queued jobs need stays."),
    ]
}
