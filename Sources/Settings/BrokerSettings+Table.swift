import SettingValues

extension BrokerSettings {
    static let table: [Setting<Settings>] =
        sockets + [
            .init(
                "default_model", \.broker.defaultModel, .text(.name, empty: "the only model there is"), .reload,
                """
                The model of jobs that name neither a model nor languages. Without it such jobs are refused as soon as \
                workers offer a second model.
                """)
        ] + clocks + [
            .init(
                "attempts_max", \.broker.attemptsMax, .count(of: .attempts, 1...100), .reload,
                """
                After so many failed attempts a job is dead: it ends with an error as its result. A job may ask for \
                fewer. Where workers are given a part of it and do not answer, four times are an attempt.
                """),
            .init(
                "backoff_base_ms", \.broker.backoffBaseMs, .count(of: .milliseconds, 1...3_600_000), .reload,
                """
                The wait before the second attempt; it doubles for each one after that, +-25 % by chance, so that \
                what failed together is not tried together.
                """),
            .init(
                "backoff_max_ms", \.broker.backoffMaxMs, .count(of: .milliseconds, 1...86_400_000), .reload,
                "The wait between attempts grows no longer than this."),
            .init(
                "chunk_tokens_max", \.broker.chunkTokensMax, .count(of: .tokens, 64...1_048_576), .reload,
                """
                A document is cut into chunks of about this size, after a line's end, so that several workers share \
                it. Smaller ones spread better and cost more messages.
                """),
            .init(
                "client_frame_bytes_max", \.broker.clientFrameBytesMax, .count(of: .bytes, 4096...(64 << 20)), .restart,
                "The largest message of a producer, a consumer or an observer; a larger one closes its connection."),
            .init(
                "worker_frame_bytes_max", \.broker.workerFrameBytesMax, .count(of: .bytes, 4096...(256 << 20)),
                .restart,
                "The largest message of a worker: a chunk's translations, n-best lists and alignments with it."),
            .init(
                "offences_max", \.broker.offencesMax, .count(of: .messages, 1...10_000), .reload,
                "After so many malformed messages a peer is ignored for ban_ms."),
            .init(
                "ban_ms", \.broker.banMs, .count(of: .milliseconds, 1...86_400_000), .reload,
                "How long a peer is ignored that sent offences_max malformed messages."),
        ]

    private static let sockets: [Setting<Settings>] = [
        .init(
            "jobs_endpoint", \.broker.jobsEndpoint, .text(.bindEndpoint), .restart,
            "Where producers submit jobs. Loopback, until there are keys: see access."),
        .init(
            "work_endpoint", \.broker.workEndpoint, .text(.bindEndpoint), .restart,
            "Where workers fetch work."),
        .init(
            "results_endpoint", \.broker.resultsEndpoint, .text(.bindEndpoint), .restart,
            "Where consumers read results, in order, and acknowledge them."),
        .init(
            "feed_endpoint", \.broker.feedEndpoint, .text(.bindEndpoint), .restart,
            "Where observers subscribe to a live copy of the results, which may lose some."),
        .init(
            "metrics_address", \.broker.metricsAddress, .text(.address, empty: "its numbers are not shown"), .restart,
            """
            Where Prometheus reads the broker's numbers: /metrics, and /livez and /readyz. In dragoman serve, also those of \
            the worker and the gateway. Loopback, until there is a secret: see access.metrics_token_file.
            """),
    ]

    private static let clocks: [Setting<Settings>] = [
        .init(
            "heartbeat_ms", \.broker.heartbeatMs, .count(of: .milliseconds, 10...60_000), .restart,
            """
            How often broker, workers and consumers tell each other that they live; ZeroMQ does not say who has \
            gone.
            """),
        .init(
            "worker_dead_after_ms", \.broker.workerDeadAfterMs, .count(of: .milliseconds, 20...600_000), .restart,
            """
            A worker that is silent for so long is dead: its chunks are given to others. At least two \
            heartbeats, so that one lost message kills nobody.
            """),
        .init(
            "lease_ms", \.broker.leaseMs, .count(of: .milliseconds, 20...3_600_000), .restart,
            "How long a worker owns a chunk without renewing its lease, as each heartbeat does."),
        .init(
            "resume_grace_ms", \.broker.resumeGraceMs, .count(of: .milliseconds, 0...600_000), .restart,
            """
            After its start a broker waits so long for workers to come back with the chunks they hold, before it \
            gives those to others.
            """),
        .init(
            "drain_ms", \.broker.drainMs, .count(of: .milliseconds, 0...3_600_000), .reload,
            """
            When stopped, a broker takes no new job and waits so long for chunks that are being translated. \
            systemd's TimeoutStopSec must be longer, by 15 s or so.
            """),
    ]
}
