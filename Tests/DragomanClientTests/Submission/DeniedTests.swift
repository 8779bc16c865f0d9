import DragomanClient
import JobModel
import Testing

@Suite("A client whom brokers do not let in")
struct DeniedTests {
    private typealias Session = SubmissionSession
    private let denial = ClientError(.accessDenied, "no")

    private func session(brokers: Int) -> SubmissionSession {
        SubmissionSession(
            settings: SubmissionSession.Settings(endpoints: (0..<brokers).map { "tcp://broker-\($0)" }), seed: 1)
    }

    private func failures(_ directives: [Session.Directive]) -> [CallID: ClientError.Code] {
        directives.reduce(into: [:]) { found, directive in
            if case .fail(let call, let error) = directive { found[call] = error.code }
        }
    }

    @Test("is told at once when there is one broker")
    func single() {
        var session = session(brokers: 1)
        _ = session.on(.submit(CallID(1), Job.tests(0..<2), deadline: nil), at: .zero)
        _ = session.on(.ask(CallID(2), .statusQuery(), of: 0, deadline: nil), at: .zero)
        let directives = session.on(.denied(denial, by: 0), at: .milliseconds(5))
        #expect(failures(directives) == [CallID(1): .accessDenied, CallID(2): .accessDenied])
        // The next call asks again.
        let again = session.on(.submit(CallID(3), Job.tests(0..<1), deadline: nil), at: .seconds(1))
        #expect(again.submits.count == 1)
    }

    @Test("submits to those that do, and is told when none does")
    func several() {
        var session = session(brokers: 2)
        _ = session.on(.submit(CallID(1), Job.tests(0..<2), deadline: nil), at: .zero)
        _ = session.on(.ask(CallID(2), .statusQuery(), of: 0, deadline: nil), at: .zero)
        #expect(failures(session.on(.denied(denial, by: 0), at: .milliseconds(5))) == [CallID(2): .accessDenied])
        #expect(failures(session.on(.denied(denial, by: 1), at: .milliseconds(6))) == [CallID(1): .accessDenied])
    }

    @Test("is told as a consumer, too")
    func consumer() {
        var session = ConsumerSession(
            settings: ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "c"), seed: 1, at: .zero)
        _ = session.on(.start, at: .zero)
        #expect(session.on(.denied(denial), at: .milliseconds(5)) == [.close(denial)])
        #expect(session.nextDeadline == nil)
    }
}
