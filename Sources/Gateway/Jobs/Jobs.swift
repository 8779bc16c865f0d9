internal import JobModel

/// This program's own interface: jobs, their results in order until they are acknowledged, and the broker's state.
struct Jobs {
    enum Operation: Sendable, Hashable {
        case submit, job, cancel, results, acknowledge, status, statusEvents, dead, retryDead, dropDead, specification
    }

    static let routes: [Router.Route] = [
        Router.Route(["POST"], "/v1/jobs", .jobs(.submit)),
        Router.Route(["GET"], "/v1/jobs/*", .jobs(.job)),
        Router.Route(["DELETE"], "/v1/jobs/*", .jobs(.cancel)),
        Router.Route(["GET"], "/v1/results", .jobs(.results)),
        Router.Route(["POST"], "/v1/results", .jobs(.acknowledge)),
        Router.Route(["GET"], "/v1/status", .jobs(.status)),
        Router.Route(["GET"], "/v1/status/events", .jobs(.statusEvents)),
        Router.Route(["GET"], "/v1/dead", .jobs(.dead)),
        Router.Route(["POST"], "/v1/dead/retry", .jobs(.retryDead)),
        Router.Route(["POST"], "/v1/dead/drop", .jobs(.dropDead)),
        Router.Route(["GET"], "/v1/openapi.json", .jobs(.specification)),
    ]

    let visit: Visit

    var request: WebRequest { visit.request }
    var desk: any JobDesk { visit.gateway.interpreter.desk }
    var forms: JobForms { visit.gateway.forms }

    func answer(_ operation: Operation) async throws(GatewayError) -> WebResponse {
        try visit.checkOrigin()
        switch operation {
        case .submit: return try await submit()
        case .job: return try await job()
        case .cancel: return try await cancel()
        case .results: return try await results()
        case .acknowledge: return try await acknowledge()
        case .status: return try await status()
        case .statusEvents: return try statusEvents()
        case .dead: return try await dead()
        case .retryDead: return try await retryDead()
        case .dropDead: return try await dropDead()
        case .specification:
            return Self.json(200, OpenAPI.text(version: visit.gateway.settings.version))
        }
    }

    // MARK: Jobs

    private struct Answer: Encodable {
        let jobId: String
        let accepted: Bool
        let duplicate: Bool
        let error: Failure?
    }

    private struct Answers: Encodable {
        let jobs: [Answer]
    }

    struct Failure: Encodable {
        let code: String
        let message: String
    }

    private func submit() async throws(GatewayError) -> WebResponse {
        guard request.isJSON else {
            throw GatewayError(.invalid, "jobs are sent as JSON: the content type must be application/json")
        }
        var (jobs, isList) = try forms.jobs(request.body)
        for index in jobs.indices where jobs[index].trace.isEmpty { jobs[index].trace = request.trace }
        guard !jobs.isEmpty else { throw GatewayError(.invalid, "\"jobs\" must not be empty") }
        try visit.check(
            texts: jobs.reduce(0) { $0 + $1.sources.count }, characters: jobs.reduce(0) { $0 + $1.characters })
        let verdicts = try await charged(jobs)
        guard isList else {
            if case .rejected(let rejection)? = verdicts.first?.outcome {
                if rejection.code == .conflict { throw GatewayError(.conflict, rejection.message) }
                throw GatewayError(rejection)
            }
            let answer = Self.answer(verdicts[0])
            return WebResponse(answer.duplicate ? 200 : 202, snakeJSON: answer)
        }
        return WebResponse(200, snakeJSON: Answers(jobs: verdicts.map(Self.answer)))
    }

    /// Submits jobs. What is not accepted, or was before, is not charged.
    private func charged(_ jobs: [Job]) async throws(GatewayError) -> [Verdict] {
        let sizes = Dictionary(jobs.map { ($0.id, $0.characters) }) { first, _ in first }
        let all = sizes.values.reduce(0, +)
        try visit.charge(characters: all)
        do throws(GatewayError) {
            let verdicts = try await desk.submit(jobs)
            let accepted = Set(verdicts.filter { $0.outcome == .accepted(duplicate: false) }.map(\.job))
            visit.giveBack(sizes.filter { !accepted.contains($0.key) }.values.reduce(0, +))
            return verdicts
        } catch {
            if error.isCertain { visit.giveBack(all) }
            throw error
        }
    }

    private static func answer(_ verdict: Verdict) -> Answer {
        let id = verdict.job.description
        switch verdict.outcome {
        case .accepted(let duplicate): return Answer(jobId: id, accepted: true, duplicate: duplicate, error: nil)
        case .rejected(let rejection):
            let failure = Failure(code: "\(rejection.code)", message: rejection.message)
            return Answer(jobId: id, accepted: false, duplicate: false, error: failure)
        }
    }

