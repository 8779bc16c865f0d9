import SettingValues

extension WorkerSettings {
    static let table: [Setting<Settings>] =
        connection + models + [
            .init(
                "progress_timeout_ms", \.worker.progressTimeoutMs, .count(of: .milliseconds, 1000...3_600_000), .reload,
                """
                An engine that has work and computes nothing for so long is stuck: the worker stops its heartbeats \
                and systemd's watchdog, so that others take over.
                """),
            .init(
                "drain_ms", \.worker.drainMs, .count(of: .milliseconds, 0...3_600_000), .reload,
                """
                When stopped, a worker hands back what it has not begun and finishes the rest for so long. systemd's \
                TimeoutStopSec must be longer, by 15 s or so.
                """),
        ]

    private static let connection: [Setting<Settings>] = [
        .init(
            "work_endpoint", \.worker.workEndpoint, .addresses(empty: "the broker's work_endpoint"), .restart,
            """
            The broker to work for. A worker on another host names it here. Of a broker with standbys, name the \
            addresses of all, or one name that has them all: the one that answers is used, and the next when it does \
            not any more.
            """),
        .init(
            "work_endpoints", \.worker.workEndpoints,
            .list(of: .broker, upTo: 64, empty: "only the broker of work_endpoint"), .restart,
            """
            In place of work_endpoint: several brokers, each with a store of its own. The worker works for all of them \
            at the same time. A broker with standbys is one text here, with commas between its addresses.
            """),
        .init(
            "instance", \.worker.instance, .text(.name, empty: "host name and process number"), .restart,
            "The worker's name in status and logs; two workers of one broker need different ones."),
        .init(
            "threads", \.worker.threads,
            .count(of: .threads, 1...4096, zero: "all cores, or as many as a CPU quota grants"), .restart,
            """
            Cores to compute on. One that has no sentence of its own helps the others, and stays awake for that up to a \
            millisecond.
            """),
        .init(
            "batch_tokens", \.worker.batchTokens, .count(of: .tokens, 1...1_048_576), .restart,
            "The most source tokens of one batch: larger ones are faster up to the size of the processor's caches."),
        .init(
            "window_tokens", \.worker.windowTokens,
            .count(of: .tokens, 1...67_108_864, zero: "4 x threads x batch_tokens"), .restart,
            """
            The most source tokens that are leased to the worker at a time: enough to keep batches full, too few \
            to hoard.
            """),
        .init(
            "cache_bytes", \.worker.cacheBytes, .count(of: .bytes, 1...(1 << 40), zero: "none is remembered"), .restart,
            """
            The most memory, by an estimate, for translations of sentences that may come again, of each loaded model. The \
            same sentence always has the same translation, so that this changes nothing but the time.
            """),
        .init(
            "metrics_address", \.worker.metricsAddress, .text(.address, empty: "its numbers are not shown"), .restart,
            """
            Where Prometheus reads the worker's numbers: /metrics, and /livez and /readyz. Of several workers on a host each \
            needs its own, as DRAGOMAN_WORKER_METRICS_ADDRESS of its unit. Not used by dragoman serve.
            """),
    ]

    private static let models: [Setting<Settings>] = [
        .init(
            "models_loaded_max", \.worker.modelsLoadedMax, .count(of: .models, 1...10_000, zero: "no limit"), .reload,
            "More models than this are not in memory at once: the one that was idle for longest makes room."),
        .init(
            "model_idle_unload_ms", \.worker.modelIdleUnloadMs,
            .count(of: .milliseconds, 1000...31_536_000_000, zero: "never"), .reload,
            "A model without work for so long is unloaded; the next job loads it again."),
    ]
}
