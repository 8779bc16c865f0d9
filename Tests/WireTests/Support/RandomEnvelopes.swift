import JobModel
import TestKit

/// Messages of every kind, with every field at some time absent, zero, small, and at its limit.
struct RandomEnvelopes {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    static let kinds = 36

    mutating func envelope(kind: Int? = nil) -> Envelope {
        let body = body(kind ?? random.integer(0...Self.kinds - 1))
        return Envelope(
            body, correlation: (0..<random.choice([0, 8, 64])).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private mutating func body(_ kind: Int) -> Envelope.Body {
        switch kind {
        case 0: .fault(Fault(random.choice(Fault.Code.allCases), text()))
        case 1: .submit(some { $0.job() })
        case 2: .submitReply(some { Verdict(job: $0.id(), $0.outcome()) })
        case 3: .cancel(some { $0.id() }, scope: maybe { $0.scope() })
        case 4: .cancelReply(some { $0.random.choice([nil] + JobState.allCases) })
        case 5: .jobQuery(id(), scope: maybe { $0.scope() })
        case 6: .jobReport(report())
        case 7: .statusQuery(scope: scope())
        case 8: .statusReport(status())
        case 9: .deadLetterRequest(deadLetterRequest(), scope: maybe { $0.scope() })
        case 10: .deadLetterReply(some { $0.report() })
        default: workBody(kind) ?? resultBody(kind)
        }
    }

    private mutating func workBody(_ kind: Int) -> Envelope.Body? {
        switch kind {
        case 11:
            .hello(
                Hello(
                    instance: word(), models: some { $0.offer() }, leases: some { $0.lease() },
                    window: number(), incarnation: positive(), unavailableModels: some { $0.unavailableModel() }))
        case 12: .workCredit(window: number())
        case 13: .workerBeat(WorkerBeat(leases: some { $0.lease() }, loadedModels: some { $0.word() }))
        case 14:
            .done(
                Done(
                    lease: lease(), outputs: some { $0.output() }, sourceTokens: number(), sentences: number()))
        case 15: .fail(Fail(lease: lease(), failure: failure(), isRetryable: random.flag()))
        case 16: .goodbye(unstarted: some { $0.lease() })
        case 17:
            .welcome(
                Welcome(
                    epoch: number(), heartbeatMilliseconds: number(),
                    silenceMilliseconds: number(), leases: some { $0.lease() }))
        case 18: .assign(assign())
        case 19: .brokerBeat(BrokerBeat(epoch: number(), cancelled: some { $0.lease() }, isDraining: random.flag()))
        case 20: .settled(some { $0.lease() })
        default: nil
        }
    }

    private mutating func resultBody(_ kind: Int) -> Envelope.Body {
        switch kind {
        case 21: .attach(consumer: word(), fromSequence: positive())
        case 22: .resultCredit(ResultCredit(records: number(), bytes: number()))
        case 23: .ack(upTo: number())
        case 24: .detach
        case 25:
            .attached(
                Attached(
                    epoch: number(), nextSequence: number(), lastSequence: number(), heartbeatMilliseconds: number(),
                    logID: logID()))
        case 26: .record(record(), epoch: number())
        case 27: random.flag() ? .acked(upTo: number()) : .heartbeat(epoch: number(), lastSequence: number())
        case 28: .consumerRequest(random.flag() ? .list : .remove(some { $0.word() }), scope: scope())
        case 29: .consumerReply(some { $0.consumer() })
        case 30: .modelRequest(random.flag() ? .list : .remove(some { $0.word() }))
        case 31: .modelReply(some { $0.model() })
        case 32: .jobListRequest(jobListRequest(), scope: maybe { $0.scope() })
        case 33: .jobListReply(jobList())
        case 34: .glossaryRequest(glossaryRequest())
        case 35: .glossaryReply(some { $0.namedGlossary() })
        default: preconditionFailure("there are \(Self.kinds) kinds")
        }
    }
}

// Values.
extension RandomEnvelopes {
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>() -> Number {
        switch random.integer(0...4) {
        case 0: 0
        case 1: .max
        case 2: Number.random(in: 1...127, using: &random)
        default: Number.random(in: .min ... .max, using: &random) >> Number(random.integer(0...Number.bitWidth - 1))
        }
    }

    /// Of what the protocol has in 32 bits.
    mutating func count() -> Int { Int(number() as UInt32) }

    /// Of what it has in 64.
    mutating func size() -> Int { Int(number() as UInt64 >> 1) }

    mutating func positive() -> UInt64? {
        let value: UInt64 = number()
        return value == 0 ? nil : value
    }

    mutating func float() -> Float {
        switch random.integer(0...5) {
        case 0: 0
        case 1: -0.0
        case 2: random.choice([.infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
        default: Float.random(in: -100...100, using: &random)
        }
    }

    mutating func some<Value>(_ make: (inout RandomEnvelopes) -> Value) -> [Value] {
        let count = random.choice([0, 1, 2, 3, random.integer(0...40)])
        return (0..<count).map { _ in make(&self) }
    }

    mutating func maybe<Value>(_ make: (inout RandomEnvelopes) -> Value) -> Value? {
        random.flag() ? make(&self) : nil
    }

    mutating func text() -> String {
        let parts = [
            "", "Hello there.", "▁", "Где вокзал?", "\n", "\r\n", " ", "駅はどこですか", "e\u{301}", "🜁", "\u{1}", "\u{FFFF}",
        ]
        return (0..<random.choice([0, 1, 1, 2, 30])).map { _ in random.choice(parts) }.joined()
    }

    mutating func word() -> String { random.choice(["", "a", "demo-en-fr", String(repeating: "w", count: 128)]) }

    mutating func name() -> String { random.choice(["a", "demo-en-fr", String(repeating: "ß", count: 64)]) }

    mutating func language() -> String { random.choice(["en", "fra", String(repeating: "l", count: 35)]) }

    mutating func id() -> JobID {
        random.oneIn(8) ? JobID(high: 0, low: 0) : JobID(high: random.next(), low: random.next())
    }

    mutating func failure() -> Failure { Failure(text(), text()) }

    mutating func lease() -> LeaseName {
        LeaseName(chunk: ChunkID(job: id(), index: number()), token: number())
    }

    mutating func unavailableModel() -> UnavailableModel { UnavailableModel(name: word(), reason: text()) }

    mutating func offer() -> ModelOffer {
        ModelOffer(
            name: word(), sourceLanguage: language(), targetLanguage: random.choice(["", "fr"]), languages: languages())
    }

    mutating func languages() -> [LanguageSet] {
        guard random.flag() else { return [] }
        return some { LanguageSet(source: $0.some { $0.language() }, target: $0.some { $0.language() }) }
    }
}

// Messages.
extension RandomEnvelopes {
    mutating func outcome() -> Verdict.Outcome {
        random.flag()
            ? .accepted(duplicate: random.flag())
            : .rejected(
                Rejection(random.choice(Rejection.Code.allCases), text(), retryAfterMilliseconds: number()))
    }

    mutating func source() -> Source { random.flag() ? .text(text()) : .tokens(some { $0.text() }) }

    mutating func job() -> Job {
        var job = Job(id: id(), some { $0.source() })
        job.digest = (0..<random.choice([0, 16, 32])).map { UInt8($0) }
        switch random.integer(0...4) {
        case 0: job.model = .named(name())
        case 1: job.model = .languages(source: language(), target: language())
        case 2: job.model = .model(name(), LanguageSelection(source: maybe { $0.language() }, target: language()))
        case 3: job.model = .model(name(), LanguageSelection(source: language()))
        default: job.model = .onlyOne
        }
        if random.flag() { job.options = options() }
        if random.oneIn(3) { job.glossary = glossary() }
        if random.oneIn(5) { job.glossaryName = "terms" }
        job.priority = count()
        job.deadlineMilliseconds = positive()
        job.maximumAttempts = random.choice([nil, 1, 100])
        job.topic = random.choice(["", "news", String(repeating: "t", count: 255)])
        job.trace = word()
        job.wantsPartialResults = random.flag()
        job.wantsTokens = random.flag()
        return job
    }

    /// Empty lists and words, and false, are what the protocol has for "not given".
    mutating func options() -> SearchOptions {
        var options = SearchOptions()
        options.beamSize = maybe { $0.count() }
        options.nBest = maybe { $0.count() }
        options.lengthPenalty = maybe { $0.float() }
        options.maximumLength = maybe { $0.count() }
        options.minimumLength = maybe { $0.count() }
        options.maximumLengthRatio = maybe { $0.float() }
        options.minimumLengthRatio = maybe { $0.float() }
        options.earlyStopping = maybe { $0.random.choice(EarlyStoppingRule.allCases) }
        options.patience = maybe { $0.float() }
        options.repetitionPenalty = maybe { $0.float() }
        options.noRepeatNgramSize = maybe { $0.count() }
        options.suppress = maybe { ["a"] + $0.some { $0.text() } }
        options.forceFirstToken = maybe { $0.name() }
        options.prefix = maybe { $0.source() }
        options.renormalizeScores = maybe { $0.random.flag() }
        options.samplingTopK = maybe { $0.count() }
        options.samplingTopP = maybe { $0.float() }
        options.temperature = maybe { $0.float() }
        options.seed = maybe { $0.number() }
        options.alignments = maybe { _ in true }
        options.returnScores = maybe { $0.random.flag() }
        options.disallowUnknown = maybe { $0.random.flag() }
        options.split = maybe { $0.random.choice(SplitRule.allCases) }
        options.maximumSegmentLength = maybe { $0.count() }
        options.paragraphs = maybe { $0.random.flag() }
        options.wrap = maybe { $0.count() }
        options.translateNumbers = maybe { $0.random.flag() }
        options.markup = maybe { $0.random.choice(MarkupLanguage.allCases) }
        options.ignoreTags = maybe { ["a"] + $0.some { $0.text() } }
        options.splittingTags = maybe { ["a"] + $0.some { $0.text() } }
        options.nonSplittingTags = maybe { ["a"] + $0.some { $0.text() } }
        options.secondPass = maybe { $0.random.flag() }
        return options
    }

    mutating func report() -> JobReport {
        var report = JobReport(job: id(), state: random.choice([nil] + JobState.allCases))
        report.chunks = count()
        report.chunksDone = count()
        report.attempts = count()
        report.priority = count()
        report.sequence = positive()
        report.acceptedAt = number()
        report.finishedAt = positive()
        report.expiresAt = positive()
        report.failure = maybe { $0.failure() }
        report.model = word()
        report.topic = word()
        report.retryOf = maybe { $0.id() }
        report.tenant = tenant()
        return report
    }

    mutating func tenant() -> String { random.choice(["", "shop", String(repeating: "t", count: 64)]) }

    mutating func scope() -> TenantScope { random.choice([.visible, .all, .tenant("shop")]) }

    mutating func deadLetterRequest() -> DeadLetterRequest {
        switch random.integer(0...2) {
        case 0: .list(after: number(), tenant: tenant(), limit: random.choice([1, 1000]))
        case 1: .retry(some { $0.id() })
        default: .drop(some { $0.id() })
        }
    }

    mutating func jobListRequest() -> JobListRequest {
        var filter = JobFilter()
        filter.states = Set(some { $0.random.choice(JobState.allCases) }.prefix(6))
        filter.topic = maybe { $0.random.choice(["a", String(repeating: "t", count: 255)]) }
        filter.model = maybe { $0.random.choice(["a", String(repeating: "m", count: 128)]) }
        filter.olderThanMilliseconds = number()
        return JobListRequest(filter, after: number(), upTo: positive(), limit: random.choice([1, 1000]))
    }

    mutating func jobList() -> JobList {
        var list = JobList()
        list.jobs = some { $0.report() }
        list.next = positive()
        list.last = number()
        return list
    }

    mutating func assign() -> Assign {
        Assign(
            lease: lease(), attempt: number(), cost: number(), deadlineMilliseconds: positive(), priority: count(),
            isAlone: random.flag(),
            content: ChunkContent(
                sources: some { $0.source() }, options: maybe { $0.options() } ?? SearchOptions(), model: word(),
                trace: word(), wantsTokens: random.flag(), glossary: maybe { $0.glossary() }))
    }

    mutating func glossary() -> Glossary {
        let entries = (0...random.integer(0...3)).map { index in
            Glossary.Entry(source: "term \(index)", target: random.choice(["", "Où", "x y", "term \(index)"]))
        }
        guard let glossary = try? Glossary(entries) else { preconditionFailure("these entries can be") }
        return glossary
    }

    mutating func glossaryRequest() -> GlossaryRequest {
        switch random.integer(0...3) {
        case 0: .list
        case 1: .get(word())
        case 2: .put(namedGlossary(), onlyNew: random.flag())
        default: .remove(some { $0.word() })
        }
    }

    mutating func namedGlossary() -> NamedGlossary {
        let source = random.choice([nil, "en"]), target = random.choice([nil, "pt-BR"])
        var named = NamedGlossary(
            random.choice(["shop", "é"]), glossary(), languages: LanguageSelection(source: source, target: target))
        (named.version, named.createdAt) = (number(), number())
        return named
    }

    mutating func output() -> Output {
        var output = Output(hypotheses: some { $0.hypothesis() })
        output.glossaryHits = count()
        output.glossaryMisses = some { $0.text() }
        output.confidence = maybe { $0.random.choice([0, 0.25, 1, .leastNonzeroMagnitude]) }
        output.suspicion = maybe { $0.random.choice([.repetition, .length, .copy, .script]) }
        return output
    }

    mutating func hypothesis() -> Output.Hypothesis {
        var hypothesis = Output.Hypothesis(text: text(), score: maybe { $0.float() }, isTruncated: random.flag())
        hypothesis.tokens = some { $0.text() }
        hypothesis.tokenScores = some { $0.float() }
        let rows = some { $0.some { $0.float() } }
        hypothesis.alignment = rows.isEmpty ? nil : rows
        hypothesis.segmentScores = some { SegmentScore(score: $0.float(), weight: $0.number()) }
        return hypothesis
    }

    mutating func record() -> Record {
        let state = random.choice([JobState.running, .done, .dead, .expired, .cancelled])
        var record = Record(sequence: number(), job: id(), state: state)
        record.outputs = some { $0.output() }
        record.failure = maybe { $0.failure() }
        record.topic = word()
        record.trace = word()
        record.model = word()
        record.acceptedAt = number()
        record.finishedAt = number()
        record.attempts = count()
        record.pieces = some { $0.piece() }
        record.retryOf = maybe { $0.id() }
        return record
    }

    mutating func piece() -> Piece {
        guard random.flag() else { return Piece(source: count()) }
        let end = max(1, size())
        return Piece(source: count(), bytes: random.integer(0...end)..<end)
    }

    private mutating func logID() -> LogID? { random.flag() ? LogID(bytes: id().bytes) : nil }

    mutating func status() -> StatusReport {
        var status = StatusReport()
        status.version = word()
        status.refusal = word()
        status.epoch = number()
        status.uptimeMilliseconds = number()
        status.isDraining = random.flag()
        status.queuedJobs = size()
        status.queuedChunks = size()
        status.leasedChunks = size()
        status.queuedBytes = size()
        status.deadJobs = size()
        status.accepted = number()
        status.rejected = number()
        status.done = number()
        status.failed = number()
        status.expired = number()
        status.cancelled = number()
        status.leasesLost = number()
        status.oldestQueuedMilliseconds = number()
        status.jobWait = maybe { $0.latency() }
        status.jobDuration = maybe { $0.latency() }
        status.sourceTokens = number()
        status.sentences = number()
        status.workers = some { $0.worker() }
        status.models = some { $0.model() }
        status.consumers = some { $0.consumer() }
        status.lastSequence = number()
        status.logID = logID()
        status.tenant = tenant()
        status.isOfAllTenants = random.flag()
        status.workerCount = size()
        return status
    }

    mutating func latency() -> StatusReport.Latency {
        var latency = StatusReport.Latency()
        latency.count = number()
        latency.p50Milliseconds = number()
        latency.p90Milliseconds = number()
        latency.p99Milliseconds = number()
        return latency
    }

    mutating func worker() -> StatusReport.WorkerStatus {
        var worker = StatusReport.WorkerStatus()
        worker.instance = word()
        worker.silentMilliseconds = number()
        worker.leasedChunks = size()
        worker.leasedTokens = size()
        worker.windowTokens = size()
        worker.models = some { $0.word() }
        worker.loadedModels = some { $0.word() }
        worker.unavailableModels = some { $0.unavailableModel() }
        worker.isDraining = random.flag()
        worker.isUnreachable = random.flag()
        worker.done = number()
        worker.failed = number()
        worker.sourceTokensPerSecond = Double(float())
        return worker
    }

    mutating func model() -> StatusReport.ModelStatus {
        var model = StatusReport.ModelStatus()
        model.name = word()
        model.sourceLanguage = language()
        model.targetLanguage = language()
        model.languages = languages()
        model.workers = size()
        model.queuedChunks = size()
        model.leasedChunks = size()
        model.done = number()
        model.sourceTokensPerSecond = Double(float())
        model.sentencesPerSecond = Double(float())
        model.absentMilliseconds = number()
        return model
    }

    mutating func consumer() -> StatusReport.ConsumerStatus {
        var consumer = StatusReport.ConsumerStatus()
        consumer.name = word()
        consumer.acknowledged = number()
        consumer.isAttached = random.flag()
        consumer.tenant = tenant()
        consumer.lastSequence = number()
        consumer.absentMilliseconds = number()
        consumer.isAbandoned = random.flag()
        return consumer
    }
}
