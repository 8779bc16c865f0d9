import JobModel

/// What peers of each role do when they do nothing wrong.
extension Peer {
    // A producer.

    func submit(_ jobs: [Job]) throws -> [Verdict] {
        let answer = try ask(.submit(jobs))
        guard case .submitReply(let verdicts) = answer else {
            throw Silence(description: "a verdict was expected, and came: \(answer)")
        }
        return verdicts
    }

    /// - Throws: The rejection.
    @discardableResult
    func accept(_ job: Job) throws -> JobID {
        guard let verdict = try submit([job]).first else { throw Silence(description: "no verdict") }
        if case .rejected(let rejection) = verdict.outcome { throw rejection }
        return job.id
    }

    /// Why a job is not taken.
    func rejection(of job: Job) throws -> Rejection {
        guard let verdict = try submit([job]).first, case .rejected(let rejection) = verdict.outcome else {
            throw Silence(description: "the job was accepted")
        }
        return rejection
    }

    func cancel(_ jobs: [JobID]) throws -> [JobState?] {
        let answer = try ask(.cancel(jobs))
        guard case .cancelReply(let states) = answer else {
            throw Silence(description: "states were expected, and came: \(answer)")
        }
        return states
    }

    func report(on job: JobID) throws -> JobReport {
        let answer = try ask(.jobQuery(job))
        guard case .jobReport(let report) = answer else {
            throw Silence(description: "a report was expected, and came: \(answer)")
        }
        return report
    }

    func status() throws -> StatusReport {
        let answer = try ask(.statusQuery())
        guard case .statusReport(let report) = answer else {
            throw Silence(description: "a report was expected, and came: \(answer)")
        }
        return report
    }

    func deadLetters(_ request: DeadLetterRequest) throws -> [JobReport] {
        let answer = try ask(.deadLetterRequest(request))
        guard case .deadLetterReply(let reports) = answer else {
            throw Silence(description: "dead letters were expected, and came: \(answer)")
        }
        return reports
    }

    /// The first page of jobs in any state.
    func list(_ request: JobListRequest = JobListRequest(), scope: TenantScope? = nil) throws -> JobList {
        let answer = try ask(.jobListRequest(request, scope: scope))
        guard case .jobListReply(let list) = answer else {
            throw Silence(description: "jobs were expected, and came: \(answer)")
        }
        return list
    }

    // A worker.

    func hello(_ instance: String, models: [ModelOffer], window: UInt64) throws -> Welcome {
        let answer = try ask(.hello(Hello(instance: instance, models: models, leases: [], window: window)))
        guard case .welcome(let welcome) = answer else {
            throw Silence(description: "a welcome was expected, and came: \(answer)")
        }
        return welcome
    }

    func assignment() throws -> Assign {
        try receive("an assignment") { if case .assign(let assign) = $0 { assign } else { nil } }
    }

    /// Does the work, and waits until that is written down.
    func finish(_ assign: Assign) throws {
        try sendResult(of: assign)
        try settled(assign.lease)
    }

    /// Every text in capitals.
    func sendResult(of assign: Assign) throws {
        try send(
            .done(
                Done(
                    lease: assign.lease, outputs: assign.content.sources.map(Output.init(scripted:)), sourceTokens: 3,
                    sentences: 1)))
    }

    func fail(_ assign: Assign, _ failure: Failure, isRetryable: Bool) throws {
        try send(.fail(Fail(lease: assign.lease, failure: failure, isRetryable: isRetryable)))
        try settled(assign.lease)
    }

    /// Waits for a settlement; what comes before it is kept for later.
    func settled(_ lease: LeaseName) throws {
        try wait(for: "the settlement of \(lease)") { if case .settled([lease]) = $0.body { () } else { nil } }
    }

    // A consumer.

    func attach(_ name: String, from sequence: UInt64? = nil) throws -> Attached {
        let answer = try ask(.attach(consumer: name, fromSequence: sequence))
        guard case .attached(let attached) = answer else {
            throw Silence(description: "an attachment was expected, and came: \(answer)")
        }
        try send(.resultCredit(ResultCredit(records: 10_000, bytes: 64 << 20)))
        return attached
    }

    func record() throws -> Record {
        try receive("a record") { if case .record(let record, _) = $0 { record } else { nil } }
    }

    /// - Returns: What the broker has written down.
    func acknowledge(upTo sequence: UInt64) throws -> UInt64 {
        let answer = try ask(.ack(upTo: sequence))
        guard case .acked(let sequence) = answer else {
            throw Silence(description: "an acknowledgement was expected, and came: \(answer)")
        }
        return sequence
    }
}

extension ModelOffer {
    /// What workers offer that are run by a test.
    static let scripted = ModelOffer(name: "scripted", sourceLanguage: "en", targetLanguage: "fr")
}

extension Job {
    init(id: JobID = .random(), _ text: String, model: String = ModelOffer.scripted.name) {
        self.init(id: id, [.text(text)])
        self.model = .named(model)
    }
}

extension Output {
    init(scripted source: Source) {
        let text =
            switch source {
            case .text(let text): text.uppercased()
            case .tokens(let tokens): Tokens.join(tokens).uppercased()
            }
        var hypothesis = Hypothesis(text: text, score: -1)
        hypothesis.segmentScores = [SegmentScore(score: -1, weight: 1)]
        self.init(hypotheses: [hypothesis])
    }
}
