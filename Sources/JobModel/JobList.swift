/// A page of jobs, in the order of their acceptance.
public struct JobList: Sendable, Hashable {
    public var jobs: [JobReport] = []
    /// Where the next page begins; nil: this is the last one. A page may be without jobs and not be the last.
    public var next: UInt64?
    /// The place in the order of the newest job that the broker has, whoever's it is; 0: it has none.
    public var last: UInt64 = 0

    public init() {}
}
