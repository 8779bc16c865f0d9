import Foundation
import JobModel

/// What the vectors of `Fixtures/vectors.txt` say, by name.
enum GoldenVectors {
    static let bytes: [String: [UInt8]] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/vectors.txt")
        var bytes: [String: [UInt8]] = [:]
        for line in (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: ":")
            let digits = Array(parts[1].dropFirst())
            bytes[String(parts[0])] = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
        }
        return bytes
    }()

    static let envelopes: [String: Envelope] = producers.merging(workers) { $1 }.merging(consumers) { $1 }

    private static let producers: [String: Envelope] = [
        "fault": Envelope(.fault(Fault(.tooLarge, "the frame is too large")), correlation: [UInt8(ascii: "c")]),
        "submit": Envelope(
            .submit([fullJob, zeroJob, Job(id: JobID(high: 0, low: 0), [])]), correlation: Array(0..<64)),
        "submit FULL": Envelope(.submit([job { $0.options.earlyStopping = .full }])),
        "submit HEURISTIC": Envelope(.submit([job { $0.options.earlyStopping = .heuristic }])),
        "submit disallow_unknown True": Envelope(.submit([job { $0.options.disallowUnknown = true }])),
        "submit disallow_unknown False": Envelope(.submit([job { $0.options.disallowUnknown = false }])),
        "submit second_pass True": Envelope(.submit([job { $0.options.secondPass = true }])),
        "submit second_pass False": Envelope(.submit([job { $0.options.secondPass = false }])),
        "submit with a glossary": Envelope(
            .submit([
                job {
                    $0.wantsTokens = true
                    $0.glossary = glossary
                }
            ])),
        "submit with a glossary's name": Envelope(.submit([job { $0.glossaryName = "shop" }])),
        "glossary list": Envelope(.glossaryRequest(.list)),
        "glossary get": Envelope(.glossaryRequest(.get("shop"))),
        "glossary put": Envelope(.glossaryRequest(.put(named(version: 0), onlyNew: true))),
        "glossary remove": Envelope(.glossaryRequest(.remove(["shop", "é"]))),
        "glossary reply": Envelope(
            .glossaryReply([
                named(version: 3), named(version: .max).summary,
                NamedGlossary(
                    "other", version: 0, languages: LanguageSelection(), createdAt: 0, termCount: 0, byteCount: 0),
            ])),
        "submit split NONE": Envelope(.submit([segmented(.nowhere)])),
        "submit split NEWLINES": Envelope(.submit([segmented(.newlines)])),
        "submit split SENTENCES": Envelope(.submit([segmented(.sentences)])),
        "submit markup HTML": Envelope(.submit([marked(.html)])),
        "submit markup XML": Envelope(.submit([marked(.xml)])),
        "submit for languages of a model": Envelope(
            .submit([job { $0.model = .model("many", LanguageSelection(source: "en", target: "pt-BR")) }])),
        "submit long text": Envelope(
            .submit([job { $0.sources = [.text(String(repeating: "é", count: 10_000))] }])),
        "submit nothing": Envelope(.submit([])),
        "submit reply": Envelope(
            .submitReply([
                Verdict(job: id(0), .accepted(duplicate: true)),
                Verdict(job: id(1), .accepted(duplicate: false)),
                Verdict(job: id(2), .rejected(Rejection(.retryLater, "full", retryAfterMilliseconds: 1500))),
                Verdict(job: id(3), .rejected(Rejection(.unsupported, ""))),
            ])),
        "cancel": Envelope(.cancel([id(0), id(16)])),
        "cancel reply": Envelope(.cancelReply([nil, .queued, .running, .done, .dead, .expired, .cancelled])),
        "job query": Envelope(.jobQuery(id(240))),
        "job report": Envelope(.jobReport(report)),
        "job report of an unknown job": Envelope(.jobReport(JobReport(job: id(0)))),
        "status query": Envelope(.statusQuery()),
        "status report": Envelope(.statusReport(status)),
        "status report of nothing": Envelope(.statusReport(StatusReport())),
        "status report of a log with an identity": Envelope(.statusReport(statusOfIdentifiedLog)),
        "status report of a worker that cannot load a model": Envelope(.statusReport(statusOfUnavailableModel)),
        "status report of a model of several languages": Envelope(.statusReport(statusOfLanguages)),
        "status report of what waits and how long jobs take": Envelope(.statusReport(statusOfLatency)),
        "dead letters list": Envelope(.deadLetterRequest(.list(after: 9, limit: 1000))),
        "dead letters retry": Envelope(.deadLetterRequest(.retry([id(0)]))),
        "dead letters drop": Envelope(.deadLetterRequest(.drop([]))),
        "cancel of another tenant's": Envelope(.cancel([id(0)], scope: .tenant("shop"))),
        "job query of all tenants": Envelope(.jobQuery(id(240), scope: .all)),
        "job query of what is visible": Envelope(.jobQuery(id(240), scope: .visible)),
        "job report of a tenant": Envelope(.jobReport(reportOfTenant)),
        "status query of a tenant": Envelope(.statusQuery(scope: .tenant("shop"))),
        "status report of all tenants": Envelope(.statusReport(statusOfAllTenants)),
        "dead letters list of all tenants": Envelope(
            .deadLetterRequest(.list(after: 9, tenant: "shop", limit: 10), scope: .all)),
        "dead letters drop of a tenant": Envelope(.deadLetterRequest(.drop([id(0)]), scope: .tenant("shop"))),
        "consumers list": Envelope(.consumerRequest(.list, scope: .all)),
        "consumers remove": Envelope(.consumerRequest(.remove(["a", "b"]))),
        "consumer reply": Envelope(.consumerReply([consumer("a") { ($0.acknowledged, $0.tenant) = (7, "shop") }])),
        "models list": Envelope(.modelRequest(.list)),
        "models remove": Envelope(.modelRequest(.remove(["x"]))),
        "model reply": Envelope(.modelReply([model("x") { $0.absentMilliseconds = 1 }])),
        "job list request": Envelope(.jobListRequest(listRequest, scope: .tenant("shop"))),
        "job list request of all": Envelope(.jobListRequest(JobListRequest(limit: 1))),
        "job list reply": Envelope(.jobListReply(list)),
        "job list reply, the last": Envelope(.jobListReply(JobList())),
        "dead letter reply": Envelope(.deadLetterReply([report, JobReport(job: id(0), state: .dead)])),
    ]

    private static let listRequest = {
        var filter = JobFilter()
        filter.states = JobFilter.unfinished
        filter.topic = "news"
        filter.model = "demo-en-fr"
        filter.olderThanMilliseconds = 7_200_000
        return JobListRequest(filter, after: 300, upTo: .max, limit: 1000)
    }()

    private static let list = {
        var list = JobList()
        list.jobs = [report]
        list.next = 300
        list.last = 70_000
        return list
    }()

    private static let statusOfIdentifiedLog = {
        var status = StatusReport()
        status.logID = LogID(bytes: Array(64..<80))
        return status
    }()

    private static let statusOfUnavailableModel: StatusReport = {
        var worker = StatusReport.WorkerStatus()
        worker.instance = "host-1/2"
        worker.unavailableModels = [UnavailableModel(name: "demo-en-fr", reason: "there is no such folder")]
        var report = StatusReport()
        report.workers = [worker]
        return report
    }()

    private static let statusOfLatency: StatusReport = {
        var wait = StatusReport.Latency()
        (wait.count, wait.p50Milliseconds, wait.p90Milliseconds, wait.p99Milliseconds) = (1000, 5, 300, 70_000)
        var report = StatusReport()
        report.oldestQueuedMilliseconds = 70_000
        (report.expired, report.cancelled, report.leasesLost) = (1, 300, .max)
        report.jobWait = wait
        report.jobDuration = StatusReport.Latency()
        return report
    }()

    private static let statusOfLanguages: StatusReport = {
        var report = StatusReport()
        report.models = [
            model("many") {
                $0.languages = [
                    LanguageSet(source: ["en"], target: ["fr", "de"]), LanguageSet(source: [], target: []),
                ]
            }
        ]
        return report
    }()

    private static let workers: [String: Envelope] = [
        "hello with a model of several languages": Envelope(
            .hello(
                Hello(
                    instance: "a",
                    models: [
                        ModelOffer(
                            name: "many",
                            languages: [
                                LanguageSet(source: ["en", "fr"], target: ["de"]),
                                LanguageSet(source: [], target: ["fr"]),
                            ])
                    ], leases: [], window: 1))),
        "hello": Envelope(
            .hello(
                Hello(
                    instance: "host-1/2",
                    models: [
                        ModelOffer(name: "demo-en-fr", sourceLanguage: "en", targetLanguage: "fr"),
                        ModelOffer(name: "x"),
                    ],
                    leases: [lease(0, 0, 0), lease(16, .max, .max)], window: 8192))),
        "hello of an incarnation": Envelope(
            .hello(
                Hello(
                    instance: "host-1/2", models: [], leases: [], window: 1, incarnation: .max,
                    unavailableModels: [
                        UnavailableModel(name: "demo-en-fr", reason: "there is no such folder"),
                        UnavailableModel(name: "", reason: ""),
                    ]))),
        "work credit": Envelope(.workCredit(window: .max)),
        "no work credit": Envelope(.workCredit(window: 0)),
        "worker beat": Envelope(.workerBeat(WorkerBeat(leases: [lease(0, 1, 2)], loadedModels: ["demo-en-fr", "x"]))),
        "done": Envelope(
            .done(
                Done(
                    lease: lease(0, 1, 1 << 40 + 1),
                    outputs: [
                        Output(hypotheses: [hypothesis, Output.Hypothesis(text: "", score: 0)]), Output(hypotheses: []),
                    ],
                    sourceTokens: 12, sentences: 1))),
        "fail": Envelope(.fail(Fail(lease: lease(0, 1, 2), failure: failure, isRetryable: true))),
        "fail for ever": Envelope(.fail(Fail(lease: lease(0, 0, 0), failure: Failure("", ""), isRetryable: false))),
        "goodbye": Envelope(.goodbye(unstarted: [lease(0, 1, 2), lease(16, 3, 4)])),
        "welcome": Envelope(
            .welcome(
                Welcome(
                    epoch: 3, heartbeatMilliseconds: 1000, silenceMilliseconds: 5000,
                    leases: [lease(0, 1, 2)]))),
        "assign": Envelope(
            .assign(
                Assign(
                    lease: lease(0, 1, 2), attempt: 2, cost: 600, deadlineMilliseconds: 60000, priority: 1,
                    isAlone: true,
                    content: ChunkContent(
                        sources: [.text("Hello."), .tokens(["a"])], options: options { $0.seed = 0 },
                        model: "demo-en-fr", trace: "t", wantsTokens: true)))),
        "assign between languages of a model": Envelope(
            .assign(
                Assign(
                    lease: lease(0, 1, 2), attempt: 1, cost: 0, deadlineMilliseconds: nil, priority: 0, isAlone: false,
                    content: ChunkContent(
                        sources: [], options: SearchOptions(), model: "many",
                        languages: LanguageSelection(source: "en", target: "pt-BR"))))),
        "assign with a glossary": Envelope(
            .assign(
                Assign(
                    lease: lease(0, 1, 2), attempt: 1, cost: 0, deadlineMilliseconds: nil, priority: 0, isAlone: false,
                    content: ChunkContent(sources: [], options: SearchOptions(), model: "m", glossary: glossary)))),
        "broker beat": Envelope(.brokerBeat(BrokerBeat(epoch: 3, cancelled: [lease(0, 1, 2)], isDraining: true))),
        "settled": Envelope(.settled([lease(0, 1, 2)])),
    ]

    private static let consumers: [String: Envelope] = [
        "attach": Envelope(.attach(consumer: "printer", fromSequence: 5)),
        "result credit": Envelope(.resultCredit(ResultCredit(records: .max, bytes: 1 << 30))),
        "ack": Envelope(.ack(upTo: .max)),
        "detach": Envelope(.detach),
        "attached": Envelope(
            .attached(Attached(epoch: 1, nextSequence: 2, lastSequence: 3, heartbeatMilliseconds: 1000))),
        "attached to a log with an identity": Envelope(
            .attached(
                Attached(
                    epoch: 1, nextSequence: 2, lastSequence: 3, heartbeatMilliseconds: 1000,
                    logID: LogID(bytes: Array(64..<80))))),
        "record": Envelope(
            .record(
                record(.done, 70000) {
                    $0.outputs = [
                        Output(hypotheses: [hypothesis, Output.Hypothesis(text: "a", score: nil)]),
                        Output(hypotheses: []),
                    ]
                    $0.topic = "news"
                    $0.trace = "t"
                    $0.model = "demo-en-fr"
                    $0.acceptedAt = 1_760_000_000_000
                    $0.finishedAt = 1_760_000_000_500
                    $0.attempts = 2
                    $0.retryOf = id(32)
                }, epoch: 4)),
        "record with terms": Envelope(
            .record(
                record(.done, 1) {
                    var output = Output(hypotheses: [Output.Hypothesis(text: "a", score: 0)])
                    output.glossaryHits = 300
                    output.glossaryMisses = ["chat", "é"]
                    $0.outputs = [output]
                }, epoch: 0)),
        "record with a confidence": Envelope(
            .record(
                record(.done, 1) {
                    var doubtful = Output(hypotheses: [Output.Hypothesis(text: "a", score: 0)])
                    (doubtful.confidence, doubtful.suspicion) = (0.25, .script)
                    var worse = Output(hypotheses: [Output.Hypothesis(text: "b", score: 0)])
                    (worse.confidence, worse.suspicion) = (0, .repetition)
                    $0.outputs = [doubtful, worse]
                }, epoch: 0)),
        "record of a dead job": Envelope(.record(record(.dead, 1) { $0.failure = failure }, epoch: 0)),
        "partial record": Envelope(
            .record(
                record(.running, 0) {
                    $0.outputs = [Output(hypotheses: []), Output(hypotheses: [])]
                    $0.pieces = [Piece(source: 1, bytes: 100..<20000), Piece(source: 2)]
                }, epoch: 0)),
        "acked": Envelope(.acked(upTo: 9)),
        "heartbeat": Envelope(.heartbeat(epoch: 4, lastSequence: 70000)),
    ]
}

