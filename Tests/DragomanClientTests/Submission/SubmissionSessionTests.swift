import DragomanClient
import JobModel
import Testing

@Suite("The producer's session")
struct SubmissionSessionTests {
    private typealias Session = SubmissionSession
    private let call = CallID(1)

    private func session(
        brokers: Int = 1, _ change: (inout SubmissionSession.Settings) -> Void = { _ in }
    ) -> SubmissionSession {
        var settings = SubmissionSession.Settings(endpoints: (0..<brokers).map { "tcp://broker-\($0)" })
        change(&settings)
        return SubmissionSession(settings: settings, seed: 1)
    }

    @Test("jobs are sent at once to the only broker, and their verdicts are the answer")
    func roundTrip() throws {
        var session = session()
        let jobs = Job.tests(0..<3)
        let sent = session.on(.submit(call, jobs, deadline: nil), at: .zero)
        let envelope = try #require(sent.submits.first)
        #expect(sent.count == 1 && envelope.body == .submit(jobs))
        let verdicts = jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) }
        let answer = Envelope(.submitReply(verdicts), correlation: envelope.correlation)
        #expect(session.on(.received(answer, from: 0), at: .milliseconds(5)) == [.verdicts(call, verdicts)])
        #expect(session.nextDeadline == nil)
        // The answer to a copy of the request.
        #expect(session.on(.received(answer, from: 0), at: .milliseconds(6)).isEmpty)
    }

    @Test("nothing to submit is answered at once")
    func nothing() {
        var session = session()
        #expect(session.on(.submit(call, [], deadline: nil), at: .zero) == [.verdicts(call, [])])
    }

    @Test("a submission is cut at the frame's limits of count and bytes")
    func cut() {
        var session = session {
            $0.jobsPerFrame = 3
            $0.bytesPerFrame = 10_000
            $0.framesInFlight = 100
        }
        let jobs = Job.tests(0..<4) + (4..<7).map { Job.test($0, String(repeating: "a", count: 6000)) }
        let counts = session.on(.submit(call, jobs, deadline: nil), at: .zero).submits.map(\.jobs.count)
        #expect(counts == [3, 2, 1, 1])
    }

    @Test("a job that fits into no frame is rejected without being sent, and the others are submitted")
    func tooLarge() throws {
        var session = session { $0.bytesPerFrame = 2000 }
        let jobs = [Job.test(0), .test(1, String(repeating: "a", count: 3000)), .test(2)]
        let sent = try #require(session.on(.submit(call, jobs, deadline: nil), at: .zero).submits.first)
        #expect(sent.jobs == [jobs[0], jobs[2]])
        let outcomes = session.on(.received(sent.accepted, from: 0), at: .zero).verdicts?.map(\.outcome)
        guard case .rejected(let rejection)? = outcomes?[1] else {
            Issue.record("\(String(describing: outcomes))")
            return
        }
        #expect(rejection.code == .tooLarge)
        #expect(outcomes?[2] == .accepted(duplicate: false))
    }

    @Test("no more frames are on the way than the broker may be sent at a time")
    func framesInFlight() throws {
        var session = session {
            $0.jobsPerFrame = 1
            $0.framesInFlight = 2
        }
        let first = session.on(.submit(call, Job.tests(0..<4), deadline: nil), at: .zero).submits
        #expect(first.count == 2)
        #expect(session.on(.received(first[0].accepted, from: 0), at: .zero).submits.map(\.jobs) == [[.test(2)]])
    }

    @Test("silence brings the same frame again, with the same ids and ever longer waits between")
    func silence() throws {
        var session = session()
        var times: [Duration] = [.zero]
        let sent = session.on(.submit(call, Job.tests(0..<2), deadline: nil), at: .zero).submits
        for _ in 0..<5 {
            let time = try #require(session.nextDeadline)
            #expect(session.on(.tick, at: time).submits == sent)
            times.append(time)
        }
        let waits = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(waits[0] >= .seconds(1.5) && waits[0] <= .seconds(2.5))
        #expect(waits[3] >= .seconds(12) && waits[3] <= .seconds(20))
        #expect(waits[4] <= .seconds(30 * 1.25))
    }

    @Test("refused jobs are tried again after the time that the broker asks for, the accepted ones are not")
    func retryLater() throws {
        var session = session()
        let jobs = Job.tests(0..<3)
        let sent = try #require(session.on(.submit(call, jobs, deadline: nil), at: .zero).submits.first)
        let verdicts = [
            Verdict(job: jobs[0].id, .accepted(duplicate: false)),
            Verdict(job: jobs[1].id, .rejected(Rejection(.retryLater, "full", retryAfterMilliseconds: 700))),
            Verdict(job: jobs[2].id, .rejected(Rejection(.conflict, "another job has this id"))),
        ]
        let reply = Envelope(.submitReply(verdicts), correlation: sent.correlation)
        #expect(session.on(.received(reply, from: 0), at: .zero).isEmpty)
        let time = try #require(session.nextDeadline)
        #expect(time >= .milliseconds(700) && time < .milliseconds(1000))
        let again = try #require(session.on(.tick, at: time).submits.first)
        #expect(again.jobs == [jobs[1]])
        var expected = verdicts
        expected[1] = again.accepted.verdicts[0]
        #expect(session.on(.received(again.accepted, from: 0), at: time) == [.verdicts(call, expected)])
    }

    @Test("at the deadline, jobs that the broker had no room for are told so")
    func deadlineWhileFull() throws {
        var session = session {
            $0.jobsPerFrame = 1; $0.framesInFlight = 1
        }
        let sent = session.on(.submit(call, Job.tests(0..<2), deadline: .seconds(1)), at: .zero).submits[0]
        let refusal = Verdict(job: .test(0), .rejected(Rejection(.retryLater, "full", retryAfterMilliseconds: 5000)))
        _ = session.on(.received(Envelope(.submitReply([refusal]), correlation: sent.correlation), from: 0), at: .zero)
        #expect(session.nextDeadline == .seconds(1))
        let verdicts = try #require(session.on(.tick, at: .seconds(1)).verdicts)
        #expect(verdicts.map(\.job) == [.test(0), .test(1)])
        #expect(verdicts.allSatisfy { $0.rejection?.code == .retryLater })
        #expect(session.nextDeadline == nil || session.nextDeadline == .some(.seconds(5)))
    }

    @Test("at the deadline, silence is an error that names the endpoint, and says what is known")
    func deadlineInSilence() throws {
        var session = session { $0.jobsPerFrame = 1 }
        let sent = session.on(.submit(call, Job.tests(0..<2), deadline: .seconds(1)), at: .zero).submits
        _ = session.on(.received(sent[1].accepted, from: 0), at: .zero)
        let error = try #require(session.on(.tick, at: .seconds(1)).failure)
        #expect(error.code == .noAnswer)
        #expect(error.message.contains("tcp://broker-0") && error.message.contains("for 1 s"))
        #expect(error.verdicts.map { $0?.job } == [nil, .test(1)])
        #expect(session.nextDeadline == nil)
    }

    @Test("a broker that takes only smaller messages gets them")
    func halves() throws {
        var session = session()
        let sent = session.on(.submit(call, Job.tests(0..<5), deadline: nil), at: .zero).submits[0]
        let fault = Envelope(.fault(Fault(.tooLarge, "the frame is too large")), correlation: sent.correlation)
        #expect(session.on(.received(fault, from: 0), at: .zero).submits.map(\.jobs.count) == [2, 3])
    }

    @Test("a fault that no repetition would mend fails the call", arguments: [true, false])
    func fault(isAddressed: Bool) throws {
        var session = session()
        let sent = session.on(.submit(call, Job.tests(0..<5), deadline: nil), at: .zero).submits[0]
        let fault = Fault(.version, "version is 1, and this side speaks only 2")
        let envelope = Envelope(.fault(fault), correlation: isAddressed ? sent.correlation : [])
        let error = try #require(session.on(.received(envelope, from: 0), at: .zero).failure)
        #expect(error.code == .fault && error.fault == fault)
    }

    @Test("verdicts of other jobs than those asked about fail the call")
    func otherVerdicts() throws {
        var session = session()
        let sent = session.on(.submit(call, [.test(1)], deadline: nil), at: .zero).submits[0]
        let answer = Envelope(
            .submitReply([Verdict(job: .test(2), .accepted(duplicate: false))]),
            correlation: sent.correlation)
        #expect(session.on(.received(answer, from: 0), at: .zero).failure?.code == .unexpectedAnswer)
    }

    @Test("any other question is asked again until it is answered")
    func ask() throws {
        var session = session(brokers: 2)
        let question = Envelope.Body.jobQuery(.test(1))
        let first = session.on(.ask(call, question, of: 1, deadline: nil), at: .zero)
        let again = session.on(.tick, at: try #require(session.nextDeadline))
        #expect(first == again)
        guard case .send(let envelope, to: 1)? = first.first else {
            Issue.record("\(first)")
            return
        }
        let report = Envelope.Body.jobReport(JobReport(job: .test(1), state: .queued))
        let answer = Envelope(report, correlation: envelope.correlation)
        #expect(session.on(.received(answer, from: 1), at: .seconds(9)) == [.answer(call, report)])
    }

    @Test("an abandoned call is heard of no more")
    func abandon() {
        var session = session()
        let sent = session.on(.submit(call, Job.tests(0..<2), deadline: .seconds(9)), at: .zero).submits[0]
        #expect(session.on(.abandon(call), at: .zero).isEmpty)
        #expect(session.nextDeadline == nil)
        #expect(session.on(.received(sent.accepted, from: 0), at: .zero).isEmpty)
    }
}
