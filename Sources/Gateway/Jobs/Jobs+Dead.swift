internal import JobModel

/// Jobs that are dead: what `dragoman dead` does.
extension Jobs {
    func dead() async throws(GatewayError) -> WebResponse {
        let after = try number("after", 0...Int.max) ?? 0
        let limit = try number("limit", 1...Limit.jobs) ?? 100
        let reports = try await desk.deadJobs(after: UInt64(after), limit: limit)
        let list = reports.map(forms.report).joined(separator: Array(",".utf8))
        return Self.json(200, Array(#"{"jobs":["#.utf8) + list + Array("]}".utf8))
    }

    private struct Retried: Encodable {
        let jobId: String
        let retryOf: String?
    }

    private struct Dropped: Encodable {
        let jobId: String
    }

    func retryDead() async throws(GatewayError) -> WebResponse {
        let reports = try await desk.retryDeadJobs(try deadIDs())
        let jobs = reports.map { Retried(jobId: $0.job.description, retryOf: $0.retryOf?.description) }
        return WebResponse(200, snakeJSON: ["jobs": jobs])
    }

    func dropDead() async throws(GatewayError) -> WebResponse {
        let reports = try await desk.dropDeadJobs(try deadIDs())
        return WebResponse(200, snakeJSON: ["jobs": reports.map { Dropped(jobId: $0.job.description) }])
    }

    /// What is changed is said as JSON, which a page of another origin cannot send without asking first (CORS).
    private func deadIDs() throws(GatewayError) -> [JobID] {
        let form = #"{"job_ids": ["0123456789abcdef0123456789abcdef"]}"#
        guard request.isJSON else {
            throw GatewayError(.invalid, "ids are sent as JSON: the content type must be application/json: \(form)")
        }
        let fields = try Fields(request)
        guard let (texts, isList) = try fields.texts("job_ids"), isList, (1...Limit.jobs).contains(texts.count) else {
            throw GatewayError(.invalid, "\"job_ids\" must be a list of 1 to \(Limit.jobs) ids: \(form)")
        }
        if let other = fields.values.keys.filter({ $0 != "job_ids" }).min() {
            throw GatewayError(.invalid, "unknown key \"\(other)\" beside \"job_ids\"")
        }
        var ids: [JobID] = []
        for text in texts { ids.append(try Self.jobID(text)) }
        return ids
    }

    /// A number of the query.
    private func number(_ name: String, _ bounds: ClosedRange<Int>) throws(GatewayError) -> Int? {
        guard let text = try queried(name) else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
            throw GatewayError(
                .invalid,
                "\(name) must be a whole number of \(bounds.lowerBound) or more"
                    + (bounds.upperBound == .max ? "" : ", and at most \(bounds.upperBound)"))
        }
        return number
    }
}
