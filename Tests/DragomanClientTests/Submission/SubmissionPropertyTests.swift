import DragomanClient
import JobModel
import TestKit
import Testing

@Suite("The producer's session on a network that loses, doubles and reorders")
struct SubmissionPropertyTests {
    @Test(
        "every job is answered, what is accepted is stored, and no job is at two brokers, with standbys and without",
        arguments: 0..<60, [false, true])
    func delivery(seed: Int, haveStandbys: Bool) throws {
        var world = ProducerWorld(seed: UInt64(seed), haveStandbys: haveStandbys)
        try world.run()
        for (call, jobs) in world.calls {
            let verdicts = try #require(world.verdicts[call], "seed \(seed): call \(call.value) has no answer")
            #expect(verdicts.map(\.job) == jobs.map(\.id))
            for verdict in verdicts where verdict.rejection == nil {
                #expect(
                    world.stored.contains { $0.contains(verdict.job) }, "seed \(seed): \(verdict.job) is not stored")
            }
        }
        #expect(world.answersTwice.isEmpty)
        // Nobody fails over before the failover time, which is never reached here.
        for first in world.stored.indices {
            for second in world.stored.indices where second > first {
                let both = world.stored[first].intersection(world.stored[second])
                #expect(both.isEmpty, "seed \(seed)")
            }
        }
    }
}

/// A session, some brokers, and the network between.
private struct ProducerWorld {
    enum Message {
        case request(Envelope, to: Int)
        case answer(Envelope, from: Int)
    }

    var session: SubmissionSession
    var network: LossyNetwork<Message>
    var stored: [Set<JobID>]
    var calls: [CallID: [Job]] = [:]
    var verdicts: [CallID: [Verdict]] = [:]
    var answersTwice: [CallID] = []
    var now = Duration.zero
    let haveStandbys: Bool
    /// Brokers whose next addresses are to be tried.
    var lost: Set<Int> = []

    init(seed: UInt64, haveStandbys: Bool) {
        self.haveStandbys = haveStandbys
        network = LossyNetwork(seed: seed)
        let brokers = network.integer(1...3)
        stored = Array(repeating: [], count: brokers)
        var settings = SubmissionSession.Settings(endpoints: (0..<brokers).map { "tcp://broker-\($0)" })
        settings.jobsPerFrame = network.integer(1...7)
        settings.framesInFlight = network.integer(1...4)
        settings.failover = .seconds(100_000)
        session = SubmissionSession(settings: settings, seed: seed)
    }

    mutating func run() throws {
        for number in 0..<network.integer(1...4) {
            let jobs = Job.tests(number * 100..<number * 100 + network.integer(0...30))
            calls[CallID(UInt64(number))] = jobs
            perform(session.on(.submit(CallID(UInt64(number)), jobs, deadline: nil), at: now))
        }
        var steps = 0
        while verdicts.count < calls.count {
            steps += 1
            try #require(steps < 20_000, "the session does not come to an end")
            let next = [network.nextArrival, session.nextDeadline].compactMap(\.self).min()
            now = max(now, try #require(next, "the session waits for nothing"))
            if haveStandbys, network.oneIn(20) { lost.insert(network.integer(0...stored.count - 1)) }
            for broker in lost.sorted() { failOver(broker) }
            lost = []
            if let message = network.receive(at: now) {
                deliver(message)
            } else {
                perform(session.on(.tick, at: now))
            }
        }
    }

    private mutating func perform(_ directives: [SubmissionSession.Directive]) {
        for directive in directives {
            switch directive {
            case .send(let envelope, let broker):
                // If one copy could be refused and another, which the session knows nothing of, be accepted, no client
                // could go to another broker after a refusal.
                network.send(.request(envelope, to: broker), at: now, mayDouble: false)
            case .verdicts(let call, let found):
                if verdicts.updateValue(found, forKey: call) != nil { answersTwice.append(call) }
            case .answer, .fail: Issue.record("\(directive)")
            case .reconnect(let broker): if haveStandbys { lost.insert(broker) }
            }
        }
    }

    /// A new connection, to a broker over the same store: nothing of the old one comes any more.
    private mutating func failOver(_ broker: Int) {
        network.lose {
            switch $0 {
            case .request(_, let destination): destination == broker
            case .answer(_, let origin): origin == broker
            }
        }
        perform(session.on(.connected(broker), at: now))
    }

    private mutating func deliver(_ message: Message) {
        switch message {
        case .answer(let envelope, let broker): perform(session.on(.received(envelope, from: broker), at: now))
        case .request(let envelope, let broker):
            let body: Envelope.Body
            if case .submit(let jobs) = envelope.body {
                body = network.oneIn(20) ? .fault(Fault(.unavailable, "later")) : .submitReply(judge(jobs, broker))
            } else {
                body = .statusReport(StatusReport())
            }
            network.send(.answer(Envelope(body, correlation: envelope.correlation), from: broker), at: now)
        }
    }

    private mutating func judge(_ jobs: [Job], _ broker: Int) -> [Verdict] {
        jobs.map { job in
            if stored[broker].contains(job.id) { return Verdict(job: job.id, .accepted(duplicate: true)) }
            switch network.integer(0...9) {
            case 0: return Verdict(job: job.id, .rejected(Rejection(.invalid, "no")))
            case 1, 2:
                let wait = UInt32(network.integer(0...2000))
                return Verdict(job: job.id, .rejected(Rejection(.retryLater, "full", retryAfterMilliseconds: wait)))
            default:
                stored[broker].insert(job.id)
                return Verdict(job: job.id, .accepted(duplicate: false))
            }
        }
    }
}
