import Addresses
public import JobModel
import Wire
package import ZeroMQ

/// A producer's and consumer's end of one or several brokers.
///
///     let client = try Client()
///     let verdicts = try await client.submit([Job([.text("Where is the train station?")])])
///     for try await record in results {
///         print(record.outputs)
///         results.acknowledge(upTo: record.sequence)
///     }
///
/// Any number of tasks may use it at once. Connections are made when they are needed, and made again when they are lost.
/// They end with the client and its `Results`.
public final class Client: Sendable {
    /// How long a call waits for an answer unless it is told otherwise.
    public static let patience = Duration.seconds(60)

    public let settings: Settings
    /// Where results are.
    private let resultsBrokers: [BrokerAddresses]
    private let loop: ClientLoop

    /// - Throws: `ClientError` when a key is none, there is no endpoint, or a list of addresses has a mistake.
    public convenience init(_ settings: Settings = Settings()) throws(ClientError) {
        let security: Security
        do {
            security = try settings.keys?.security() ?? .none
        } catch {
            throw ClientError(.connection, String(describing: error))
        }
        try self.init(settings, security: security)
    }

    /// - Parameter security: In place of `settings.keys`.
    package init(_ settings: Settings, security: Security) throws(ClientError) {
        guard !settings.jobsEndpoints.isEmpty, !settings.resultsEndpoints.isEmpty else {
            throw ClientError(.connection, "the client has no endpoint; give at least one for jobs and one for results")
        }
        self.settings = settings
        resultsBrokers = try Self.brokers(settings.resultsEndpoints)
        loop = try ClientLoop(settings, jobs: try Self.brokers(settings.jobsEndpoints), security)
    }

    deinit { loop.stop() }

    private static func brokers(_ endpoints: [String]) throws(ClientError) -> [BrokerAddresses] {
        do throws(BrokerAddresses.Invalid) {
            return try endpoints.map { (text) throws(BrokerAddresses.Invalid) in try BrokerAddresses(text) }
        } catch {
            throw ClientError(.connection, error.description)
        }
    }

    /// Where a broker is: its endpoint, and of several addresses the one that was connected to last.
    ///
    /// - Parameter broker: Its place in `jobsEndpoints`.
    public func address(of broker: Int) -> String { loop.board[broker] ?? settings.jobsEndpoints[broker] }

    // MARK: Jobs

    /// Submits jobs, and waits until each is on a broker's disk, or refused.
    ///
    /// What a broker has no room for is submitted again when it says. Connections that are lost and brokers that are
    /// started anew are waited for. To submit the same jobs again, with the same ids, is always safe: a job that was
    /// accepted before is accepted as a duplicate.
    ///
    /// - Parameter patience: nil: for ever.
    /// - Returns: One verdict for each job, in their order. A job that there was no room for all the time is rejected
    ///   with `.retryLater`.
    /// - Throws: `ClientError`: `.noAnswer`, `.accessDenied`, `.fault`, `.cancelled`. Its `verdicts` say what is known.
    public func submit(
        _ jobs: [Job], patience: Duration? = Client.patience
    ) async throws(ClientError) -> [Verdict] {
        try await loop.call { .submit($0, jobs, patience: patience, $1) }
    }

    /// Submits one job.
    ///
    /// - Returns: Whether it had been accepted before.
    /// - Throws: As above, and `.rejected`.
    @discardableResult
    public func submit(_ job: Job, patience: Duration? = Client.patience) async throws(ClientError) -> Bool {
        switch try await submit([job], patience: patience).first?.outcome {
        case .accepted(let duplicate)?: return duplicate
        case .rejected(let rejection)?:
            var error = ClientError(.rejected, rejection.message)
            error.rejection = rejection
            throw error
        case nil: preconditionFailure("no verdict")
        }
    }