extension GoldenVectors {
    /// 16 bytes, each one more than the one before.
    static func id(_ first: UInt8) -> JobID {
        func half(_ first: UInt8) -> UInt64 { (0..<8).reduce(0) { $0 << 8 | UInt64(first + $1) } }
        return JobID(high: half(first), low: half(first + 8))
    }

    private static let glossary = try? Glossary([
        .init(source: "ice cream", target: "crème glacée"), .init(source: "Acme", target: ""),
    ])

    private static func named(version: UInt64) -> NamedGlossary {
        guard let glossary else { preconditionFailure("these terms can be") }
        var named = NamedGlossary("shop", glossary, languages: LanguageSelection(source: "en", target: "fr"))
        named.version = version
        named.createdAt = 1_700_000_000_000
        return named
    }

    private static func lease(_ job: UInt8, _ chunk: UInt32, _ token: UInt64) -> LeaseName {
        LeaseName(chunk: ChunkID(job: id(job), index: chunk), token: token)
    }

    static func job(_ change: (inout Job) -> Void) -> Job {
        var job = Job(id: id(0), [])
        change(&job)
        return job
    }

    /// A job that says how its texts are cut.
    private static func segmented(_ split: SplitRule) -> Job {
        job {
            $0.options.split = split
            $0.options.maximumSegmentLength = 40
            $0.options.paragraphs = true
            $0.options.wrap = 72
            $0.options.translateNumbers = false
        }
    }

