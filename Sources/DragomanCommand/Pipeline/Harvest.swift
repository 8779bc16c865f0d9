package import DragomanClient
import JobModel

/// The results of exactly the jobs that were submitted, read under a name that nobody else has, and without leaving a
/// place in the log behind.
package struct Harvest: Sendable {
    private let client: Client
    private let patience: Duration
    private let consumer: String
    let jobs: ExpectedJobs
    private let readers = Readers()

    /// - Parameter patience: While a broker does not answer a question; results are waited for as long as it takes.
    package init(client: Client, patience: Duration, outcome: JobOutcome) {
        self.client = client
        self.patience = patience
        jobs = ExpectedJobs(outcome: outcome)
        consumer = "submit-\(JobID.random())"
    }

    /// Begins to read, at every broker's log as it ends now.
    ///
    /// - Parameter onFailure: Called when a log cannot be read any more.
    func start(onFailure: @escaping @Sendable (CommandError) -> Void) async throws(CommandError) {
        guard client.settings.jobsEndpoints.count == client.settings.resultsEndpoints.count else {
            throw CommandError(.usage, "--wait needs as many --results-endpoint as --jobs-endpoint, in the same order")
        }
        var options = Results.Options()
        options.movesCursor = false
        // What is gone cannot be waited for: this process was stopped for longer than results are kept.
        options.onDropped = { [jobs] _ in
            let error = CommandError(
                .unavailable, "results that were waited for are not kept any more; ask for each: dragoman job ID")
            jobs.fail(error)
            onFailure(error)
        }
        do throws(ClientError) {
            for broker in client.settings.jobsEndpoints.indices {
                let last = try await client.status(of: broker, patience: patience).lastSequence
                let results = client.results(consumer: consumer, from: last + 1, broker: broker, options: options)
                _ = try await results.position()
                readers.add(results, last) { [jobs] in
                    do throws(ClientError) {
                        var iterator = results.makeAsyncIterator()
                        while let record = try await iterator.next() {
                            jobs.take(record)
                            results.acknowledge(upTo: record.sequence)
                        }
                    } catch {
                        jobs.fail(CommandError(error))
                        onFailure(CommandError(error))
                    }
                }
            }
        } catch {
            throw CommandError(error)
        }
    }

    /// Reads again what ended before `start`.
    func recall(_ ids: [JobID]) async throws(ClientError) {
        var old: [JobReport] = []
        for id in ids where jobs.contains(id) {
            let report = try await client.job(id, patience: patience)
            if report.state?.isTerminal == true { old.append(report) }
        }
        for (broker, last) in readers.lastSequences.enumerated() {
            let sequences = old.compactMap(\.sequence).filter { $0 <= last }
            guard let first = sequences.min(), let end = sequences.max() else { continue }
            var options = Results.Options()
            options.movesCursor = false
            let results = client.results(consumer: consumer + "-again", from: first, broker: broker, options: options)
            // Their records may be gone, and nothing may come after them.
            if try await results.position().first <= end {
                var iterator = results.makeAsyncIterator()
                while let record = try await iterator.next() {
                    jobs.take(record)
                    results.acknowledge(upTo: record.sequence)
                    if record.sequence >= end { break }
                }
            }
            await results.close()
        }
        // A dead job is known for longer than its record is kept.
        for report in old where jobs.contains(report.job) {
            guard let state = report.state else { continue }
            var record = Record(sequence: report.sequence ?? 0, job: report.job, state: state)
            record.failure = report.failure ?? Failure("result_gone", "its result is not kept any more")
            jobs.take(record)
        }
    }

    /// Waits for what is still expected.
    func finish() async throws(CommandError) {
        try await jobs.wait()
        await readers.close()
    }

    func stop(_ error: CommandError) { jobs.fail(error) }
}
