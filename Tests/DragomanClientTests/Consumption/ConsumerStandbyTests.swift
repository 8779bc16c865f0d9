import DragomanClient
import JobModel
import Testing

@Suite("The consumer's session with a broker that has standbys")
struct ConsumerStandbyTests {
    private static let log = LogID(bytes: Array(repeating: 1, count: 16))

    private func attached(
        next: UInt64 = 1, _ change: (inout ConsumerSession.Settings) -> Void = { _ in }
    ) -> ConsumerSession {
        var settings = ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "reader")
        settings.logID = Self.log
        change(&settings)
        var session = ConsumerSession(settings: settings, seed: 1, at: .zero)
        _ = session.on(.start, at: .zero)
        _ = session.on(.connected, at: .zero)
        _ = session.on(.received(.attached(next: next, last: 10, logID: Self.log)), at: .zero)
        return session
    }

    @Test("it attaches at the next broker where it was at the last one, and goes on in the same log")
    func follow() {
        var session = attached()
        for sequence in 1...3 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        _ = session.on(.acknowledge(upTo: 2), at: .zero)
        #expect(
            session.on(.connected, at: .seconds(1)) == [.send(.attach(consumer: "reader", fromSequence: 4))])
        // What the last one sent before comes late, and is no gap.
        #expect(session.on(.received(.record(9)), at: .seconds(1)).isEmpty)
        let answer = Envelope.attached(epoch: 2, next: 4, last: 10, logID: Self.log)
        let directives = session.on(.received(answer), at: .seconds(1))
        #expect(directives.contains(.send(.ack(upTo: 2))))
        #expect(session.on(.received(.record(4)), at: .seconds(1)) == [.deliver(.test(4))])
    }

    @Test("another log is refused")
    func otherLog() {
        var session = attached()
        _ = session.on(.connected, at: .seconds(1))
        let answer = Envelope.attached(epoch: 2, next: 1, last: 10, logID: LogID(bytes: Array(repeating: 7, count: 16)))
        #expect(session.on(.received(answer), at: .seconds(1)).closing?.code == .otherLog)
    }

    @Test("a silent broker is left for the next address, and asked nothing more")
    func silence() throws {
        var session = attached(next: 11)
        var now = Duration.zero
        var directives: [ConsumerSession.Directive] = []
        while !directives.contains(.reconnect) {
            now = try #require(session.nextDeadline)
            try #require(now <= .seconds(4))
            directives = session.on(.tick, at: now)
        }
        #expect(directives == [.reconnect])
        #expect(
            session.on(.connected, at: now) == [.send(.attach(consumer: "reader", fromSequence: 11))])
        // Nor does this one answer.
        now = try #require(session.nextDeadline)
        #expect(session.on(.tick, at: now).first == .reconnect)
    }

    @Test("one that is full attaches when it has room")
    func full() {
        var session = attached { $0.window.records = 2 }
        for sequence in 1...2 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        #expect(session.on(.connected, at: .seconds(1)).isEmpty)
        #expect(session.nextDeadline == nil)
        #expect(
            session.on(.acknowledge(upTo: 1), at: .seconds(2))
                == [.send(.attach(consumer: "reader", fromSequence: 3))])
    }

    @Test("one that leaves brings its last acknowledgement to the next broker")
    func leaving() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.acknowledge(upTo: 1), at: .zero)
        _ = session.on(.leave, at: .zero)
        #expect(
            session.on(.connected, at: .milliseconds(1)) == [.send(.attach(consumer: "reader", fromSequence: 2))])
        let answer = Envelope.attached(epoch: 2, next: 2, last: 10, logID: Self.log)
        #expect(session.on(.received(answer), at: .milliseconds(2)) == [.send(.ack(upTo: 1))])
        let last = session.on(.received(Envelope(.acked(upTo: 1))), at: .milliseconds(3))
        #expect(last == [.send(.detach), .close(nil)])
    }

    @Test("messages name it as it was called last")
    func name() {
        var session = attached()
        session.rename("tcp://brokers:1 (tcp://10.0.0.1:1)")
        let error = session.on(.received(Envelope(.fault(Fault(.replaced, "")))), at: .zero).closing
        #expect(error?.message.contains("tcp://brokers:1 (tcp://10.0.0.1:1)") == true)
    }
}