    /// A job whose texts have markup.
    private static func marked(_ language: MarkupLanguage) -> Job {
        job {
            $0.options.markup = language
            $0.options.ignoreTags = ["x"]
            $0.options.splittingTags = ["y", "z"]
            $0.options.nonSplittingTags = ["g"]
        }
    }

    private static func options(_ change: (inout SearchOptions) -> Void) -> SearchOptions {
        var options = SearchOptions()
        change(&options)
        return options
    }

    private static func record(_ state: JobState, _ sequence: UInt64, _ change: (inout Record) -> Void) -> Record {
        var record = Record(sequence: sequence, job: id(0), state: state)
        change(&record)
        return record
    }

    private static let failure = Failure("worker_lost", "the worker was lost 5 times")

    private static let fullJob = job {
        $0.digest = Array(0..<32)
        $0.model = .named("demo-en-fr")
        $0.sources = [
            .text("Where is the train station?\n\nÀ bientôt 🜁"), .tokens(["▁Hello", "", "."]),
        ]
        $0.options = options {
            $0.beamSize = 6
            $0.nBest = 3
            $0.lengthPenalty = 0.6
            $0.maximumLength = 300
            $0.minimumLength = 2
            $0.maximumLengthRatio = 2.5
            $0.minimumLengthRatio = 0.25
            $0.earlyStopping = .never
            $0.patience = 1.5
            $0.repetitionPenalty = 1.25
            $0.noRepeatNgramSize = 4
            $0.suppress = ["▁a b", "c"]
            $0.forceFirstToken = ">>fr<<"
            $0.prefix = .text("Où est")
            $0.renormalizeScores = true
            $0.samplingTopK = 50
            $0.samplingTopP = 0.9
            $0.temperature = 1.2
            $0.seed = .max
            $0.alignments = true
            $0.returnScores = true
        }
        $0.priority = 3
        $0.deadlineMilliseconds = .max
        $0.maximumAttempts = 100
        $0.topic = "news/été"
        $0.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        $0.wantsPartialResults = true
        $0.wantsTokens = true
    }

