/// An entry of the result log.
public struct Record: Sendable, Hashable {
    /// 1, 2, 3 … without a gap, for each tenant.
    public var sequence: UInt64
    public var job: JobID
    /// How the job ended; in a partial record, `.running`.
    public var state: JobState
    /// Of a job that is done, one for each source; in a partial record, one for each of `pieces`.
    public var outputs: [Output] = []
    /// Why the job is dead, expired or cancelled.
    public var failure: Failure?
    public var topic = ""
    public var trace = ""
    public var model = ""
    /// Unix times in milliseconds.
    public var acceptedAt: UInt64 = 0
    public var finishedAt: UInt64 = 0
    /// The most attempts that one of its chunks had.
    public var attempts = 0
    /// What a partial record's outputs translate; empty in a terminal one.
    public var pieces: [Piece] = []
    /// The dead job that this one repeats.
    public var retryOf: JobID?

    public init(sequence: UInt64, job: JobID, state: JobState) {
        self.sequence = sequence
        self.job = job
        self.state = state
    }

    /// What the records of a job have in common, before there is one.
    package init(draftOf job: JobID) { self.init(sequence: 0, job: job, state: .done) }

    public var isPartial: Bool { !state.isTerminal }
}

/// A record as it stands in frames and in stores: the bytes of its message, without the epoch, which is that of the broker
/// that delivers it. A record is encoded once, when it is written.
package struct EncodedRecord: Sendable, Hashable {
    package let sequence: UInt64
    package let bytes: [UInt8]

    package init(sequence: UInt64, bytes: [UInt8]) {
        self.sequence = sequence
        self.bytes = bytes
    }

    /// What it takes in a frame, at most: the numbers around it at their longest.
    package var frameByteCount: Int { bytes.count + 32 }
}
