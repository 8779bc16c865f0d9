import Clocks
import Dispatching
import DragomanClient
import JobModel
import JobStore
import TestKit

/// A program that submits jobs: it keeps those without a verdict in a journal, and submits them again after a crash.
final class ProducerNode {
    enum Request {
        case submit([Job], isImpostor: Bool)
        case cancel([JobID])
        case query(JobID)
        case retryDead([JobID])
        case other
    }

    let index: Int
    let tenant: String
    private(set) var life = 0
    private(set) var connection: Connection
    private var session: SubmissionSession?
    private var alarm = Alarm()
    private var calls: [UInt64: Request] = [:]
    private var callCount: UInt64 = 0
    /// Outlives the process. In the order of submission.
    private var journal: [Job] = []
    /// Some that it has had a verdict of lately: for questions, cancellations and repetitions, which are safe as long as
    /// the broker remembers the jobs.
    private var recent: [Job] { verdicts.map(\.job) }
    private var verdicts: [(job: Job, at: UInt64)] = []
    private var submittedCount = 0

    init(index: Int, tenant: String) {
        self.index = index
        self.tenant = tenant
        connection = Connection(node: NodeID(kind: .producer, index: index), number: 0)
    }

    var id: NodeID { connection.node }
    var isUp: Bool { session != nil }
    var isIdle: Bool { journal.isEmpty && calls.isEmpty && isUp }

    func start(_ cluster: Cluster) {
        guard session == nil else { return }
        life += 1
        connection.number += 1
        var settings = SubmissionSession.Settings(endpoints: ["broker"])
        settings.jobsPerFrame = 5
        session = SubmissionSession(settings: settings, seed: cluster.random.next())
        if !journal.isEmpty { submit(journal, isImpostor: false, cluster) }
        planProduction(cluster)
    }

    func crash(_ cluster: Cluster) {
        session = nil
        life += 1
        calls = [:]
        alarm = Alarm()
        cluster.plan(.start(id), after: UInt64(cluster.random.integer(10...20_000)) * Span.millisecond)
    }

    func reconnect() { connection.number += 1 }

    func receive(_ letter: Letter, _ cluster: Cluster) { on(.received(letter.envelope, from: 0), cluster) }

    func tick(_ cluster: Cluster) {
        guard alarm.rings(cluster) else { return }
        guard let deadline = session?.nextDeadline else { return }
        if deadline <= cluster.clock.duration { on(.tick, cluster) } else { planTick(cluster) }
    }

    // What it does of its own accord.

    func produce(_ cluster: Cluster) {
        guard !cluster.isCalm else { return }
        let scenario = cluster.scenario
        if submittedCount < scenario.jobsPerProducer ?? .max, journal.count < 200 {
            let count = cluster.random.oneIn(3) ? cluster.random.integer(2...12) : 1
            let jobs = (0..<count).map { _ in
                cluster.workload.job(of: index, scenario, random: &cluster.random)
            }
            submittedCount += count
            for job in jobs { cluster.checker.submitted(job, by: tenant, at: cluster.clock) }
            journal += jobs
            submit(jobs, isImpostor: false, cluster)
        }
        act(cluster)
        planProduction(cluster)
    }

    private func act(_ cluster: Cluster) {
        let scenario = cluster.scenario
        verdicts.removeAll { $0.at + 5 * Span.minute < cluster.clock.monotonic }
        func isTime(_ perThousand: Int) -> Bool { cluster.random.integer(1...1000) <= perThousand }
        if isTime(scenario.cancelsPerThousand), let job = (journal + recent).randomElement(using: &cluster.random) {
            cluster.checker.cancelAsked(JobKey(tenant: tenant, id: job.id))
            ask(.cancel([job.id]), .cancel([job.id]), cluster)
        }
        if isTime(scenario.questionsPerThousand) { ask(cluster) }
        guard let old = recent.randomElement(using: &cluster.random) else { return }
        if isTime(scenario.repeatsPerThousand) { submit([old], isImpostor: false, cluster) }
        if isTime(scenario.impostorsPerThousand) { submit([Workload.impostor(of: old)], isImpostor: true, cluster) }
    }