    private static let zeroJob = {
        var job = Job(id: id(16), [.text("")])
        job.model = .languages(source: "en", target: "fr")
        job.options = options {
            $0.beamSize = 0
            $0.nBest = 0
            $0.lengthPenalty = 0
            $0.maximumLength = 0
            $0.minimumLength = 0
            $0.maximumLengthRatio = 0
            $0.minimumLengthRatio = 0
            $0.patience = 0
            $0.repetitionPenalty = 0
            $0.noRepeatNgramSize = 0
            $0.prefix = .tokens([])
            $0.renormalizeScores = false
            $0.samplingTopK = 0
            $0.samplingTopP = 0
            $0.temperature = 0
            $0.seed = 0
            $0.returnScores = false
        }
        return job
    }()

    private static let hypothesis = {
        var hypothesis = Output.Hypothesis(text: "Où se trouve la gare ?", score: -0.5, isTruncated: true)
        hypothesis.tokens = ["▁Où", "", "▁gare"]
        hypothesis.tokenScores = [-0.25, 0, -1.5]
        hypothesis.alignment = [[0.5, 0.25, 0.25], []]
        hypothesis.segmentScores = [
            SegmentScore(score: -0.5, weight: 3), SegmentScore(score: -1, weight: 300),
        ]
        return hypothesis
    }()

