import JobModel
import JobStore

/// Why something was written: what is to be done when it is durable, or could not be.
enum Purpose: Sendable {
    case insert(JobKey)
    /// A job that would be refused, unless it is there already.
    case recognize(JobID, Rejection, tenant: Int, Part)
    case lease(token: UInt64)
    case requeue(Receipt?)
    case finish(Finish)
    case end(JobEnd)
    case acknowledge(Acknowledgement)
    /// One of the jobs of a request that is answered as a whole.
    case retryDead(JobKey, Part)
    case dropDead(JobKey, Part)
    case offer(ModelOffer)
    case forgetOffer
    case removeAbandoned
    case removeConsumer(StatusReport.ConsumerStatus, Part)
    case removeModel(StatusReport.ModelStatus, Part)
    case keepGlossary(NamedGlossary, tenant: String, ReturnAddress)
    case removeGlossary(NamedGlossary, tenant: String, Part)
    case seen([ConsumerKey], [String], at: UInt64)
    case purge
}

/// A worker that waits for SETTLED.
struct Receipt: Sendable {
    var lease: LeaseName
    var to: ReturnAddress
}

/// A result on its way to the disk.
struct Finish: Sendable {
    var chunk: ChunkRef
    var receipt: Receipt
    var model: Int
    var sourceTokens: UInt64
    var sentences: UInt64
}

/// An end on its way to the disk. It is decided: when the disk fails, it is tried again.
struct JobEnd: Sendable {
    var key: JobKey
    var state: JobState
    var failure: Failure
    var attempts: UInt32
    /// Who asked for it.
    var cancellation: Part?
    /// The worker whose FAIL was the last.
    var receipt: Receipt?
    /// The job was ending already: this one is only for the answer.
    var isRepeated = false
}

/// A cursor on its way to the disk.
struct Acknowledgement: Sendable {
    var tenant: Int
    var consumer: String
    var to: ReturnAddress
}

/// Why something was read.
enum Question: Sendable {
    case deliver(ConsumerRef)
    /// With how far the tenant's log went when the store was asked.
    case attach(ConsumerRef, last: UInt64)
    case jobReport(JobKey, ReturnAddress)
    case cancelled(Part)
    case deadLetters(ReturnAddress)
    case jobList(JobListRequest, ReturnAddress)
    case tenants(JobVerb, [JobID], ReturnAddress)
}
