import Dispatching
import JobModel
import JobStore
import SettingValues

/// The total-queue checker: what producers were promised against what consumers got.
struct Checker {
    struct Entry {
        var job: Job
        var nature: Nature
        var submittedAt: UInt64
        var isAccepted = false
        var isCancelAsked = false
        var retryOf: JobID?
        var end: (sequence: UInt64, state: JobState)?
        /// When the disk had its end, as far as that was seen.
        var endedAt: UInt64?
        /// What the broker has said to be its end.
        var reported: (state: JobState, sequence: UInt64?)?
    }

    struct Counts {
        var submitted = 0
        var accepted = 0
        var rejected = 0
        var ended: [JobState: Int] = [:]
        var partial = 0
        var recovered = 0
        var redelivered = 0
        var began = 0
        var charged = 0
        var failedCalls = 0
        var closedConsumers = 0
        var brokerStarts = 0
    }

    let scenario: Scenario
    private(set) var violation: String?
    var counts = Counts()
    private(set) var jobs: [JobKey: Entry] = [:]
    private var dead: [String: [JobID]] = [:]
    /// Of each tenant's log, the digest of each record that some consumer got; records are numbered from 1.
    private var logs: [String: [UInt64]] = [:]
    private(set) var begun: [ChunkID: Int] = [:]
    var charges = ChargeCheck()
    var bounds = BoundsCheck()

    init(_ scenario: Scenario) { self.scenario = scenario }

    mutating func fail(_ message: String) { if violation == nil { violation = message } }

    // Producers.

    mutating func submitted(_ job: Job, by tenant: String, at clock: VirtualClock) {
        counts.submitted += 1
        let nature = job.sources.map(Nature.of).first { $0 != .plain } ?? .plain
        jobs[JobKey(tenant: tenant, id: job.id)] = Entry(job: job, nature: nature, submittedAt: clock.monotonic)
    }

    mutating func cancelAsked(_ key: JobKey) { jobs[key]?.isCancelAsked = true }

    mutating func judged(_ key: JobKey, _ verdict: Verdict, isImpostor: Bool, at clock: VirtualClock) {
        switch verdict.outcome {
        case .accepted where isImpostor:
            // One that was never accepted, or is kept no more, has left its id to the impostor.
            let isItself = jobs[key].map { $0.job == Workload.impostor(of: $0.job) } ?? false
            if let entry = jobs[key], entry.isAccepted, !isItself, !mayBeForgotten(entry, at: clock) {
                fail("I2: \(key.id) was accepted with two contents")
            }
            if let job = jobs[key]?.job { jobs[key]?.job = Workload.impostor(of: job) }
        case .accepted:
            if jobs[key]?.isAccepted == false { counts.accepted += 1 }
            jobs[key]?.isAccepted = true
        case .rejected(let rejection):
            counts.rejected += 1
            if [.invalid, .forbidden].contains(rejection.code) { fail("\(key.id) was refused: \(rejection.message)") }
        }
    }

    mutating func reported(_ key: JobKey, _ state: JobState?, sequence: UInt64?, at clock: VirtualClock) {
        // After its end is forgotten, it may be another life's.
        guard let state, state.isTerminal, let entry = jobs[key], !mayBeForgotten(entry, at: clock) else { return }
        if let end = entry.end, end.state != state || sequence.map({ $0 != end.sequence }) ?? false {
            fail("I2: \(key.id) is said to be \(state) at \(sequence ?? 0), and was \(end.state) at \(end.sequence)")
        }
        jobs[key]?.reported = (state, sequence)
    }

    mutating func retried(_ report: JobReport, of tenant: String) {
        guard let old = report.retryOf else { return }
        learn(report.job, retryOf: old, tenant)
        let key = JobKey(tenant: tenant, id: report.job)
        jobs[key]?.isAccepted = true
        counts.accepted += 1
    }

    /// Asked for, even if the answer was lost.
    private mutating func learn(_ id: JobID, retryOf old: JobID, _ tenant: String) {
        let key = JobKey(tenant: tenant, id: id)
        guard jobs[key] == nil else { return }
        guard let entry = jobs[JobKey(tenant: tenant, id: old)], entry.end?.state ?? .dead == .dead else {
            return fail("I2: \(id) repeats \(old), which is not dead")
        }
        jobs[key] = Entry(job: entry.job, nature: entry.nature, submittedAt: entry.submittedAt, retryOf: old)
    }

    func deadJobs(of tenant: String) -> [JobID] { dead[tenant] ?? [] }

    // Consumers.

