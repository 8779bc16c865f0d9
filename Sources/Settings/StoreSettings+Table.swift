import SettingValues

extension StoreSettings {
    static let table: [Setting<Settings>] = [
        .init(
            "directory", \.store.directory, .text(.path, empty: "the state directory"), .restart,
            "Where the SQLite database is. Under systemd the state directory is /var/lib/dragoman."),
        .init(
            "url", \.store.url, .storeURL, .restart,
            """
            A PostgreSQL database in place of SQLite: then several brokers can share it, of which one serves and the \
            others stand by. Make its tables with dragoman store init; docs/CLUSTER.md tells the rest.
            """),
        .init(
            "password_file", \.store.passwordFile,
            .text(.path, empty: "the credential dragoman.store.password; without it, as libpq finds one"), .restart,
            "A file that holds the password of the database's role, and nothing else."),
        .init(
            "cluster", \.store.cluster, .text(.name), .restart,
            """
            Which service the PostgreSQL database belongs to. A broker of another service is refused, so that two that \
            were given one database by mistake do not stand by for each other.
            """),
        .init(
            "tenure_ms", \.store.tenureMs, .count(of: .milliseconds, 1000...600_000), .restart,
            """
            How long a broker that the PostgreSQL database does not hear of keeps it. Then another takes over, and this one \
            stops serving. Shorter is a faster takeover, and one for a shorter disturbance of the network.
            """),
        .init(
            "retention_days", \.store.retentionMs, .time(in: .days, 1...3650), .reload,
            """
            How long a result is kept for consumers that have not acknowledged it. Only time for which the broker runs \
            counts: no jump of the clock and no long stop removes a result.
            """),
        .init(
            "acknowledged_retention_hours", \.store.acknowledgedRetentionMs, .time(in: .hours, 0...87_600), .reload,
            """
            How long a result is kept that all consumers have acknowledged, so that it can be read again. Only time for \
            which the broker runs counts.
            """),
        .init(
            "consumer_abandoned_days", \.store.consumerAbandonedMs, .time(in: .days, 1...3650), .reload,
            """
            How long a consumer that does not attach holds results back that all others have acknowledged. It keeps its \
            place in the log, and is told what it missed. Choose more than the longest pause between its runs.
            """),
        .init(
            "database_bytes_max", \.store.databaseBytesMax,
            .count(of: .bytes, (16 << 20)...(1 << 50), zero: "as much as there is"), .restart,
            "The most that the database may take; new jobs are refused when half is used, so that those "
                + "accepted can still end."),
        .init(
            "group_commit_jobs_max", \.store.groupCommitJobsMax, .count(of: .jobs, 1...65_536), .restart,
            "The most jobs that share one fsync: more are faster, and each waits a little longer."),
        .init(
            "disk_free_bytes_min", \.store.diskFreeBytesMin, .count(of: .bytes, 0...(1 << 50)), .reload,
            "With less free disk, where the store is SQLite's, new jobs are refused, so that those accepted can still end."
        ),
    ]
}
