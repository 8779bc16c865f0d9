import JobModel
import TestKit
import Testing
import Wire

@Suite(
    "A job that cannot be taken is refused by itself", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct RefusedJobTests {
    private static func job(_ change: (inout Job) -> Void) -> Job {
        var job = Job("A text.")
        change(&job)
        return job
    }

    private static let faulty: [(name: String, job: Job, code: Rejection.Code, message: String)] = [
        ("an unknown model", Job("A text.", model: "klingon"), .unsupported, "there are scripted (en to fr)"),
        (
            "unknown languages", job { $0.model = .languages(source: "en", target: "tlh") }, .unsupported,
            "there are scripted (en to fr)"
        ),
        ("priority 4", job { $0.priority = 4 }, .invalid, "priority must be 0 to 3, not 4"),
        ("no source", job { $0.sources = [] }, .invalid, "no sources"),
        (
            "too many sources", job { $0.sources = Array(repeating: .text("a"), count: 4) }, .tooLarge,
            "4 sources; at most 3"
        ),
        ("a beam of 0", job { $0.options.beamSize = 0 }, .invalid, "beam_size must be 1 to 256, not 0"),
        ("a beam of 257", job { $0.options.beamSize = 257 }, .invalid, "beam_size must be 1 to 256, not 257"),
        (
            "more hypotheses than beams", job { ($0.options.beamSize, $0.options.nBest) = (2, 3) }, .invalid,
            "n_best must be at most beam_size (2), not 3"
        ),
        (
            "a length penalty that is no number", job { $0.options.lengthPenalty = .nan }, .invalid,
            "length_penalty must be between -8 and 8"
        ),
        (
            "an infinite ratio", job { $0.options.maximumLengthRatio = .infinity }, .invalid,
            "max_length_ratio must be above 0"
        ),
        ("temperature 0", job { $0.options.temperature = 0 }, .invalid, "temperature must be between 0.001 and 1000"),
        ("a top-p of 2", job { $0.options.samplingTopP = 2 }, .invalid, "sampling_top_p must be above 0 and at most 1"),
        ("101 attempts", job { $0.maximumAttempts = 101 }, .invalid, "max_attempts must be 1 to 100, not 101"),
    ]

    @Test("each kind says what is wrong, and what there is; the good ones among them are accepted")
    func kinds() throws {
        let cluster = try Cluster(["LIMITS_TEXTS_PER_JOB_MAX": "3"])
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let good = Job("A good one.")
        let verdicts = try producer.submit(Self.faulty.map(\.job) + [good])
        #expect(verdicts.count == Self.faulty.count + 1)
        for (faulty, verdict) in zip(Self.faulty, verdicts) {
            #expect(verdict.job == faulty.job.id)
            guard case .rejected(let rejection) = verdict.outcome else {
                Issue.record("\(faulty.name) was accepted")
                continue
            }
            #expect(rejection.code == faulty.code, "\(faulty.name): \(rejection)")
            #expect(rejection.message.contains(faulty.message), "\(faulty.name): \(rejection)")
        }
        #expect(verdicts.last?.outcome == .accepted(duplicate: false))
        try worker.finish(try worker.assignment())
        #expect(try producer.report(on: good.id).state == .done)
        #expect(try producer.report(on: Self.faulty[0].job.id).state == nil)
        try cluster.requireHealth()
    }

    @Test("before any worker has said what it has, jobs are to be tried again later")
    func noWorkerYet() throws {
        let cluster = try Cluster(["LIMITS_RETRY_AFTER_MS": "1234"])
        let producer = try cluster.producer()
        let rejection = try producer.rejection(of: Job("A text."))
        #expect(rejection.code == .retryLater)
        #expect(rejection.retryAfterMilliseconds == 1234)
        try cluster.requireHealth()
    }

    @Test("a model becomes known by the worker that has it, and stays so when the broker starts anew")
    func modelBecomesKnown() async throws {
        let cluster = try Cluster()
        let producer = try cluster.producer()
        _ = try cluster.worker("first")
        #expect(try producer.rejection(of: Job("A text.", model: "new")).code == .unsupported)
        let second = try cluster.worker("second", models: [ModelOffer(name: "new")])
        let id = try producer.accept(Job("A text.", model: "new"))
        try second.finish(try second.assignment())
        #expect(try producer.report(on: id).state == .done)
        await cluster.broker.kill()
        try cluster.startBroker()
        let later = try cluster.producer()
        for model in ["new", ModelOffer.scripted.name] { try later.accept(Job("Another.", model: model)) }
        try cluster.requireHealth()
    }

    @Test("the same job again is a duplicate; another with its id is a conflict")
    func sameID() throws {
        let cluster = try Cluster()
        _ = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        let job = Job("A text.")
        var other = job
        other.sources = [.text("Another.")]
        #expect(try producer.submit([job, job, other]).map(\.outcome.word) == ["accepted", "duplicate", "conflict"])
        #expect(try producer.submit([job]).map(\.outcome.word) == ["duplicate"])
        #expect(try producer.submit([other]).map(\.outcome.word) == ["conflict"])
        var named = job
        named.digest = [1]
        #expect(try producer.submit([named]).map(\.outcome.word) == ["conflict"])
        #expect(try producer.status().queuedJobs == 1)
        try cluster.requireHealth()
    }

    @Test("a full queue says so early, and when to come back; a duplicate of what is in it is none too many")
    func fullQueue() throws {
        let cluster = try Cluster(["LIMITS_QUEUED_JOBS_MAX": "2", "LIMITS_JOBS_PER_SUBMIT_MAX": "3"])
        let worker = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        let jobs = (0..<3).map { _ in Job("A text.") }
        #expect(try producer.submit(jobs).map(\.outcome.word) == ["accepted", "accepted", "retryLater"])
        #expect(try producer.submit([jobs[0], jobs[2]]).map(\.outcome.word) == ["duplicate", "retryLater"])
        guard case .fault(let fault) = try producer.ask(.submit(jobs + [Job("One too many.")])) else {
            throw Peer.Silence(description: "too many jobs in one message were taken")
        }
        #expect(fault.code == .tooLarge)
        try worker.send(.workCredit(window: 1000))
        for _ in 0..<2 { try worker.finish(try worker.assignment()) }
        #expect(try producer.submit([jobs[2]]).map(\.outcome.word) == ["accepted"])
        try cluster.requireHealth()
    }

    @Test("what is not done by its deadline expires, with a record")
    func deadline() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        var queued = Job("Late.")
        queued.deadlineMilliseconds = 1
        try producer.accept(queued)
        let consumer = try cluster.consumer("c")
        let record = try consumer.record()
        #expect(record.job == queued.id)
        #expect(record.state == .expired)
        #expect(record.failure?.code == "expired")
        // With a worker, too; which is told to drop it.
        try worker.send(.workCredit(window: 1000))
        var running = Job("Later.")
        // Long enough to reach the worker on a machine that is busy.
        running.deadlineMilliseconds = 5000
        try producer.accept(running)
        let assign = try worker.assignment()
        #expect((1...5000).contains(assign.deadlineMilliseconds ?? 0))
        #expect(try consumer.record().state == .expired)
        let cancelled = try worker.receive("a cancellation") {
            if case .brokerBeat(let beat) = $0 { beat.cancelled } else { nil }
        }
        #expect(cancelled == [assign.lease])
        // Its result, which comes too late, changes nothing.
        try worker.finish(assign)
        #expect(try producer.report(on: running.id).state == .expired)
        try cluster.requireHealth()
    }
}

extension Verdict.Outcome {
    /// In a word, for comparison.
    var word: String {
        switch self {
        case .accepted(let duplicate): duplicate ? "duplicate" : "accepted"
        case .rejected(let rejection): "\(rejection.code)"
        }
    }
}
