import DragomanClient
import JobModel
import Testing

@Suite("The producer's session with several brokers")
struct SeveralBrokersTests {
    private let call = CallID(1)

    private func session(brokers: Int) -> SubmissionSession {
        var settings = SubmissionSession.Settings(endpoints: (0..<brokers).map { "tcp://broker-\($0)" })
        settings.jobsPerFrame = 1
        settings.framesInFlight = 100
        return SubmissionSession(settings: settings, seed: 1)
    }

    private let status = Envelope(.statusReport(StatusReport()), correlation: Array(repeating: 255, count: 8))

    @Test("jobs go to those that answer, in turn")
    func turns() {
        var session = session(brokers: 3)
        let probes = session.on(.submit(call, Job.tests(0..<4), deadline: nil), at: .zero)
        #expect(probes.map(\.destination) == [0, 1, 2] && probes.submits.isEmpty)
        #expect(session.on(.received(status, from: 2), at: .zero).map(\.destination) == [2, 2, 2, 2])
        _ = session.on(.received(status, from: 0), at: .zero)
        let next = session.on(.submit(CallID(2), Job.tests(4..<8), deadline: nil), at: .zero)
        #expect(next.map(\.destination) == [0, 2, 0, 2])
    }

    @Test("silent brokers are asked how they are, ever more rarely, only while jobs wait")
    func probes() throws {
        var session = session(brokers: 2)
        _ = session.on(.submit(call, Job.tests(0..<1), deadline: nil), at: .zero)
        let second = try #require(session.nextDeadline)
        #expect(!session.on(.tick, at: second + .seconds(1)).isEmpty)
        _ = session.on(.abandon(call), at: second + .seconds(1))
        #expect(session.nextDeadline == nil)
    }

    @Test("a job stays with its broker while that is silent, and goes to another after the failover time")
    func failover() throws {
        var session = session(brokers: 2)
        _ = session.on(.submit(call, [.test(1)], deadline: nil), at: .zero)
        let first = session.on(.received(status, from: 0), at: .zero).submits[0]
        _ = session.on(.received(status, from: 1), at: .zero)
        var time = Duration.zero
        while true {
            time = try #require(session.nextDeadline)
            let directives = session.on(.tick, at: time)
            if let submit = directives.submits.first {
                #expect(submit.body == first.body)
                guard directives.submitDestinations == [0] else { break }
            }
            try #require(time < .seconds(100))
        }
        #expect(time == .seconds(60))
    }

    @Test("a refusal frees a job to go to another broker at once")
    func refusal() {
        var session = session(brokers: 2)
        _ = session.on(.submit(call, [.test(1)], deadline: nil), at: .zero)
        let first = session.on(.received(status, from: 0), at: .zero).submits[0]
        _ = session.on(.received(status, from: 1), at: .zero)
        let refusal = Verdict(job: .test(1), .rejected(Rejection(.retryLater, "full", retryAfterMilliseconds: 900)))
        let reply = Envelope(.submitReply([refusal]), correlation: first.correlation)
        #expect(session.on(.received(reply, from: 0), at: .zero).submitDestinations == [1])
    }

    @Test("when a silent broker speaks again, it is soon sent what it may have lost")
    func back() throws {
        var session = session(brokers: 2)
        _ = session.on(.submit(call, [.test(1)], deadline: nil), at: .zero)
        _ = session.on(.received(status, from: 0), at: .zero)
        var time = Duration.zero
        for _ in 0..<6 {
            time = try #require(session.nextDeadline)
            _ = session.on(.tick, at: time)
        }
        _ = session.on(.received(status, from: 0), at: time)
        let next = try #require(session.nextDeadline)
        #expect(next <= time + .seconds(1))
        #expect(session.on(.tick, at: next).submitDestinations == [0])
    }
}
