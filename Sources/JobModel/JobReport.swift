/// What the broker knows of a job.
public struct JobReport: Sendable, Hashable {
    public var job: JobID
    /// Whose it is; empty: not known.
    public var tenant = ""
    /// nil: the broker has no such job of this tenant, or has it no more.
    public var state: JobState?
    public var chunks = 0
    public var chunksDone = 0
    /// The most attempts that one of its chunks has had.
    public var attempts = 0
    public var priority = 0
    /// The terminal record's; nil before.
    public var sequence: UInt64?
    /// Unix times in milliseconds.
    public var acceptedAt: UInt64 = 0
    public var finishedAt: UInt64?
    public var expiresAt: UInt64?
    /// The last error of a chunk.
    public var failure: Failure?
    public var model = ""
    public var topic = ""
    /// The dead job that this one repeats.
    public var retryOf: JobID?

    public init(job: JobID, state: JobState? = nil) {
        self.job = job
        self.state = state
    }
}