    private static let report = {
        var report = JobReport(job: id(16), state: .expired)
        report.chunks = 7
        report.chunksDone = 300
        report.attempts = 5
        report.priority = 3
        report.sequence = 70000
        report.acceptedAt = 1_760_000_000_000
        report.finishedAt = 1_760_000_000_500
        report.expiresAt = 1_760_000_086_400
        report.failure = failure
        report.model = "demo-en-fr"
        report.topic = "news"
        report.retryOf = id(32)
        return report
    }()

    private static let reportOfTenant = {
        var report = JobReport(job: id(0), state: .queued)
        report.tenant = "shop"
        return report
    }()

    private static func consumer(
        _ name: String, _ change: (inout StatusReport.ConsumerStatus) -> Void
    ) -> StatusReport.ConsumerStatus {
        var consumer = StatusReport.ConsumerStatus()
        consumer.name = name
        change(&consumer)
        return consumer
    }

    private static func model(
        _ name: String, _ change: (inout StatusReport.ModelStatus) -> Void
    ) -> StatusReport.ModelStatus {
        var model = StatusReport.ModelStatus()
        model.name = name
        change(&model)
        return model
    }

    private static let statusOfAllTenants = {
        var status = StatusReport()
        var worker = StatusReport.WorkerStatus()
        worker.instance = "a"
        worker.isUnreachable = true
        status.workers = [worker]
        status.models = [model("x") { $0.absentMilliseconds = 300 }]
        status.consumers = [
            consumer("old") { old in
                old.tenant = "shop"
                old.lastSequence = 70000
                old.absentMilliseconds = 86_400_000
                old.isAbandoned = true
            }
        ]
        status.lastSequence = 18
        status.tenant = "admin"
        status.isOfAllTenants = true
        status.workerCount = 3
        status.refusal = "the disk is full"
        return status
    }()

    private static let status = {
        var status = StatusReport()
        status.epoch = 1
        status.uptimeMilliseconds = 2000
        status.isDraining = true
        status.queuedJobs = 3
        status.queuedChunks = 4
        status.leasedChunks = 5
        status.queuedBytes = 6_000_000_000
        status.deadJobs = 7
        status.accepted = 8
        status.rejected = 9
        status.done = 10
        status.failed = 11
        status.sourceTokens = 12
        status.sentences = 13
        var worker = StatusReport.WorkerStatus()
        worker.instance = "a"
        worker.silentMilliseconds = 1
        worker.leasedChunks = 2
        worker.leasedTokens = 300
        worker.windowTokens = 4096
        worker.models = ["demo-en-fr", "x"]
        worker.loadedModels = ["x"]
        worker.isDraining = true
        worker.done = 5
        worker.failed = 6
        worker.sourceTokensPerSecond = 1234.5
        status.workers = [worker, StatusReport.WorkerStatus()]
        var model = StatusReport.ModelStatus()
        model.name = "demo-en-fr"
        model.sourceLanguage = "en"
        model.targetLanguage = "fr"
        model.workers = 1
        model.queuedChunks = 2
        model.leasedChunks = 3
        model.done = 4
        model.sourceTokensPerSecond = 5.5
        model.sentencesPerSecond = 0.125
        status.models = [model]
        var printer = StatusReport.ConsumerStatus()
        printer.name = "printer"
        printer.acknowledged = .max
        printer.isAttached = true
        var old = StatusReport.ConsumerStatus()
        old.name = "old"
        status.consumers = [printer, old]
        status.lastSequence = 18
        status.version = "0.1.0"
        return status
    }()
}
