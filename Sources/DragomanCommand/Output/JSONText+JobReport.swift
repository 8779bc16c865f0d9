package import JobModel

extension JSONText {
    /// Keys as in the published protocol; what is not known is left out.
    ///
    /// - Parameter endpoint: The broker's; nil: it is not said.
    package mutating func report(_ report: JobReport, at endpoint: String? = nil) {
        object { json in
            if let endpoint { json.member("endpoint", endpoint) }
            json.member("job_id", report.job.description)
            json.member("state", report.state.map { "\($0)" } ?? "unknown")
            guard report.state != nil else { return }
            if !report.tenant.isEmpty { json.member("tenant", report.tenant) }
            json.member("chunks", report.chunks)
            json.member("chunks_done", report.chunksDone)
            json.member("attempts", report.attempts)
            json.member("priority", report.priority)
            if let sequence = report.sequence { json.member("sequence", sequence) }
            json.member("accepted_at_ms", report.acceptedAt)
            if let time = report.finishedAt { json.member("finished_at_ms", time) }
            if let time = report.expiresAt { json.member("expires_at_ms", time) }
            if let failure = report.failure { json.failure(failure) }
            if !report.model.isEmpty { json.member("model", report.model) }
            if !report.topic.isEmpty { json.member("topic", report.topic) }
            if let job = report.retryOf { json.member("retry_of", job.description) }
        }
    }
}
