/// Which jobs a list has; without anything set, all.
public struct JobFilter: Sendable, Hashable {
    /// Empty: any.
    public var states: Set<JobState> = []
    /// nil: any.
    public var topic: String?
    public var model: String?
    /// Those that were accepted so long ago, or earlier.
    public var olderThanMilliseconds: UInt64 = 0

    public init() {}

    /// The states of jobs that have not ended.
    public static let unfinished: Set<JobState> = [.queued, .running]
}
