package import DragomanClient
import Foundation
package import JobModel
import Synchronization

/// Reads jobs, submits them many at a time, and writes what became of them in order, each as soon as it is known.
///
///     reading thread ──▶ window ──▶ DraftQueue ──▶ submitting task ─(verdicts)─▶ window ──▶ writing thread
///                                                       └─(accepted)─▶ Harvest ─(records)─▶ window
///
/// The window bounds what is in memory, however long the input.
package struct SubmitSession: Sendable {
    /// Named, because Swift 6.3 does not take a typed throw for a use of the module that its type is from.
    package typealias SubmitError = ClientError
    /// Submits to the brokers.
    package typealias Submit = @Sendable ([Job]) async throws(SubmitError) -> [Verdict]

    /// Called on the thread that reads.
    package var source: @Sendable () -> JobSource
    package var outcome: JobOutcome
    package var output: OutputFile
    package var messages: OutputFile
    package var showsProgress = false
    package var limits = Window.Limits()
    /// Of one submission.
    package var jobsMaximum = 1000
    package var submit: Submit
    /// Counts accepted jobs, for whoever interrupts.
    package var accepted: Tally?
    /// Where results come from; nil: nobody waits for them.
    package var harvest: Harvest?
    /// By which the session is told to end early.
    package var interruption = Interruption()
    /// Called after that, when nothing more is submitted.
    package var whenInterrupted: @Sendable () async -> Void = {}

    package init(
        source: @escaping @Sendable () -> JobSource, outcome: JobOutcome, output: OutputFile, messages: OutputFile,
        submit: @escaping Submit
    ) {
        self.source = source
        self.outcome = outcome
        self.output = output
        self.messages = messages
        self.submit = submit
    }

    /// - Returns: Whether all jobs went well.
    /// - Throws: `CommandError` when reading or writing fails, no broker answers, or the session is interrupted. What was
    ///   known before is written.
    package func run() async throws -> ExitStatus {
        let window = SharedWindow(limits: limits)
        let queue = DraftQueue()
        let stop: @Sendable (CommandError) -> Void = { error in
            // Neither the thread that reads nor the task that submits waits any longer.
            window.stop()
            queue.stop(error)
        }
        interruption.onRequest { [harvest] in
            stop(.interrupted)
            harvest?.stop(.interrupted)
        }
        try await harvest?.start(onFailure: stop)
        startReading(into: queue, window)
        async let fault = work(queue, window)
        let writer = ResultWriter(
            output: output, messages: messages, outputHasFailures: outcome.isJSON, sumsFailuresUp: true,
            showsProgress: showsProgress, unit: "jobs", window: window)
        do {
            let failureCount = try await onBlockingThread(named: "output") { try writer.run() }
            if let fault = await fault { throw fault }
            return failureCount == 0 ? .success : .requestsFailed
        } catch {
            let error = error as? CommandError ?? CommandError(.inputOutput, String(describing: error))
            stop(error)
            harvest?.stop(error)
            throw error
        }
    }

    private func startReading(into queue: DraftQueue, _ window: SharedWindow) {
        startBlockingThread(named: "input") { [source, outcome] in
            var source = source()
            do throws(CommandError) {
                while let item = try source.next(), let index = window.admit(bytes: item.byteCount) {
                    switch item {
                    case .job(let draft): queue.add((index, draft))
                    case .failure(let error, let line, let place):
                        window.finish(index, outcome.failed(error, line, index: place))
                    }
                }
                window.end()
                queue.finish(.success(()))
            } catch {
                queue.finish(.failure(error))
            }
        }
    }

    /// - Returns: Why not all was done. Jobs without an outcome get none.
    private func work(_ queue: DraftQueue, _ window: SharedWindow) async -> CommandError? {
        defer {
            window.stop()
            window.close()
        }
        do throws(CommandError) {
            while true {
                let entries = try await queue.take(atMost: jobsMaximum)
                if entries.isEmpty { break }
                try await submit(entries, window)
            }
            try await harvest?.finish()
            return nil
        } catch {
            if interruption.isRequested { await whenInterrupted() }
            return error
        }
    }

    private func submit(_ entries: [DraftQueue.Entry], _ window: SharedWindow) async throws(CommandError) {
        let jobs = entries.map(\.draft.job)
        // Before they are submitted: a record may come before the verdict.
        harvest?.jobs.expect(entries) { window.finish($0, $1) }
        do throws(SubmitError) {
            let verdicts = try await verdicts(jobs)
            for (entry, verdict) in zip(entries, verdicts) { settle(entry, verdict, window) }
            if interruption.isRequested { return }
            // Those that ended in an earlier run will not come again by themselves.
            try await harvest?.recall(verdicts.filter { $0.outcome == .accepted(duplicate: true) }.map(\.job))
        } catch {
            for (entry, verdict) in zip(entries, error.verdicts) {
                if let verdict { settle(entry, verdict, window) }
            }
            throw CommandError(error)
        }
    }

    /// A queue that is full for longer than the client is patient is no reason to give up: somebody works at it.
    private func verdicts(_ jobs: [Job]) async throws(SubmitError) -> [Verdict] {
        var verdicts = try await submit(jobs)
        while true {
            let refused = verdicts.indices.filter { verdicts[$0].isRefusedForNow }
            if refused.isEmpty || interruption.isRequested { return verdicts }
            do throws(SubmitError) {
                for (index, verdict) in zip(refused, try await submit(refused.map { jobs[$0] })) {
                    verdicts[index] = verdict
                }
            } catch {
                var error = error
                let latest = error.verdicts
                error.verdicts = verdicts
                for (index, verdict) in zip(refused, latest) { error.verdicts[index] = verdict }
                throw error
            }
        }
    }

    private func settle(_ entry: DraftQueue.Entry, _ verdict: Verdict, _ window: SharedWindow) {
        switch verdict.outcome {
        case .rejected where verdict.isRefusedForNow && interruption.isRequested:
            harvest?.jobs.forget(entry.draft.job.id, index: entry.index)
        case .rejected(let rejection):
            harvest?.jobs.forget(entry.draft.job.id, index: entry.index)
            window.finish(entry.index, outcome.failed(entry.draft, RequestError(rejection)))
        case .accepted(let duplicate):
            accepted?.add(1)
            if let harvest {
                harvest.jobs.accept(entry.draft.job.id, index: entry.index)
            } else {
                window.finish(entry.index, outcome.accepted(entry.draft, duplicate: duplicate))
            }
        }
    }
}

extension Verdict {
    fileprivate var isRefusedForNow: Bool {
        if case .rejected(let rejection) = outcome { rejection.code == .retryLater } else { false }
    }
}
