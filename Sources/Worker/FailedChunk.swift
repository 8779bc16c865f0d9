package import JobModel

/// What may be said of a chunk that failed: nothing of its texts.
package struct FailedChunk: Sendable, Hashable {
    package let job: JobID
    package let chunk: UInt32
    package let attempt: UInt32
    /// Empty: none.
    package let trace: String
    package let failure: Failure

    init(_ assign: Assign, _ failure: Failure) {
        job = assign.lease.chunk.job
        chunk = assign.lease.chunk.index
        attempt = assign.attempt
        trace = assign.content.trace
        self.failure = failure
    }
}