    private func ask(_ cluster: Cluster) {
        switch cluster.random.integer(0...3) {
        case 0: ask(.statusQuery(), .other, cluster)
        case 1:
            guard let job = recent.randomElement(using: &cluster.random) else { return }
            ask(.jobQuery(job.id), .query(job.id), cluster)
        case 2:
            let dead = cluster.checker.deadJobs(of: tenant).prefix(3)
            if !dead.isEmpty { ask(.deadLetterRequest(.retry(Array(dead))), .retryDead(Array(dead)), cluster) }
        default:
            let dead = cluster.checker.deadJobs(of: tenant).suffix(1)
            if !dead.isEmpty { ask(.deadLetterRequest(.drop(Array(dead))), .other, cluster) }
        }
    }

    private func submit(_ jobs: [Job], isImpostor: Bool, _ cluster: Cluster) {
        callCount += 1
        calls[callCount] = .submit(jobs, isImpostor: isImpostor)
        on(.submit(CallID(callCount), jobs, deadline: nil), cluster)
    }

    private func ask(_ body: Envelope.Body, _ request: Request, _ cluster: Cluster) {
        callCount += 1
        calls[callCount] = request
        on(.ask(CallID(callCount), body, of: 0, deadline: nil), cluster)
    }

    private func on(_ event: SubmissionSession.Event, _ cluster: Cluster) {
        guard isUp else { return }
        for directive in session!.on(event, at: cluster.clock.duration) {
            switch directive {
            case .send(let envelope, _): cluster.send(envelope, from: connection)
            case .reconnect: reconnect()
            case .verdicts(let call, let verdicts): take(verdicts, call, cluster)
            case .answer(let call, let body): take(body, call, cluster)
            case .fail(let call, let error): failed(call, error, cluster)
            }
        }
        planTick(cluster)
    }

    private func take(_ verdicts: [Verdict], _ call: CallID, _ cluster: Cluster) {
        guard case .submit(let jobs, let isImpostor)? = calls.removeValue(forKey: call.value) else { return }
        if verdicts.map(\.job) != jobs.map(\.id) {
            return cluster.checker.fail("I1: \(verdicts.count) verdicts for \(jobs.count) jobs, or of others")
        }
        for (job, verdict) in zip(jobs, verdicts) {
            cluster.checker.judged(
                JobKey(tenant: tenant, id: job.id), verdict, isImpostor: isImpostor, at: cluster.clock)
        }
        guard !isImpostor else { return }
        let answered = Set(jobs.map(\.id))
        journal.removeAll { answered.contains($0.id) }
        self.verdicts += jobs.map { ($0, cluster.clock.monotonic) }
        if self.verdicts.count > 64 { self.verdicts.removeFirst(self.verdicts.count - 64) }
    }

    private func take(_ body: Envelope.Body, _ call: CallID, _ cluster: Cluster) {
        switch (calls.removeValue(forKey: call.value), body) {
        case (.cancel(let ids), .cancelReply(let states)):
            for (id, state) in zip(ids, states) {
                cluster.checker.reported(JobKey(tenant: tenant, id: id), state, sequence: nil, at: cluster.clock)
            }
        case (.query(let id), .jobReport(let report)):
            cluster.checker.reported(
                JobKey(tenant: tenant, id: id), report.state, sequence: report.sequence, at: cluster.clock)
        case (.retryDead, .deadLetterReply(let reports)):
            for report in reports { cluster.checker.retried(report, of: tenant) }
        default: break
        }
    }

    private func failed(_ call: CallID, _ error: ClientError, _ cluster: Cluster) {
        cluster.trace.line("  producer \(index): \(error.message)")
        guard case .submit(let jobs, let isImpostor)? = calls.removeValue(forKey: call.value), !isImpostor else {
            return
        }
        cluster.checker.counts.failedCalls += 1
        // As a program would: again, some time later. What was not answered is in the journal.
        let answered = Set(zip(jobs, error.verdicts).filter { $0.1 != nil }.map(\.0.id))
        journal.removeAll { answered.contains($0.id) }
        crash(cluster)
    }

    private func planProduction(_ cluster: Cluster) {
        let pause = cluster.random.integer(1...2 * cluster.scenario.meanPauseMilliseconds)
        cluster.plan(.produce(producer: index, life: life), after: UInt64(pause) * Span.millisecond)
    }

    private func planTick(_ cluster: Cluster) {
        guard let deadline = session?.nextDeadline else { return }
        alarm.set(cluster, for: id, at: deadline.nanoseconds)
    }
}
