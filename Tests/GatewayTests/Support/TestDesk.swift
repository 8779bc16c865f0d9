import Gateway
import JobModel
import Synchronization

/// Translates by writing the model's name before each text.
final class TestDesk: JobDesk {
    private let offers: [StatusReport.ModelStatus]
    private let seen = Mutex<[Job]>([])
    private let lastAcknowledged = Mutex<UInt64>(0)
    private let outcome: @Sendable (Job) throws(GatewayError) -> Record
    /// Why the broker takes no jobs; empty: it does.
    private let refusal: String
    /// Whether there is no broker.
    private let isSilent: Bool
    private let asked = Mutex(0)
    private let deadReports: Mutex<[JobReport]>
    private let shelf = Mutex<[NamedGlossary]>([])
    private let keepingFailure: GatewayError?

    init(
        _ pairs: [(String, String)] = [("en", "fr")], refusal: String = "", isSilent: Bool = false,
        dead: [JobID] = [], keepingFailure: GatewayError? = nil,
        outcome: @escaping @Sendable (Job) throws(GatewayError) -> Record = TestDesk.translated
    ) {
        self.keepingFailure = keepingFailure
        offers = pairs.map { source, target in
            var model = StatusReport.ModelStatus()
            model.name = "\(source)-\(target)"
            model.sourceLanguage = source
            model.targetLanguage = target
            model.workers = 1
            return model
        }
        self.outcome = outcome
        self.refusal = refusal
        self.isSilent = isSilent
        deadReports = Mutex(
            dead.enumerated().map { index, id in
                var report = JobReport(job: id, state: .dead)
                report.sequence = UInt64(index + 1)
                return report
            })
    }

    /// With models of several languages.
    init(several: [(name: String, set: LanguageSet)]) {
        offers = several.map { name, set in
            var model = StatusReport.ModelStatus()
            model.name = name
            model.languages = [set]
            model.workers = 1
            return model
        }
        outcome = Self.translated
        refusal = ""
        isSilent = false
        deadReports = Mutex([])
        keepingFailure = nil
    }

    var jobs: [Job] { seen.withLock { $0 } }

    var acknowledged: UInt64 { lastAcknowledged.withLock { $0 } }

    func run(_ jobs: [Job]) async throws(GatewayError) -> [Record] {
        seen.withLock { $0 += jobs }
        var records: [Record] = []
        for job in jobs { records.append(try outcome(job)) }
        return records
    }

    func submit(_ jobs: [Job]) async throws(GatewayError) -> [Verdict] {
        seen.withLock { $0 += jobs }
        return jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) }
    }

    func report(of job: JobID) async throws(GatewayError) -> JobReport {
        guard let index = jobs.firstIndex(where: { $0.id == job }) else { return JobReport(job: job) }
        var report = JobReport(job: job, state: .done)
        report.sequence = UInt64(index + 1)
        report.topic = jobs[index].topic
        return report
    }

    func record(of report: JobReport) async throws(GatewayError) -> Record? {
        guard let job = jobs.first(where: { $0.id == report.job }) else { return nil }
        return try outcome(job)
    }

    func cancel(_ job: JobID) async throws(GatewayError) -> JobState? {
        jobs.contains { $0.id == job } ? .done : nil
    }

    func deadJobs(after sequence: UInt64, limit: Int) async throws(GatewayError) -> [JobReport] {
        Array(deadReports.withLock { $0.filter { $0.sequence.map { $0 > sequence } == true } }.prefix(limit))
    }

    func retryDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport] {
        try await dropDeadJobs(ids).map { dead in
            var report = JobReport(job: .random(), state: .queued)
            report.retryOf = dead.job
            return report
        }
    }

    func dropDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport] {
        deadReports.withLock { reports in
            defer { reports.removeAll { ids.contains($0.job) } }
            return reports.filter { ids.contains($0.job) }
        }
    }

    /// All jobs' records, and then nothing until it is cancelled.
    func follow(consumer: String, from first: UInt64?) async throws(GatewayError) -> ResultStream {
        let (records, output) = AsyncStream<Record>.makeStream()
        for index in jobs.indices {
            output.yield(Record(sequence: UInt64(index + 1), job: jobs[index].id, state: .done))
        }
        return ResultStream(
            position: "from 1",
            next: { () throws(GatewayError) in
                var iterator = records.makeAsyncIterator()
                return await iterator.next()
            },
            acknowledge: { [self] sequence in lastAcknowledged.withLock { $0 = sequence } },
            close: { output.finish() })
    }

    /// How often it was asked for its status.
    var statusQuestions: Int { asked.withLock(\.self) }

    func status() async throws(GatewayError) -> StatusReport {
        asked.withLock { $0 += 1 }
        guard !isSilent else { throw GatewayError(.unavailable, "there is no broker") }
        var report = StatusReport()
        report.models = offers
        report.refusal = refusal
        return report
    }

    func models() async throws(GatewayError) -> [StatusReport.ModelStatus] { offers }

    func glossaries() async throws(GatewayError) -> [NamedGlossary] { shelf.withLock { $0.map(\.summary) } }

    func glossary(named name: String) async throws(GatewayError) -> NamedGlossary? {
        shelf.withLock { $0.first { $0.name == name } }
    }

    func keep(_ glossary: NamedGlossary) async throws(GatewayError) -> NamedGlossary? {
        if let keepingFailure { throw keepingFailure }
        return shelf.withLock { shelf in
            guard !shelf.contains(where: { $0.name == glossary.name }) else { return nil }
            var kept = glossary
            (kept.version, kept.createdAt) = (1, 1_700_000_000_000)
            shelf.append(kept)
            return kept.summary
        }
    }

    func removeGlossary(named name: String) async throws(GatewayError) -> Bool {
        shelf.withLock { shelf in
            defer { shelf.removeAll { $0.name == name } }
            return shelf.contains { $0.name == name }
        }
    }

    static let translated: @Sendable (Job) throws(GatewayError) -> Record = { job throws(GatewayError) in
        let model: String
        switch job.model {
        case .named(let name): model = name
        case .model(let name, let languages):
            model = "\(name) from \(languages.source ?? "any") to \(languages.target ?? "any")"
        default: throw GatewayError(.invalid, "the job names no model")
        }
        var record = Record(sequence: 1, job: job.id, state: .done)
        record.outputs = job.sources.map { source in
            guard case .text(let text) = source else { return Output(hypotheses: []) }
            let count = job.options.nBest ?? 1
            return Output(
                hypotheses: (0..<count).map {
                    Output.Hypothesis(text: "\(model)\($0 == 0 ? "" : " \($0)"): \(text)", score: nil)
                })
        }
        return record
    }
}
