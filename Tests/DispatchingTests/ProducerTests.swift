import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Producers")
struct ProducerTests {
    private func code(_ verdict: Verdict?) -> Rejection.Code? {
        if case .rejected(let rejection)? = verdict?.outcome { rejection.code } else { nil }
    }

    @Test("I1: ACCEPTED is not said before the commit")
    func afterCommit() {
        var rig = Rig()
        rig.hello()
        rig.holdsCommits = true
        #expect(rig.submit([Rig.job(1)]).isEmpty)
        #expect(rig.takeAssigned().isEmpty)
        rig.settle()
        #expect(
            rig.take(for: Rig.producer()) == [
                .submitReply([Verdict(job: Rig.id(1), .accepted(duplicate: false))])
            ])
    }

    @Test("commits that fail are logged once a second, however many they are")
    func failures() {
        var rig = Rig()
        rig.hello()
        rig.holdsCommits = true
        for id in 1...50 {
            rig.submit([Rig.job(UInt64(id))])
            rig.fail()
        }
        #expect(rig.notes.filter { $0.level == .error }.count == 1)
        rig.advance(milliseconds: 1000)
        rig.submit([Rig.job(51)])
        rig.fail()
        #expect(rig.notes.filter { $0.level == .error }.map { $0.fields["failures"] } == ["1", "51"])
    }

    /// A broker that knows one tenant's limits, and its producer.
    private func rig(_ change: (inout TenantLimits) -> Void) -> (rig: Rig, producer: Peer) {
        var settings = DispatchSettings()
        settings.limits.tenantQueuedJobsMax = 100
        settings.tenantLimits["acme"] = TenantLimits()
        change(&settings.tenantLimits["acme"]!)
        return (Rig(settings), Rig.producer("a", tenant: "acme"))
    }

    @Test("a priority above its tenant's is refused, with the one that it may have")
    func priorityLimit() {
        var (rig, acme) = rig { $0.priorityMaximum = 1 }
        let verdicts = rig.submit((0...3).map { Rig.job(UInt64($0), priority: $0) }, from: acme)
        #expect(verdicts.map(code) == [nil, nil, .invalid, .invalid])
        #expect("\(verdicts[2].outcome)".contains("may ask for 1 at most"))
        #expect(rig.submit([Rig.job(9, priority: 3)]).map(code) == [nil])
    }

    @Test("a tenant's own quotas hold in place of those of all tenants, more or less as they are")
    func ownQuotas() {
        var (rig, acme) = rig {
            $0.queuedJobs = 2
            $0.queuedBytes = 1000
        }
        #expect(rig.submit((1...3).map { Rig.job($0) }, from: acme).map(code) == [nil, nil, .retryLater])
        #expect(rig.submit([Rig.job(4, String(repeating: "x", count: 1001))], from: acme).map(code) == [.tooLarge])
        #expect(rig.submit((1...101).map { Rig.job($0) }).compactMap(code) == [.retryLater])
        var more = self.rig { $0.queuedJobs = 150 }
        #expect(more.rig.submit((1...151).map { Rig.job($0) }, from: more.producer).compactMap(code) == [.retryLater])
    }

    @Test("who submits faster than its tenant may is told when there is room, and then there is")
    func rate() {
        var (rig, acme) = rig { $0.jobsPerSecond = 10 }
        let verdicts = rig.submit((1...100).map { Rig.job($0) }, from: acme)
        #expect(verdicts.prefix(10).allSatisfy { code($0) == nil })
        #expect(verdicts.dropFirst(10).allSatisfy { code($0) == .retryLater })
        // Known jobs, and other tenants', are not concerned.
        #expect(rig.submit([Rig.job(1)], from: acme).map(code) == [nil])
        #expect(rig.submit([Rig.job(1)]).map(code) == [nil])
        let start = rig.now.monotonic / 1_000_000
        for (number, verdict) in zip(1..., verdicts).dropFirst(10).prefix(10) {
            guard case .rejected(let rejection) = verdict.outcome else { continue }
            let due = start + UInt64(rejection.retryAfterMilliseconds)
            rig.advance(milliseconds: due - rig.now.monotonic / 1_000_000)
            #expect(rig.submit([Rig.job(UInt64(number))], from: acme).map(code) == [nil], "job \(number)")
        }
        #expect(rig.now.monotonic / 1_000_000 - start <= 1001)
    }

    @Test("a tenant that never waits gets its rate, and no more", arguments: [3, 50, 1000])
    func hammering(perSecond: Int) {
        var (rig, acme) = rig {
            $0.textsPerSecond = perSecond
            $0.queuedJobs = 1_000_000
        }
        rig.isChecked = false
        var texts = 0
        var number: UInt64 = 0
        for _ in 0..<2000 {
            rig.advance(milliseconds: 10)
            for _ in 0..<3 {
                number += 1
                let job = Job(id: Rig.id(number), (0..<5).map { _ in .text("a") })
                if rig.submit([job], from: acme).map(code) == [nil] { texts += 5 }
            }
        }
        // Of twenty seconds, beside what the bucket holds and the last job's debt.
        #expect((20 * perSecond...21 * perSecond + 5).contains(texts), "\(texts)")
    }

    @Test("a job of more texts than a second allows is admitted, and paid for before the next")
    func debt() {
        var (rig, acme) = rig { $0.textsPerSecond = 10 }
        let large = Job(id: Rig.id(1), (0..<100).map { _ in .text("a") })
        #expect(rig.submit([large], from: acme).map(code) == [nil])
        guard case .rejected(let rejection)? = rig.submit([Rig.job(2)], from: acme).first?.outcome else {
            return #expect(Bool(false))
        }
        #expect(rejection.retryAfterMilliseconds == 9001)
    }

    @Test("verdicts come in the order of the jobs, all at once")
    func mixed() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        let verdicts = rig.submit([
            Rig.job(2), Rig.job(1), Rig.job(1, "Another text."), Job(id: Rig.id(3), []), Rig.job(2),
        ])
        #expect(verdicts.map(\.job) == [2, 1, 1, 3, 2].map { Rig.id($0) })
        #expect(verdicts[0].outcome == .accepted(duplicate: false))
        #expect(verdicts[1].outcome == .accepted(duplicate: true))
        #expect(code(verdicts[2]) == .conflict)
        #expect(code(verdicts[3]) == .invalid)
        #expect(verdicts[4].outcome == .accepted(duplicate: true))
    }

    @Test("a job without a model goes to the default, and where there is none, the refusal says what to set")
    func defaultModel() throws {
        var rig = Rig()
        let german = ModelOffer(name: "en-de", sourceLanguage: "en", targetLanguage: "de")
        rig.hello(models: [Rig.model, german])
        func message(_ verdict: Verdict?) -> String? {
            if case .rejected(let rejection)? = verdict?.outcome { rejection.message } else { nil }
        }
        let refused = rig.submit([Rig.job(1)])[0]
        #expect(code(refused) == .invalid)
        #expect(message(refused)?.contains("name one of en-de (en to de), en-fr (en to fr)") == true)
        #expect(message(refused)?.contains("broker.default_model") == true)
        var settings = DispatchSettings()
        settings.broker.defaultModel = "en-de"
        rig.on(.reconfigured(settings))
        #expect(rig.submit([Rig.job(1)])[0].outcome == .accepted(duplicate: false))
        #expect(rig.writes.contains { if case .insert(let job) = $0 { job.model == "en-de" } else { false } })
        settings.broker.defaultModel = "en-nl"
        rig.on(.reconfigured(settings))
        let unknown = rig.submit([Rig.job(2)])[0]
        #expect(code(unknown) == .unsupported)
        #expect(message(unknown)?.contains("the default model en-nl (broker.default_model)") == true)
        var named = Rig.job(3)
        named.model = .named("en-fr")
        #expect(rig.submit([named])[0].outcome == .accepted(duplicate: false))
    }

    @Test("a job that comes again while it is on its way to the disk shares the first one's fate")
    func inFlight() {
        var rig = Rig()
        rig.holdsCommits = true
        rig.submit([Rig.job(1)], from: Rig.producer("a"))
        rig.submit([Rig.job(1)], from: Rig.producer("b"))
        #expect(rig.held.count == 1)
        rig.fail()
        for name in ["a", "b"] {
            guard case .submitReply(let verdicts)? = rig.take(for: Rig.producer(name)).first else {
                Issue.record("no answer")
                continue
            }
            #expect(code(verdicts.first) == .retryLater)
            guard case .rejected(let rejection)? = verdicts.first?.outcome else { continue }
            #expect(rejection.message.contains("no space is left") && rejection.retryAfterMilliseconds > 0)
        }
        rig.holdsCommits = false
        #expect(rig.submit([Rig.job(1)]) == [Verdict(job: Rig.id(1), .accepted(duplicate: false))])
    }

    @Test("a job that breaks a rule is refused, and the message says which")
    func rule() {
        var rig = Rig()
        let verdict = rig.submit([Rig.job(1, priority: 4)]).first
        guard case .rejected(let rejection)? = verdict?.outcome else { return #expect(Bool(false)) }
        #expect(rejection.code == .invalid && rejection.message == "priority must be 0 to 3, not 4")
    }

    @Test("options, attempts, sizes and lengths have bounds")
    func bounds() {
        var settings = DispatchSettings()
        settings.limits.textsPerJobMax = 2
        settings.limits.queuedBytesMax = 1000
        settings.limits.jobsPerSubmitMax = 3
        var rig = Rig(settings)
        func refusal(_ change: (inout Job) -> Void) -> Rejection.Code? {
            var job = Rig.job(1)
            change(&job)
            return code(rig.submit([job]).first)
        }
        #expect(refusal { $0.options.beamSize = 0 } == .invalid)
        #expect(refusal { $0.maximumAttempts = 101 } == .invalid)
        #expect(refusal { $0.topic = String(repeating: "t", count: 256) } == .invalid)
        #expect(refusal { $0.sources = Array(repeating: .text("a"), count: 3) } == .tooLarge)
        #expect(refusal { $0.sources = [.text(String(repeating: "a", count: 1001))] } == .tooLarge)
        #expect(refusal { $0.model = .named("klingon") } == .unsupported)
        #expect(refusal { $0.model = .languages(source: "en", target: "tlh") } == .unsupported)
        rig.submit((1...4).map { Rig.job($0) })
        #expect(rig.store.report(on: JobKey(tenant: "default", id: Rig.id(1))) == nil)
    }

    @Test("models are resolved by name, by languages, and when there is only one")
    func models() {
        var rig = Rig(hasOffer: false)
        #expect(code(rig.submit([Rig.job(1)]).first) == .retryLater)
        rig.hello("a", models: [ModelOffer(name: "b", sourceLanguage: "en", targetLanguage: "fr")])
        #expect(code(rig.submit([Rig.job(1)]).first) == nil)
        rig.hello("b", models: [ModelOffer(name: "a", sourceLanguage: "en", targetLanguage: "fr")])
        #expect(code(rig.submit([Rig.job(2)]).first) == .invalid)
        var job = Rig.job(3)
        job.model = .languages(source: "en", target: "fr")
        rig.submit([job])
        #expect(rig.store.report(on: JobKey(tenant: "default", id: job.id))?.model == "a")
        // What was known once is known after a restart.
        rig.restart()
        job.id = Rig.id(4)
        job.model = .named("b")
        #expect(code(rig.submit([job]).first) == nil)
    }

    @Test("cancelling ends a queued job, takes a leased one from its worker, and says what became of others")
    func cancel() throws {
        var rig = Rig()
        rig.hello(window: 2)
        rig.submit([Rig.job(1), Rig.job(2), Rig.job(3)])
        let lease = try #require(rig.takeAssigned().first)
        #expect(lease.lease.chunk.job == Rig.id(1))
        rig.receive(.cancel([Rig.id(1), Rig.id(2), Rig.id(9)]), from: Rig.producer())
        #expect(rig.take(for: Rig.producer()) == [.cancelReply([.cancelled, .cancelled, nil])])
        #expect(rig.take(for: Rig.worker()) == [.brokerBeat(BrokerBeat(epoch: 2, cancelled: [lease.lease]))])
        let next = rig.takeAssigned()
        #expect(next.map(\.lease.chunk.job) == [Rig.id(3)])
        rig.done(next[0])
        rig.receive(.cancel([Rig.id(3)]), from: Rig.producer())
        #expect(rig.take(for: Rig.producer()) == [.cancelReply([.done])])
        #expect(rig.log().map(\.state) == [.cancelled, .cancelled, .done])
    }

    @Test("a cancellation that the disk does not take is said to have failed, and is made good later")
    func cancelFails() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        rig.holdsCommits = true
        rig.receive(.cancel([Rig.id(1)]), from: Rig.producer())
        rig.fail()
        guard case .fault(let fault)? = rig.take(for: Rig.producer()).first else { return #expect(Bool(false)) }
        #expect(fault.code == .unavailable)
        rig.holdsCommits = false
        rig.advance(milliseconds: 1100)
        #expect(rig.end(1)?.state == .cancelled)
    }

    @Test("a job expires by the wall clock, queued or leased")
    func expiry() {
        var rig = Rig()
        rig.hello(window: 2)
        var first = Rig.job(1)
        first.deadlineMilliseconds = 5000
        var second = Rig.job(2)
        second.deadlineMilliseconds = 5000
        rig.submit([first, second])
        let lease = rig.takeAssigned()[0]
        #expect(lease.deadlineMilliseconds == 5000)
        rig.work(milliseconds: 4000, having: [lease.lease])
        #expect(rig.end(1) == nil)
        rig.sent = []
        rig.advance(milliseconds: 1000)
        #expect(rig.end(1)?.state == .expired && rig.end(2)?.state == .expired)
        #expect(
            rig.take(for: Rig.worker()).contains {
                if case .brokerBeat(let beat) = $0 { beat.cancelled == [lease.lease] } else { false }
            })
    }

    @Test("a query is answered from memory and store together")
    func query() {
        var rig = Rig()
        rig.submit([Rig.job(1)])
        func state() -> JobState? {
            rig.receive(.jobQuery(Rig.id(1)), from: Rig.producer())
            for case .jobReport(let report) in rig.take(for: Rig.producer()) { return report.state }
            return nil
        }
        #expect(state() == .queued)
        rig.hello()
        #expect(state() == .running)
        rig.done(rig.takeAssigned()[0])
        #expect(state() == .done)
        rig.receive(.jobQuery(Rig.id(1)), from: Rig.producer("x", tenant: "another"))
        #expect(rig.take(for: Rig.producer("x", tenant: "another")) == [.jobReport(JobReport(job: Rig.id(1)))])
    }

    @Test("the dead are listed, retried under new ids, and dropped")
    func deadLetters() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        for assignment in rig.takeAssigned() { rig.fail(assignment.lease, isRetryable: false) }
        func ask(_ request: DeadLetterRequest) -> [JobReport] {
            rig.receive(.deadLetterRequest(request), from: Rig.producer())
            for case .deadLetterReply(let reports) in rig.take(for: Rig.producer()) { return reports }
            return []
        }
        #expect(ask(.list(after: 0, limit: 10)).map(\.job) == [Rig.id(1), Rig.id(2)])
        #expect(ask(.list(after: 1, limit: 10)).map(\.job) == [Rig.id(2)])
        let retried = ask(.retry([Rig.id(1), Rig.id(7)]))
        #expect(retried.map(\.retryOf) == [Rig.id(1)] && retried[0].job != Rig.id(1))
        #expect(rig.takeAssigned().map(\.lease.chunk.job) == retried.map(\.job))
        #expect(ask(.drop([Rig.id(2), Rig.id(1)])).map(\.job) == [Rig.id(2)])
        #expect(ask(.list(after: 0, limit: 10)).isEmpty)
    }

    @Test("tenants see what is their own, operators see all")
    func status() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)], from: Rig.producer("a", tenant: "a", isOperator: false))
        func report(_ peer: Peer) -> StatusReport? {
            rig.receive(.statusQuery(), from: peer)
            for case .statusReport(let report) in rig.take(for: peer) { return report }
            return nil
        }
        let all = try #require(report(Rig.producer("o")))
        #expect(all.leasedChunks == 1 && all.accepted == 1 && all.workers.count == 1 && all.models[0].leasedChunks == 1)
        #expect(all.workers[0].loadedModels.isEmpty)
        rig.beat([], loaded: ["someone else's", "en-fr"])
        #expect(try #require(report(Rig.producer("o"))).workers[0].loadedModels == ["en-fr"])
        let other = try #require(report(Rig.producer("b", tenant: "b", isOperator: false)))
        #expect(other.leasedChunks == 0 && other.accepted == 0 && other.workers.isEmpty && other.models.count == 1)
    }

    @Test(
        "a message that belongs elsewhere is answered with a fault",
        arguments: [
            Rig.producer(), Rig.worker(), Rig.consumer(),
        ])
    func elsewhere(peer: Peer) {
        var rig = Rig()
        rig.hello()
        rig.attach()
        rig.receive(.settled([]), from: peer, correlation: [5])
        #expect(
            rig.sent.contains {
                if case .fault(let fault) = $0.body {
                    fault.code == .unexpected && $0.correlation == [5]
                } else {
                    false
                }
            })
    }

    @Test("I6: a dead job that begins again is taken whatever its size, and whoever comes then waits")
    func largeRetry() {
        var settings = DispatchSettings()
        settings.limits.queuedBytesMax = 10
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.fail(rig.takeAssigned()[0].lease, isRetryable: false)
        rig.submit([Rig.job(2)])
        rig.receive(.deadLetterRequest(.retry([Rig.id(1)])), from: Rig.producer())
        #expect(rig.dispatcher.check() == nil)
        #expect(rig.takeAssigned().count == 2)
        guard case .rejected(let rejection)? = rig.submit([Rig.job(3)]).first?.outcome else {
            Issue.record("it was taken")
            return
        }
        #expect(rejection.code == .retryLater)
    }
}
