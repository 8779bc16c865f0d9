/// Jobs and results on disk.
package struct StoreSettings: Sendable, Hashable {
    /// nil: the state directory.
    package var directory: String?
    /// PostgreSQL's; nil: SQLite, in the directory.
    package var url: String?
    package var passwordFile: String?
    package var cluster = "dragoman"
    package var tenureMs = 3000
    package var retentionMs = 7 * 86_400_000
    package var acknowledgedRetentionMs = 24 * 3_600_000
    package var consumerAbandonedMs = 30 * 86_400_000
    package var databaseBytesMax = 0
    package var groupCommitJobsMax = 1024
    package var diskFreeBytesMin = 256 << 20

    package init() {}
}
