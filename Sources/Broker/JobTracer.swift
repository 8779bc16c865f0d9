import DequeModule
package import Dispatching
package import JobModel
package import JobStore
package import Spans

/// What becomes of jobs that have a W3C `traceparent`, as spans of that trace. It is told what the broker hears and says, and
/// when, and does nothing itself.
///
///     job ├─ accepted ─┤├─ queued ─┤├─ translated (a chunk) … ─┤├─ committed ─┤
///                                                                            ├─ delivered ─┤
package struct JobTracer {
    /// Jobs that have not ended; further ones are not traced.
    private static let jobsMaximum = 100_000
    /// Records that no consumer has acknowledged.
    private static let recordsMaximum = 100_000

    private static let forgettingPause: UInt64 = 60_000_000_000

    private struct Traced {
        let parent: TraceParent
        /// The job's own span.
        let span: [UInt8]
        /// nil: not known.
        let sources: Int?
        let receivedAt: UInt64
        var acceptedAt: UInt64?
        var begunAt: UInt64?
        var resultAt: UInt64?
        /// Of each chunk that is with a worker.
        var leases: [UInt32: Lease] = [:]
    }

    private struct Lease {
        let token: UInt64
        let attempt: UInt32
        let worker: String
        let at: UInt64
    }

    private struct Ended {
        let sequence: UInt64
        let parent: TraceParent
        let at: UInt64
    }

    private var jobs: [JobKey: Traced] = [:]
    private var leased: [UInt64: JobKey] = [:]
    private var ended: [String: Deque<Ended>] = [:]
    private var endedCount = 0
    private var spans: [Span] = []
    private var forgottenAt: UInt64 = 0
    private var random: SplitMix64

    package init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// What there is to be sent.
    package mutating func take() -> [Span] {
        defer { spans = [] }
        return spans
    }

    // MARK: What happens

    /// - Parameter time: In Unix nanoseconds, as everywhere here.
    package mutating func submitted(_ all: [Job], tenant: String, at time: UInt64) {
        if jobs.count >= Self.jobsMaximum { forgetUnanswered(at: time) }
        for job in all where !job.trace.isEmpty && jobs.count < Self.jobsMaximum {
            let key = JobKey(tenant: tenant, id: job.id)
            guard jobs[key] == nil, let parent = TraceParent(job.trace), parent.isSampled else { continue }
            jobs[key] = Traced(parent: parent, span: newID(), sources: job.sources.count, receivedAt: time)
        }
    }

    /// The broker's answers to those.
    package mutating func answered(_ verdicts: [Verdict], tenant: String, at time: UInt64) {
        guard !jobs.isEmpty else { return }
        for verdict in verdicts {
            let key = JobKey(tenant: tenant, id: verdict.job)
            guard let job = jobs[key], job.acceptedAt == nil else { continue }
            switch verdict.outcome {
            case .accepted(duplicate: false):
                add("accepted", of: job, from: job.receivedAt, to: time)
                jobs[key]?.acceptedAt = time
            // It may be the answer to a second frame that came before that to the first.
            case .accepted(duplicate: true): break
            case .rejected(let rejection):
                end(key, job, as: "rejected", at: time, [], problem: "\(rejection.code)")
            }
        }
    }

    package mutating func leased(_ assignment: Assignment, to worker: String?, at time: UInt64) {
        guard let job = jobs[assignment.job] else { return }
        if job.begunAt == nil { jobs[assignment.job]?.begunAt = time }
        let chunk = assignment.lease.chunk.index
        lose(chunk, of: assignment.job, "the worker was lost, or has handed it back", at: time)
        jobs[assignment.job]?.leases[chunk] = Lease(
            token: assignment.lease.token, attempt: assignment.attempt, worker: worker ?? "", at: time)
        leased[assignment.lease.token] = assignment.job
    }

    /// A worker's answer.
    ///
    /// - Parameter problem: Why it could not translate the chunk; nil: it could.
    package mutating func answered(_ lease: LeaseName, problem: String?, at time: UInt64) {
        let chunk = lease.chunk.index
        guard let key = leased[lease.token], jobs[key]?.leases[chunk]?.token == lease.token else { return }
        lose(chunk, of: key, problem, at: time)
        if problem == nil { jobs[key]?.resultAt = time }
    }

    /// Jobs that have ended, durably.
    package mutating func published(_ entries: [LogEntry], at time: UInt64) {
        for entry in entries where !entry.record.isPartial {
            let record = entry.record
            let key = JobKey(tenant: entry.tenant, id: record.job)
            guard let job = jobs[key] ?? older(record) else { continue }
            for chunk in job.leases.keys.sorted() { lose(chunk, of: key, "the job has ended", at: time) }
            let problem = record.failure?.code
            end(
                key, job, as: "\(record.state)", at: time,
                [
                    .init("dragoman.model", .text(record.model)),
                    .init("dragoman.attempts", .number(UInt64(record.attempts))),
                    .init("dragoman.record", .number(record.sequence)),
                ], problem: problem)
            var parent = job.parent
            parent.span = job.span
            // Where no consumer reads the records of some tenants, they would only grow.
            if endedCount >= Self.recordsMaximum { (ended, endedCount) = ([:], 0) }
            ended[entry.tenant, default: []].append(Ended(sequence: record.sequence, parent: parent, at: time))
            endedCount += 1
        }
    }

    /// Records count as delivered when the first consumer has acknowledged them.
    package mutating func acknowledged(upTo sequence: UInt64, tenant: String, by consumer: String?, at time: UInt64) {
        while let first = ended[tenant]?.first, first.sequence <= sequence {
            ended[tenant]!.removeFirst()
            endedCount -= 1
            spans.append(
                Span(
                    "delivered", id: newID(), in: first.parent, from: first.at, to: time,
                    consumer.map { [.init("dragoman.consumer", .text($0))] } ?? []))
        }
    }

    /// Those that were not answered one by one, as in a frame that was refused as a whole.
    private mutating func forgetUnanswered(at time: UInt64) {
        guard time >= forgottenAt + Self.forgettingPause else { return }
        forgottenAt = time
        jobs = jobs.filter { $0.value.acceptedAt != nil || time < $0.value.receivedAt + Self.forgettingPause }
    }

    // MARK: Spans

    /// A job that an earlier run of the broker accepted: when it was given to workers is not known.
    private mutating func older(_ record: Record) -> Traced? {
        guard !record.trace.isEmpty, let parent = TraceParent(record.trace), parent.isSampled else { return nil }
        let (accepted, isTooLarge) = record.acceptedAt.multipliedReportingOverflow(by: 1_000_000)
        return Traced(parent: parent, span: newID(), sources: nil, receivedAt: isTooLarge ? 0 : accepted)
    }

    private mutating func add(
        _ name: String, of job: Traced, from start: UInt64, to end: UInt64, _ attributes: [Span.Attribute] = [],
        problem: String? = nil
    ) {
        var parent = job.parent
        parent.span = job.span
        spans.append(Span(name, id: newID(), in: parent, from: start, to: end, attributes, problem: problem))
    }

    /// The end of a chunk's stay with a worker.
    private mutating func lose(_ chunk: UInt32, of key: JobKey, _ problem: String?, at time: UInt64) {
        guard let job = jobs[key], let lease = job.leases[chunk] else { return }
        jobs[key]?.leases[chunk] = nil
        leased[lease.token] = nil
        add(
            "translated", of: job, from: lease.at, to: time,
            [
                .init("dragoman.chunk", .number(UInt64(chunk))),
                .init("dragoman.attempt", .number(UInt64(lease.attempt))),
                .init("dragoman.worker", .text(lease.worker)),
            ], problem: problem)
    }

    private mutating func end(
        _ key: JobKey, _ job: Traced, as state: String, at time: UInt64, _ attributes: [Span.Attribute],
        problem: String?
    ) {
        if let accepted = job.acceptedAt { add("queued", of: job, from: accepted, to: job.begunAt ?? time) }
        if state == "\(JobState.done)", let result = job.resultAt { add("committed", of: job, from: result, to: time) }
        spans.append(
            Span(
                "job", id: job.span, in: job.parent, from: job.receivedAt, to: time,
                [
                    .init("dragoman.job_id", .text("\(key.id)")), .init("dragoman.tenant", .text(key.tenant)),
                    .init("dragoman.state", .text(state)),
                ] + (job.sources.map { [.init("dragoman.sources", .number(UInt64($0)))] } ?? []) + attributes,
                problem: problem))
        jobs[key] = nil
    }

    /// Never zero.
    private mutating func newID() -> [UInt8] {
        let number = random.next() | 1
        return (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
