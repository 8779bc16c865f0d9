import CWire
import JobModel

extension DeadLetterRequest {
    init(_ message: Wire__DeadLetterRequest) throws(Flaw) {
        switch message.verb {
        case WIRE__DEAD_LETTER_REQUEST__VERB__LIST:
            guard (1...1000).contains(message.limit) else {
                throw Flaw("limit", "is \(message.limit); it may be 1 to 1000")
            }
            self = .list(
                after: message.after_sequence,
                tenant: try message.after_tenant.text("after_tenant", atMost: Limit.tenant), limit: Int(message.limit))
        case WIRE__DEAD_LETTER_REQUEST__VERB__RETRY:
            self = .retry(try Wire.jobIDs("job_ids", message.job_ids, message.n_job_ids))
        case WIRE__DEAD_LETTER_REQUEST__VERB__DROP:
            self = .drop(try Wire.jobIDs("job_ids", message.job_ids, message.n_job_ids))
        default: throw .unknown("verb", message.verb.rawValue)
        }
    }

    func write(to writer: inout MessageWriter, scope: TenantScope?) {
        var afterTenant = ""
        switch self {
        case .list(let sequence, let tenant, let limit):
            writer.number(1, 1)
            writer.number(3, sequence)
            writer.number(4, UInt32(clamping: limit))
            afterTenant = tenant
        case .retry(let jobs):
            writer.number(1, 2)
            writer.jobIDs(2, jobs)
        case .drop(let jobs):
            writer.number(1, 3)
            writer.jobIDs(2, jobs)
        }
        if let scope { writer.message(5, scope) }
        writer.text(6, afterTenant)
    }
}