    /// What a broker knows of a job. Of several brokers, all are asked.
    ///
    /// - Parameter scope: Whose job it is; nil: the key's own tenant's.
    /// - Returns: `state` is nil when none has such a job.
    public func job(
        _ id: JobID, scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> JobReport {
        let reports = try await askAll(.jobQuery(id, scope: scope), patience: patience) { answer -> JobReport? in
            if case .jobReport(let report) = answer { report } else { nil }
        }
        return reports.first { $0.state != nil } ?? JobReport(job: id)
    }

    /// What one broker knows of a job.
    package func job(_ id: JobID, of broker: Int, patience: Duration) async throws(ClientError) -> JobReport {
        try await ask(.jobQuery(id, scope: nil), of: broker, patience: patience) { answer -> JobReport? in
            if case .jobReport(let report) = answer { report } else { nil }
        }
    }

    /// Ends jobs that have not ended yet.
    ///
    /// - Parameter scope: Whose jobs they are; nil: the key's own tenant's.
    /// - Returns: The state of each afterwards; nil: no broker has such a job.
    public func cancel(
        _ ids: [JobID], scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> [JobState?] {
        var states: [JobState?] = []
        for part in Self.parts(of: ids) {
            let answers = try await askAll(.cancel(part, scope: scope), patience: patience) { answer -> [JobState?]? in
                if case .cancelReply(let states) = answer, states.count == part.count { states } else { nil }
            }
            states += part.indices.map { index in answers.lazy.compactMap { $0[index] }.first }
        }
        return states
    }

    /// Ends jobs of one broker that have not ended yet.
    ///
    /// - Parameters:
    ///   - ids: At most 1000.
    ///   - broker: Its place in `jobsEndpoints`.
    /// - Returns: The state of each afterwards; nil: the broker has no such job.
    public func cancel(
        _ ids: [JobID], of broker: Int, scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> [JobState?] {
        try await ask(.cancel(ids, scope: scope), of: broker, patience: patience) { answer in
            if case .cancelReply(let states) = answer, states.count == ids.count { states } else { nil }
        }
    }

    /// A page of a broker's jobs, in the order of their acceptance.
    ///
    ///     var page = try await client.jobs()
    ///     let end = page.last
    ///     while let next = page.next { page = try await client.jobs(after: next, upTo: end) }
    ///
    /// - Parameters:
    ///   - filter: Which jobs.
    ///   - broker: Its place in `jobsEndpoints`.
    ///   - place: Where the page before says that this one begins (`JobList.next`).
    ///   - end: What the first page said is the last job (`JobList.last`), so that the list has an end; nil: there may always
    ///     be more.
    ///   - limit: 1 to 1000. A page may have fewer, or none, and not be the last.
    ///   - scope: Whose jobs; nil: the key's own tenant's.
    /// - Throws: `ClientError`; its code is `.fault`, and its fault's `.unexpected`, when the broker is of a version that has
    ///   no list of jobs.
    public func jobs(
        _ filter: JobFilter = JobFilter(), of broker: Int = 0, after place: UInt64 = 0, upTo end: UInt64? = nil,
        limit: Int = Limit.jobs, scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> JobList {
        let request = JobListRequest(filter, after: place, upTo: end, limit: limit)
        do throws(ClientError) {
            return try await ask(.jobListRequest(request, scope: scope), of: broker, patience: patience) { answer in
                if case .jobListReply(let list) = answer { list } else { nil }
            }
        } catch {
            guard let fault = error.fault, fault.code == .unexpected else { throw error }
            throw .olderBroker(at: address(of: broker), without: "list jobs", fault)
        }
    }

    /// A broker at a glance.
    ///
    /// - Parameters:
    ///   - broker: Its place in `jobsEndpoints`.
    ///   - scope: Whose numbers.
    public func status(
        of broker: Int = 0, scope: TenantScope = .visible, patience: Duration = Client.patience
    ) async throws(ClientError) -> StatusReport {
        try await ask(.statusQuery(scope: scope), of: broker, patience: patience) { answer in
            if case .statusReport(let report) = answer { report } else { nil }
        }
    }

    /// All brokers at a glance, in the order of `jobsEndpoints`; those that do not answer keep nobody waiting for longer
    /// than `patience`.
    public func statuses(
        scope: TenantScope = .visible, patience: Duration = Client.patience
    ) async -> [Result<StatusReport, ClientError>] {
        await results(of: .statusQuery(scope: scope), patience: patience) { answer in
            if case .statusReport(let report) = answer { report } else { nil }
        }
    }

    // MARK: Dead letters

    /// Jobs that are dead, in the order of their death.
    ///
    /// - Parameters:
    ///   - broker: Its place in `jobsEndpoints`.
    ///   - sequence: Those that died after this record; `JobReport.sequence` of the last one gets the next ones.
    ///   - tenant: Of several tenants, which are in the order of their names: whose record that is.
    ///   - limit: 1 to 1000.
    ///   - scope: Whose jobs; nil: the key's own tenant's.
    public func deadJobs(
        of broker: Int = 0, after sequence: UInt64 = 0, of tenant: String = "", limit: Int = Limit.jobs,
        scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> [JobReport] {
        let request = Envelope.Body.deadLetterRequest(
            .list(after: sequence, tenant: tenant, limit: limit), scope: scope)
        return try await ask(request, of: broker, patience: patience, Self.deadLetters)
    }

    /// Submits dead jobs again, under new ids.
    ///
    /// - Returns: The new jobs, whose `retryOf` says which they repeat. An id that is not of a dead job is left out, and
    ///   so is one whose answer was lost when the connection was: it is not retried twice, and its new id is found in
    ///   the `retryOf` of its record.
    public func retryDeadJobs(
        _ ids: [JobID], scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> [JobReport] {
        try await deadLetters(ids, scope: scope, patience: patience) { .retry($0) }
    }

    /// Takes dead jobs off the list. Their records stay in the log.
    ///
    /// - Returns: Those that were dropped.
    public func dropDeadJobs(
        _ ids: [JobID], scope: TenantScope? = nil, patience: Duration = Client.patience
    ) async throws(ClientError) -> [JobReport] {
        try await deadLetters(ids, scope: scope, patience: patience) { .drop($0) }
    }

    private func deadLetters(
        _ ids: [JobID], scope: TenantScope?, patience: Duration, _ request: ([JobID]) -> DeadLetterRequest
    ) async throws(ClientError) -> [JobReport] {
        var reports: [JobReport] = []
        for part in Self.parts(of: ids) {
            let body = Envelope.Body.deadLetterRequest(request(part), scope: scope)
            reports += try await askAll(body, patience: patience, Self.deadLetters).flatMap(\.self)
        }
        return reports
    }

    @Sendable private static func deadLetters(_ answer: Envelope.Body) -> [JobReport]? {
        if case .deadLetterReply(let reports) = answer { reports } else { nil }
    }

    // MARK: Consumers and models

    /// The places that consumers have in a broker's logs.
    public func consumers(
        of broker: Int = 0, scope: TenantScope = .visible, patience: Duration = Client.patience
    ) async throws(ClientError) -> [StatusReport.ConsumerStatus] {
        try await ask(.consumerRequest(.list, scope: scope), of: broker, patience: patience, Self.consumers)
    }

    /// Forgets consumers that are not attached. One that attaches under such a name again begins at the oldest record.
    ///
    /// - Parameter names: At most 1000.
    /// - Returns: Those that were removed.
    public func removeConsumers(
        _ names: [String], of broker: Int = 0, scope: TenantScope = .visible, patience: Duration = Client.patience
    ) async throws(ClientError) -> [StatusReport.ConsumerStatus] {
        try await ask(.consumerRequest(.remove(names), scope: scope), of: broker, patience: patience, Self.consumers)
    }

    @Sendable private static func consumers(_ answer: Envelope.Body) -> [StatusReport.ConsumerStatus]? {
        if case .consumerReply(let consumers) = answer { consumers } else { nil }
    }

    /// The models that workers offer, and those that a broker remembers.
    public func models(
        of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> [StatusReport.ModelStatus] {
        try await ask(.modelRequest(.list), of: broker, patience: patience, Self.models)
    }

    /// Forgets models that no worker offers and no job needs.
    ///
    /// - Parameter names: At most 1000.
    /// - Returns: Those that were removed.
    public func removeModels(
        _ names: [String], of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> [StatusReport.ModelStatus] {
        try await ask(.modelRequest(.remove(names)), of: broker, patience: patience, Self.models)
    }

    @Sendable private static func models(_ answer: Envelope.Body) -> [StatusReport.ModelStatus]? {
        if case .modelReply(let models) = answer { models } else { nil }
    }

    // MARK: Glossaries

    /// The glossaries that a broker keeps for the key's tenant, without their terms.
    public func glossaries(
        of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> [NamedGlossary] {
        try await ask(.glossaryRequest(.list), of: broker, patience: patience, Self.glossaries)
    }

    /// A glossary with its terms; nil: there is none of that name.
    public func glossary(
        named name: String, of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> NamedGlossary? {
        try await ask(.glossaryRequest(.get(name)), of: broker, patience: patience, Self.glossaries).first
    }

    /// Has a broker keep a glossary, whose name jobs can give (`Job.glossaryName`). It takes the place of that of the same
    /// name, and is its next version.
    ///
    /// - Parameter onlyNew: Whether one of that name stays.
    /// - Returns: What is kept, without its terms; nil: one of that name stays.
    /// - Throws: `ClientError`, `.tooLarge` for one that does not fit into a message among them.
    @discardableResult
    public func keepGlossary(
        _ glossary: NamedGlossary, onlyNew: Bool = false, of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> NamedGlossary? {
        let request = Envelope.Body.glossaryRequest(.put(glossary, onlyNew: onlyNew))
        // A broker breaks off the connection of who sends more, and so all else that is asked on it.
        let size = Envelope(request, correlation: [UInt8](repeating: 0, count: 16)).encoded().count
        guard size <= settings.bytesPerMessage else {
            throw ClientError(
                .tooLarge,
                """
                the glossary \(glossary.name) takes \(size.counted("byte")) in a message, and the broker takes at most \
                \(settings.bytesPerMessage) (broker.client_frame_bytes_max): divide its terms among several, or raise that \
                setting, at the broker and here
                """)
        }
        return try await ask(request, of: broker, patience: patience, Self.glossaries).first
    }

    /// Removes glossaries. Jobs that were accepted with them have their terms.
    ///
    /// - Parameter names: At most 1000.
    /// - Returns: Those that were removed.
    public func removeGlossaries(
        _ names: [String], of broker: Int = 0, patience: Duration = Client.patience
    ) async throws(ClientError) -> [NamedGlossary] {
        try await ask(.glossaryRequest(.remove(names)), of: broker, patience: patience, Self.glossaries)
    }

    @Sendable private static func glossaries(_ answer: Envelope.Body) -> [NamedGlossary]? {
        if case .glossaryReply(let glossaries) = answer { glossaries } else { nil }
    }

    // MARK: Results

    /// Attaches a consumer to a result log.
    ///
    /// - Parameters:
    ///   - consumer: The broker keeps a place in the log for each name; at most 128 bytes.
    ///   - from: Where to begin; nil: after what this consumer has acknowledged, or, if it is new, with the oldest record.
    ///   - broker: Its place in `resultsEndpoints`: brokers that do not share a store have a log each.
    ///   - options: See `Results.Options`.
    public func results(
        consumer: String, from: UInt64? = nil, broker: Int = 0, options: Results.Options = Results.Options()
    ) -> Results {
        let addresses = resultsBrokers[broker]
        var session = ConsumerSession.Settings(endpoint: addresses.description, consumer: consumer)
        session.from = from
        session.window = ResultCredit(records: UInt32(clamping: options.window.records), bytes: options.window.bytes)
        session.movesCursor = options.movesCursor
        session.logID = options.log
        session.patience = options.patience
        session.answerTimeout = settings.answerTimeout
        return Results(session, of: addresses, onDropped: options.onDropped, client: self, loop: loop)
    }

    // MARK: Asking

    private func ask<Answer: Sendable>(
        _ body: Envelope.Body, of broker: Int, patience: Duration,
        _ answer: (Envelope.Body) -> Answer?
    ) async throws(ClientError) -> Answer {
        let received = try await loop.call { .ask($0, body, of: broker, patience: patience, $1) }
        guard let answer = answer(received) else { throw .unexpectedAnswer(from: settings.jobsEndpoints[broker]) }
        return answer
    }

    /// The answers of all brokers, at the same time.
    private func askAll<Answer: Sendable>(
        _ body: Envelope.Body, patience: Duration, _ answer: @escaping @Sendable (Envelope.Body) -> Answer?
    ) async throws(ClientError) -> [Answer] {
        var found: [Answer] = []
        for result in await results(of: body, patience: patience, answer) { found.append(try result.get()) }
        return found
    }

    private func results<Answer: Sendable>(
        of body: Envelope.Body, patience: Duration, _ answer: @escaping @Sendable (Envelope.Body) -> Answer?
    ) async -> [Result<Answer, ClientError>] {
        let brokers = settings.jobsEndpoints.indices
        let answers = await withTaskGroup(of: (Int, Result<Answer, ClientError>).self) { group in
            for broker in brokers {
                group.addTask {
                    do throws(ClientError) {
                        return (broker, .success(try await self.ask(body, of: broker, patience: patience, answer)))
                    } catch {
                        return (broker, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return brokers.compactMap { answers[$0] }
    }

    /// As many ids as one request may have.
    private static func parts(of ids: [JobID]) -> [[JobID]] {
        stride(from: 0, to: ids.count, by: Limit.jobs).map { Array(ids[$0..<min($0 + Limit.jobs, ids.count)]) }
    }
}
