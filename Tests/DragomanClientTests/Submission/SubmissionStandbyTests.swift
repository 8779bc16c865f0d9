import DragomanClient
import JobModel
import Testing

@Suite("The producer's session with a broker that has standbys")
struct StandbyTests {
    private let call = CallID(1)

    private func session(brokers: Int = 1) -> SubmissionSession {
        SubmissionSession(
            settings: SubmissionSession.Settings(endpoints: (0..<brokers).map { "tcp://broker-\($0)" }), seed: 1)
    }

    @Test("what is not answered is sent again, under the same ids, as soon as there is another connection")
    func resent() throws {
        var session = session()
        let jobs = Job.tests(0..<3)
        let first = session.on(.submit(call, jobs, deadline: nil), at: .zero)
        let question = session.on(.ask(CallID(2), .statusQuery(), of: 0, deadline: nil), at: .zero)
        let again = session.on(.connected(0), at: .milliseconds(100))
        #expect(again == first + question)
        let accepted = try #require(again.submits.first).accepted
        #expect(
            session.on(.received(accepted, from: 0), at: .milliseconds(101))
                == [.verdicts(call, accepted.verdicts)])
        // What was answered is not sent again.
        #expect(session.on(.connected(0), at: .milliseconds(200)) == question)
    }

    @Test("the first silence of such a broker is answered by trying another address, later ones ever later")
    func silence() throws {
        var session = session()
        _ = session.on(.submit(call, Job.tests(0..<1), deadline: nil), at: .zero)
        var now = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<5 {
            _ = session.on(.connected(0), at: now)
            let due = try #require(session.nextDeadline)
            waits.append(due - now)
            now = due
            let directives = session.on(.tick, at: now)
            #expect(directives.first == .reconnect(0))
            #expect(directives.submits.count == 1)
        }
        #expect(waits[0] <= .seconds(5))
        #expect(waits.allSatisfy { $0 <= .seconds(20) }, "\(waits)")
        #expect(waits[4] >= .seconds(8))
    }

    @Test("only what went to that broker is sent again")
    func others() throws {
        var session = session(brokers: 2)
        for broker in 0..<2 {
            let query = Envelope(.statusReport(StatusReport()), correlation: Array(repeating: 0xFF, count: 8))
            _ = session.on(.received(query, from: broker), at: .zero)
        }
        let first = session.on(.submit(call, Job.tests(0..<1), deadline: nil), at: .zero)
        let second = session.on(.submit(CallID(2), Job.tests(1..<2), deadline: nil), at: .zero)
        #expect(first.submitDestinations == [0] && second.submitDestinations == [1])
        #expect(session.on(.connected(1), at: .milliseconds(1)) == second)
    }

    @Test("messages name it as it was called last")
    func name() {
        var session = session()
        _ = session.on(.ask(call, .statusQuery(), of: 0, deadline: .seconds(1)), at: .zero)
        session.rename(0, "tcp://brokers:1 (tcp://10.0.0.1:1, tcp://10.0.0.2:1)")
        let error = session.on(.tick, at: .seconds(1)).failure
        #expect(error?.code == .noAnswer)
        #expect(error?.message.contains("at tcp://brokers:1 (tcp://10.0.0.1:1, tcp://10.0.0.2:1) for 1 s") == true)
    }
}
