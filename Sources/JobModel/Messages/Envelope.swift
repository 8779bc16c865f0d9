/// One message of the protocol.
package struct Envelope: Sendable, Hashable {
    /// Chosen by the sender of a request and repeated in its answer; at most 64 bytes.
    package var correlation: [UInt8]
    package var body: Body

    package init(_ body: Body, correlation: [UInt8] = []) {
        self.body = body
        self.correlation = correlation
    }

    package static let version: UInt32 = 1

    /// What a message says; see `Protos/dragoman/v1/dragoman.proto`.
    package enum Body: Sendable, Hashable {
        case fault(Fault)
        case submit([Job])
        case submitReply([Verdict])
        /// A scope of nil is the key's own tenant.
        case cancel([JobID], scope: TenantScope? = nil)
        /// nil: unknown.
        case cancelReply([JobState?])
        case jobQuery(JobID, scope: TenantScope? = nil)
        case jobReport(JobReport)
        case statusQuery(scope: TenantScope = .visible)
        case statusReport(StatusReport)
        case deadLetterRequest(DeadLetterRequest, scope: TenantScope? = nil)
        case deadLetterReply([JobReport])
        case consumerRequest(NamesRequest, scope: TenantScope = .visible)
        case consumerReply([StatusReport.ConsumerStatus])
        case modelRequest(NamesRequest)
        case modelReply([StatusReport.ModelStatus])
        case jobListRequest(JobListRequest, scope: TenantScope? = nil)
        case jobListReply(JobList)
        case glossaryRequest(GlossaryRequest)
        case glossaryReply([NamedGlossary])

        case hello(Hello)
        case workCredit(window: UInt64)
        case workerBeat(WorkerBeat)
        case done(Done)
        case fail(Fail)
        case goodbye(unstarted: [LeaseName])

        case welcome(Welcome)
        case assign(Assign)
        case brokerBeat(BrokerBeat)
        case settled([LeaseName])

        case attach(consumer: String, fromSequence: UInt64?)
        case resultCredit(ResultCredit)
        case ack(upTo: UInt64)
        case detach

        case attached(Attached)
        case record(Record, epoch: UInt64)
        case acked(upTo: UInt64)
        case heartbeat(epoch: UInt64, lastSequence: UInt64)
    }
}
