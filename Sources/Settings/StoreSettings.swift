/// Jobs and results on disk.
package struct StoreSettings: Sendable, Equatable {
    /// nil: the state directory.
    package var directory: String?
    package var retentionDays = 7
    package var retentionBytes = 0
    package var groupCommitJobsMax = 1024
    package var diskFreeBytesMin = 256 << 20

    package init() {}

    static let table: [Setting<Settings>] = [
        .init(
            "directory", \.store.directory, .text(.path, empty: "the state directory"), .restart,
            "Where the database is. Under systemd the state directory is /var/lib/dragoman."),
        .init(
            "retention_days", \.store.retentionDays, .count(of: .days, 0...3650), .reload,
            "How long a result is kept that its consumers have acknowledged, so that they can read it again."),
        .init(
            "retention_bytes", \.store.retentionBytes, .count(of: .bytes, (1 << 20)...(1 << 50), zero: "no limit"),
            .reload,
            "Above this size acknowledged results are deleted before their time, the oldest first."),
        .init(
            "group_commit_jobs_max", \.store.groupCommitJobsMax, .count(of: .jobs, 1...65_536), .restart,
            "The most jobs that share one fsync: more are faster, and each waits a little longer."),
        .init(
            "disk_free_bytes_min", \.store.diskFreeBytesMin, .count(of: .bytes, 0...(1 << 50)), .reload,
            "With less free disk new jobs are refused, so that those accepted can still end."),
    ]
}
