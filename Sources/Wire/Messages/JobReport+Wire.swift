import CWire
import JobModel

extension JobReport: WireMessage {
    init(_ message: Wire__JobReport) throws(Flaw) {
        self.init(job: try message.job_id.jobID("job_id"), state: try JobState?("state", message.state))
        chunks = Int(message.chunks)
        chunksDone = Int(message.chunks_done)
        attempts = Int(message.attempts)
        priority = Int(message.priority)
        sequence = message.sequence == 0 ? nil : message.sequence
        acceptedAt = message.accepted_at_ms
        finishedAt = message.finished_at_ms == 0 ? nil : message.finished_at_ms
        expiresAt = message.expires_at_ms == 0 ? nil : message.expires_at_ms
        failure = try optionalMessage("error", message.error, message.n_error, Failure.init(_:))
        model = try message.model.text("model", atMost: Limit.name)
        topic = try message.topic.text("topic", atMost: Limit.topic)
        retryOf = try message.retry_of.optionalJobID("retry_of")
        tenant = try message.tenant.text("tenant", atMost: Limit.tenant)
    }

    func write(to writer: inout MessageWriter) {
        writer.jobID(1, job)
        writer.number(2, state.wire)
        writer.number(3, UInt32(clamping: chunks))
        writer.number(4, UInt32(clamping: chunksDone))
        writer.number(5, UInt32(clamping: attempts))
        writer.number(6, UInt32(clamping: priority))
        writer.number(7, sequence ?? 0)
        writer.number(8, acceptedAt)
        writer.number(9, finishedAt ?? 0)
        if let failure { writer.message(10, failure) }
        writer.text(11, model)
        writer.text(12, topic)
        writer.number(13, expiresAt ?? 0)
        if let retryOf { writer.jobID(14, retryOf) }
        writer.text(15, tenant)
    }
}