    mutating func consumed(_ record: Record, by consumer: Int, of tenant: String, at clock: VirtualClock) {
        let index = Int(record.sequence) - 1
        var log = logs[tenant] ?? []
        let digest = record.traceDigest
        if index < log.count {
            counts.redelivered += 1
            if log[index] != digest { fail("I4: record \(record.sequence) of \(tenant) is not what it was") }
            return
        }
        if index > log.count {
            return fail("I4: record \(record.sequence) of \(tenant) is the first after \(log.count)")
        }
        log.append(digest)
        logs[tenant] = log
        check(record, tenant, at: clock)
    }

    /// A job's id is free again when its record is kept no longer; records go by time that passed (I10).
    private func mayBeForgotten(_ entry: Entry, at clock: VirtualClock) -> Bool {
        guard entry.end != nil else { return false }
        let kept = UInt64(scenario.dispatch.store.acknowledgedRetentionMs) * Span.millisecond
        return (entry.endedAt ?? entry.submittedAt) + kept <= clock.monotonic
    }

    mutating func dropped(_ range: ClosedRange<UInt64>, consumer: Int) {
        fail("I4: records \(range) were kept no longer, though not acknowledged by all")
    }

    private mutating func check(_ record: Record, _ tenant: String, at clock: VirtualClock) {
        if let old = record.retryOf { learn(record.job, retryOf: old, tenant) }
        let key = JobKey(tenant: tenant, id: record.job)
        guard let entry = jobs[key] else {
            return fail("I2: record \(record.sequence) is of \(record.job), which nobody submitted: unexpected")
        }
        if let end = entry.end, !mayBeForgotten(entry, at: clock) {
            return fail("I2: \(record.job) ends at \(end.sequence), and again at \(record.sequence)")
        }
        let expected = Expectation(record: record, entry: entry, scenario: scenario)
        if let problem = expected.problem {
            fail("\(record.job) (\(entry.nature)), record \(record.sequence): \(problem)")
        }
        guard !record.isPartial else {
            counts.partial += 1
            return
        }
        if entry.end == nil, let reported = entry.reported, reported.state != record.state {
            fail("I2: \(record.job) was said to be \(reported.state), and is \(record.state)")
        }
        counts.ended[record.state, default: 0] += 1
        if !entry.isAccepted { counts.recovered += 1 }
        jobs[key]?.end = (record.sequence, record.state)
        if record.state == .dead { dead[tenant, default: []].append(record.job) }
        if dead[tenant]?.count ?? 0 > 100 { dead[tenant]?.removeFirst(50) }
    }

    // The broker's inside: what cannot be seen from outside.

    mutating func began(_ chunk: ChunkID) {
        counts.began += 1
        begun[chunk, default: 0] += 1
    }

    mutating func brokerStarted(_ recovery: Recovery) {
        counts.brokerStarts += 1
        charges.restarted(recovery)
        bounds.restarted(recovery)
    }

    mutating func writing(_ writes: [Write]) {
        if let problem = charges.problem(of: writes, count: &counts.charged) { fail(problem) }
    }

    mutating func wrote(_ writes: [Write], _ outcomes: [WriteOutcome], at clock: VirtualClock) {
        for (write, outcome) in zip(writes, outcomes) {
            bounds.wrote(write, outcome)
            switch outcome {
            case .ended(let entry): ended(JobKey(tenant: entry.tenant, id: entry.record.job), at: clock)
            case .finished(let entries):
                guard let entry = entries.last, entry.record.state.isTerminal else { continue }
                ended(JobKey(tenant: entry.tenant, id: entry.record.job), at: clock)
            default: break
            }
        }
        if let problem = bounds.problem(scenario.dispatch.limits) { fail(problem) }
    }

    private mutating func ended(_ key: JobKey, at clock: VirtualClock) {
        charges.ended(key)
        if jobs[key]?.endedAt == nil { jobs[key]?.endedAt = clock.monotonic }
    }

    // The end.

    func logLength(of tenant: String) -> UInt64 { UInt64(logs[tenant]?.count ?? 0) }

    /// Accepted, and without a record.
    var lost: [JobKey] {
        jobs.filter { $0.value.isAccepted && $0.value.end == nil }.map(\.key).sorted { $0.id < $1.id }
    }
}

extension Record {
    fileprivate var traceDigest: UInt64 {
        var trace = Trace(linesMaximum: 0)
        trace.note(sequence, job.high, job.low, UInt64(state.rawValue), acceptedAt, finishedAt, UInt64(attempts))
        for output in outputs {
            for hypothesis in output.hypotheses { for byte in hypothesis.text.utf8 { trace.note(UInt64(byte)) } }
        }
        return trace.hash
    }
}