    private var id: JobID {
        get throws(GatewayError) {
            try Self.jobID(visit.parameters.first ?? "")
        }
    }

    static func jobID(_ text: String) throws(GatewayError) -> JobID {
        guard let id = JobID(text) else {
            throw GatewayError(.invalid, "a job's id is 32 hexadecimal digits, or a UUID")
        }
        return id
    }

    private func job() async throws(GatewayError) -> WebResponse {
        let report = try await desk.report(of: try id)
        guard report.state != nil else { throw Self.noSuchJob }
        var bytes = forms.report(report)
        if let record = try await desk.record(of: report) {
            // The report is an object that is not empty.
            bytes.removeLast()
            bytes += Array(#","result":"#.utf8) + forms.record(record) + Array("}".utf8)
        }
        return Self.json(200, bytes)
    }

    private struct Cancelled: Encodable {
        let jobId: String
        let state: String
    }

    private func cancel() async throws(GatewayError) -> WebResponse {
        let id = try id
        guard let state = try await desk.cancel(id) else { throw Self.noSuchJob }
        return WebResponse(200, snakeJSON: Cancelled(jobId: id.description, state: "\(state)"))
    }

    private static let noSuchJob = GatewayError(.notFound, "there is no such job, or it is kept no more")

    // MARK: Results

    private func consumer() throws(GatewayError) -> String {
        guard let consumer = try visit.fields.text("consumer") else {
            throw GatewayError(.missing("consumer"), "consumer is missing")
        }
        guard consumer.utf8.count <= 128 else {
            throw GatewayError(.invalid, "consumer must be a name of at most 128 bytes")
        }
        return consumer
    }

    /// A value of the query that must be something where it is there: an empty one is no number.
    func queried(_ name: String) throws(GatewayError) -> String? {
        if case .string("")? = visit.fields.values[name] { return "" }
        return try visit.fields.text(name)
    }

    private func results() async throws(GatewayError) -> WebResponse {
        let consumer = try consumer()
        // A browser that connects again says which event it has seen last.
        let seen = request.headers["last-event-id"].flatMap { UInt64($0) }
        var from = seen.flatMap { $0 < .max ? $0 + 1 : nil }
        if let text = try queried("from") {
            guard let number = UInt64(text), number > 0 else {
                throw GatewayError(.invalid, "from must be the number of a record, 1 or more")
            }
            from = number
        }
        var response = Self.eventStream
        // A HEAD request does not take the results from their reader.
        if request.method == "HEAD" { return response }
        let stream = try await desk.follow(consumer: consumer, from: from)
        response.body = .events(
            EventFeed.start(stream, consumer: consumer, record: forms.record, in: visit.gateway.feeds))
        return response
    }

    private func acknowledge() async throws(GatewayError) -> WebResponse {
        guard request.isJSON else {
            throw GatewayError(.invalid, "an acknowledgement is sent as JSON: {\"acknowledge\": 12}")
        }
        let consumer = try consumer()
        guard let number = try Fields(request).number("acknowledge"), number > 0 else {
            throw GatewayError(.invalid, "\"acknowledge\" must be the number of a record, 1 or more")
        }
        guard visit.gateway.feeds.acknowledge(UInt64(number), consumer: consumer) else {
            throw GatewayError(
                .conflict,
                "consumer \(consumer) reads no results here, or has not been sent record \(number) on this stream: open "
                    + "/v1/results?consumer=… first, and keep it open")
        }
        return WebResponse(204)
    }

    static func failure(_ error: GatewayError) -> WebResponse {
        let message: String =
            switch error.kind {
            case .missing(let name): "\(name) is missing"
            default: error.message
            }
        return WebResponse(error.status, json: ["error": Failure(code: error.kind.code, message: message)])
    }

    static func json(_ status: Int, _ bytes: [UInt8]) -> WebResponse {
        WebResponse(status, text: bytes, type: "application/json")
    }

    /// Without its events.
    static var eventStream: WebResponse {
        var response = WebResponse(200)
        response.headers = [("content-type", "text/event-stream"), ("cache-control", "no-store")]
        return response
    }
}

extension Job {
    /// As clients count them: Unicode scalars of all texts.
    fileprivate var characters: Int {
        sources.reduce(0) { count, source in
            switch source {
            case .text(let text): count + text.unicodeScalars.count
            case .tokens(let tokens): tokens.reduce(count) { $0 + $1.unicodeScalars.count }
            }
        }
    }
}
