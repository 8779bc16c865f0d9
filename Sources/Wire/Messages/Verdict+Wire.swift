import CWire
import JobModel

extension Verdict: WireMessage {
    init(_ message: Wire__Verdict) throws(Flaw) {
        let job = try message.job_id.jobID("job_id")
        switch message.outcome_case {
        case WIRE__VERDICT__OUTCOME_ACCEPTED:
            self.init(job: job, .accepted(duplicate: message.accepted.pointee.duplicate != 0))
        case WIRE__VERDICT__OUTCOME_REJECTED:
            self.init(job: job, .rejected(try body("rejected", message.rejected, Rejection.init(_:))))
        default: throw Flaw("", "has no outcome that this version of the protocol knows")
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.jobID(1, job)
        switch outcome {
        case .accepted(let duplicate): writer.message(2) { $0.flag(1, duplicate) }
        case .rejected(let rejection): writer.message(3, rejection)
        }
    }
}

extension Rejection: WireMessage {
    fileprivate init(_ message: Wire__Rejected) throws(Flaw) {
        self.init(
            try known("code", message.code.rawValue), try message.message.text("message"),
            retryAfterMilliseconds: message.retry_after_ms)
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, code.rawValue)
        writer.number(2, retryAfterMilliseconds)
        writer.text(3, message)
    }
}
