package import DragomanClient
internal import Foundation
package import JobModel
package import Logging
internal import Synchronization

/// Jobs handed in to brokers, and their results, read under a name that is this desk's alone.
///
/// A reader for each broker follows the result log from where it ends when the reader attaches, and leaves no place in the
/// log behind: nothing is kept for a desk that is gone. After a connection was lost it asks for what has ended meanwhile.
package final class BrokerDesk: JobDesk {
    package let client: Client
    /// How long no broker may answer.
    let patience: Duration
    private let deadline: Duration
    private let logger: Logger
    private let consumer = "gateway-\(JobID.random())"
    private let pending = PendingJobs()
    private let readers: Mutex<[Task<Void, Never>]>
    private let attached: Mutex<Set<Int>>

    /// - Parameter deadline: How long a job may take; the broker ends it then, and the desk soon after.
    package init(_ client: Client, patience: Duration, deadline: Duration, logger: Logger) {
        self.client = client
        self.patience = patience
        self.deadline = deadline
        self.logger = logger
        readers = Mutex([])
        attached = Mutex([])
    }

    /// Begins to read.
    package func start() {
        let tasks = client.settings.resultsEndpoints.indices.map { broker in
            Task { [weak self] in
                while !Task.isCancelled, await self?.read(broker) == true {}
            }
        }
        readers.withLock { $0 = tasks }
    }

    package func stop() {
        for reader in readers.withLock({ $0 }) { reader.cancel() }
    }

    // MARK: Jobs

    package func run(_ jobs: [Job]) async throws(GatewayError) -> [Record] {
        try await waitUntilAttached()
        let ticket = pending.expect(jobs.map(\.id))
        defer { pending.forget(ticket) }
        let timer = Task { [pending, deadline] in
            // The broker says first that it is late.
            try await Task.sleep(for: deadline + .seconds(2))
            pending.fail(ticket, GatewayError(.timedOut, "the translation was not ready in time; try again later"))
        }
        defer { timer.cancel() }
        do throws(GatewayError) {
            try await submitAll(jobs)
            return try await pending.records(ticket)
        } catch {
            abandon(ticket.jobs)
            throw error
        }
    }

    package func models() async throws(GatewayError) -> [StatusReport.ModelStatus] {
        // One that is down is no reason to do without the others.
        let answers = await withTaskGroup { group in
            for broker in client.settings.jobsEndpoints.indices {
                group.addTask { [client, patience] () -> Result<[StatusReport.ModelStatus], ClientError> in
                    do throws(ClientError) {
                        return .success(try await client.models(of: broker, patience: patience))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let models = answers.compactMap { try? $0.get() }
        if models.isEmpty, case .failure(let error)? = answers.first { throw GatewayError(error) }
        return models.flatMap(\.self)
    }

    package func submit(_ jobs: [Job]) async throws(GatewayError) -> [Verdict] {
        try await asking { (client) throws(ClientError) in try await client.submit(jobs, patience: patience) }
    }

    package func report(of job: JobID) async throws(GatewayError) -> JobReport {
        // One that is down is no reason not to hear from the one that has the job.
        var failure: ClientError?
        for broker in client.settings.jobsEndpoints.indices {
            do throws(ClientError) {
                let report = try await client.job(job, of: broker, patience: patience)
                if report.state != nil { return report }
            } catch {
                failure = error
            }
        }
        if let failure { throw GatewayError(failure) }
        return JobReport(job: job)
    }

    package func cancel(_ job: JobID) async throws(GatewayError) -> JobState? {
        try await asking { (client) throws(ClientError) in try await client.cancel([job], patience: patience)[0] }
    }

    package func deadJobs(after sequence: UInt64, limit: Int) async throws(GatewayError) -> [JobReport] {
        let brokers = client.settings.jobsEndpoints.indices
        guard brokers.count == 1 || sequence == 0 else {
            throw GatewayError(
                .invalid, "this gateway has several brokers, each with numbers of its own; ask without after")
        }
        var reports: [JobReport] = []
        for broker in brokers where reports.count < limit {
            reports += try await asking { (client) throws(ClientError) in
                try await client.deadJobs(
                    of: broker, after: sequence, limit: limit - reports.count, patience: patience)
            }
        }
        return reports
    }

    package func retryDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport] {
        try await asking { (client) throws(ClientError) in try await client.retryDeadJobs(ids, patience: patience) }
    }

    package func dropDeadJobs(_ ids: [JobID]) async throws(GatewayError) -> [JobReport] {
        try await asking { (client) throws(ClientError) in try await client.dropDeadJobs(ids, patience: patience) }
    }

    // Of several brokers with a store each, the first that answers says what there is, and all keep the same: a job may go to any.

    package func glossaries() async throws(GatewayError) -> [NamedGlossary] {
        try await firstAnswer { (client, broker, patience) throws(ClientError) in
            try await client.glossaries(of: broker, patience: patience)
        }
    }

    package func glossary(named name: String) async throws(GatewayError) -> NamedGlossary? {
        try await firstAnswer { (client, broker, patience) throws(ClientError) in
            try await client.glossary(named: name, of: broker, patience: patience)
        }
    }

    /// Of the first broker that answers: one that is down is no reason to do without the others.
    private func firstAnswer<Answer: Sendable>(
        _ question: (Client, Int, Duration) async throws(ClientError) -> Answer
    ) async throws(GatewayError) -> Answer {
        let brokers = client.settings.jobsEndpoints.indices
        for broker in brokers.dropLast() {
            do throws(ClientError) {
                return try await question(client, broker, patience / brokers.count)
            } catch {
                guard error.code == .noAnswer else { throw GatewayError(error) }
            }
        }
        do throws(ClientError) {
            return try await question(client, brokers.upperBound - 1, patience)
        } catch {
            throw GatewayError(error)
        }
    }

    package func keep(_ glossary: NamedGlossary) async throws(GatewayError) -> NamedGlossary? {
        do throws(ClientError) {
            let kept = try await client.keepGlossary(glossary, onlyNew: true, patience: patience)
            guard let kept else { return nil }
            for broker in client.settings.jobsEndpoints.indices.dropFirst() {
                _ = try await client.keepGlossary(glossary, of: broker, patience: patience)
            }
            return kept
        } catch {
            throw GatewayError(keeping: error)
        }
    }

    package func removeGlossary(named name: String) async throws(GatewayError) -> Bool {
        var wasThere = false
        for broker in client.settings.jobsEndpoints.indices {
            let removed = try await asking { (client) throws(ClientError) in
                try await client.removeGlossaries([name], of: broker, patience: patience)
            }
            if !removed.isEmpty { wasThere = true }
        }
        return wasThere
    }

    package func status() async throws(GatewayError) -> StatusReport {
        let answers = await client.statuses(patience: patience)
        let reports = answers.compactMap { try? $0.get() }
        if let report = reports.first(where: { $0.readiness == .ready }) ?? reports.first { return report }
        guard case .failure(let error)? = answers.first else { throw GatewayError(.unavailable, "there is no broker") }
        throw GatewayError(error)
    }

    package func record(of report: JobReport) async throws(GatewayError) -> Record? {
        guard report.state?.isTerminal == true, let sequence = report.sequence else { return nil }
        var options = Results.Options()
        options.movesCursor = false
        options.window.records = 1
        options.patience = patience
        for broker in client.settings.resultsEndpoints.indices {
            let results = client.results(
                consumer: "\(consumer)-\(JobID.random())", from: sequence, broker: broker, options: options)
            let record = try await asking { (_) throws(ClientError) -> Record? in
                // A record that is kept no more is not waited for.
                let position = try await results.position()
                guard position.first == sequence, position.last >= sequence else { return nil }
                var iterator = results.makeAsyncIterator()
                return try await iterator.next()
            }
            await results.close()
            if let record, record.job == report.job { return record }
        }
        return nil
    }

    package func follow(consumer: String, from first: UInt64?) async throws(GatewayError) -> ResultStream {
        guard client.settings.resultsEndpoints.count == 1 else {
            throw GatewayError(
                .invalid,
                "this gateway has several brokers, each with results of its own; read them with dragoman results, or "
                    + "through a gateway of one broker")
        }
        var options = Results.Options()
        options.patience = patience
        let results = client.results(consumer: consumer, from: first, options: options)
        let position = try await asking { (_) throws(ClientError) in try await results.position() }
        let iterator = ResultIterator(results)
        return ResultStream(
            position: "from \(position.first), the newest is \(position.last)",
            next: { () throws(GatewayError) in try await iterator.next() },
            acknowledge: { results.acknowledge(upTo: $0) }, close: { await results.close() })
    }

    private func asking<Answer: Sendable>(
        _ question: (Client) async throws(ClientError) -> Answer
    ) async throws(GatewayError) -> Answer {
        do throws(ClientError) {
            return try await question(client)
        } catch {
            throw GatewayError(error)
        }
    }

    private func submitAll(_ jobs: [Job]) async throws(GatewayError) {
        for verdict in try await submit(jobs) {
            if case .rejected(let rejection) = verdict.outcome { throw GatewayError(rejection) }
        }
    }

    /// They are no longer waited for. Some may not have been accepted.
    private func abandon(_ jobs: [JobID]) {
        let (client, patience, logger) = (client, patience, logger)
        Task {
            do throws(ClientError) {
                _ = try await client.cancel(jobs, patience: patience)
            } catch {
                // They end by their deadline.
                logger.debug("jobs that nobody waits for are not cancelled", metadata: ["problem": "\(error)"])
            }
        }
    }

    // MARK: Results

    private func waitUntilAttached() async throws(GatewayError) {
        let end = ContinuousClock.now + patience
        while attached.withLock(\.isEmpty) {
            guard ContinuousClock.now < end else {
                throw GatewayError(
                    .unavailable,
                    "the broker cannot be reached at \(client.settings.resultsEndpoints.joined(separator: ", "))")
            }
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                throw GatewayError(.cancelled, "the request was given up")
            }
        }
    }

    /// Reads a broker's log until it cannot be read.
    ///
    /// - Returns: Whether to try again.
    private func read(_ broker: Int) async -> Bool {
        do throws(ClientError) {
            var first = try await client.status(of: broker, patience: patience).lastSequence + 1
            for job in pending.unfinished {
                let report = try await client.job(job, of: broker, patience: patience)
                if report.state?.isTerminal == true, let sequence = report.sequence { first = min(first, sequence) }
            }
            var options = Results.Options()
            options.movesCursor = false
            let results = client.results(consumer: consumer, from: first, broker: broker, options: options)
            _ = try await results.position()
            _ = attached.withLock { $0.insert(broker) }
            for try await record in results {
                pending.take(record)
                results.acknowledge(upTo: record.sequence)
            }
        } catch {
            _ = attached.withLock { $0.remove(broker) }
            if error.code == .cancelled || Task.isCancelled { return false }
            logger.warning("results cannot be read; trying again", metadata: ["problem": "\(error)"])
            try? await Task.sleep(for: .seconds(1))
            return !Task.isCancelled
        }
        _ = attached.withLock { $0.remove(broker) }
        return !Task.isCancelled
    }
}

/// One reader at a time goes on where the last one was.
private actor ResultIterator {
    private let results: Results

    init(_ results: Results) { self.results = results }

    /// The stream's iterators share what has come, so a new one goes on.
    func next() async throws(GatewayError) -> Record? {
        var iterator = results.makeAsyncIterator()
        do throws(ClientError) {
            return try await iterator.next()
        } catch {
            throw GatewayError(error)
        }
    }
}

extension GatewayError {
    /// Why a glossary is not kept. That the tenant may have no more of them is a quota, not a fault of the request.
    package init(keeping error: ClientError) {
        self.init(error)
        if error.fault?.code == .tooLarge { kind = .quotaUsed }
    }

    init(_ error: ClientError) {
        if let rejection = error.rejection {
            self.init(rejection)
            return
        }
        switch (error.code, error.fault?.code) {
        case (.cancelled, _): self.init(.cancelled, error.message)
        // What no job may have, such as a text with NUL: it is the request that is wrong.
        case (.tooLarge, _): self.init(.tooLarge, error.message)
        case (_, .malformed?): self.init(.invalid, error.fault?.message ?? error.message)
        case (_, .tooLarge?): self.init(.tooLarge, error.fault?.message ?? error.message)
        case (_, .forbidden?): self.init(.forbidden, error.fault?.message ?? error.message)
        default: self.init(.unavailable, error.message)
        }
    }

    init(_ rejection: Rejection) {
        switch rejection.code {
        case .retryLater: self.init(.unavailable, "the queue is full: \(rejection.message)")
        case .tooLarge: self.init(.tooLarge, rejection.message)
        case .invalid, .conflict, .unsupported: self.init(.invalid, rejection.message)
        case .forbidden: self.init(.forbidden, rejection.message)
        }
    }
}
