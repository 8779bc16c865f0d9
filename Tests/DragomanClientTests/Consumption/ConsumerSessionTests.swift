import DragomanClient
import JobModel
import Testing

@Suite("The consumer's session")
struct ConsumerSessionTests {
    private func session(_ change: (inout ConsumerSession.Settings) -> Void = { _ in }) -> ConsumerSession {
        var settings = ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "reader")
        change(&settings)
        return ConsumerSession(settings: settings, seed: 1, at: .zero)
    }

    /// One that is attached, with records 1 to `last` in the log.
    private func attached(
        last: UInt64 = 10, _ change: (inout ConsumerSession.Settings) -> Void = { _ in }
    ) -> ConsumerSession {
        var session = session(change)
        _ = session.on(.start, at: .zero)
        _ = session.on(.received(.attached(next: 1, last: last)), at: .zero)
        return session
    }

    @Test("it attaches after what the consumer has acknowledged, and asks for as much as the window holds")
    func attach() {
        var session = session()
        #expect(session.on(.start, at: .zero) == [.send(.attach(consumer: "reader", fromSequence: nil))])
        let credit = ResultCredit(records: 1024, bytes: 16 << 20)
        #expect(
            session.on(.received(.attached(next: 5, last: 9)), at: .zero)
                == [.attached(next: 5, last: 9), .reached(lastSequence: 9), .send(.resultCredit(credit))])
        #expect(session.on(.received(.record(5)), at: .zero) == [.deliver(.test(5))])
    }

    @Test("it says which records it asked for are kept no more")
    func dropped() {
        var session = session { $0.from = 3 }
        #expect(session.on(.start, at: .zero) == [.send(.attach(consumer: "reader", fromSequence: 3))])
        #expect(session.on(.received(.attached(next: 7, last: 9)), at: .zero).contains(.dropped(3...6)))
        #expect(session.on(.received(.record(7)), at: .zero) == [.deliver(.test(7))])
    }

    @Test("a record that comes twice is delivered once")
    func twice() {
        var session = attached()
        #expect(session.on(.received(.record(1)), at: .zero) == [.deliver(.test(1))])
        #expect(session.on(.received(.record(1)), at: .zero).isEmpty)
    }

    @Test("a gap is mended by attaching anew, where the gap is")
    func gap() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        #expect(
            session.on(.received(.record(3)), at: .zero) == [.send(.attach(consumer: "reader", fromSequence: 2))])
        // Still on its way from before.
        #expect(session.on(.received(.record(4)), at: .zero).isEmpty)
        _ = session.on(.received(.attached(next: 2, last: 4)), at: .zero)
        #expect(session.on(.received(.record(2)), at: .zero) == [.deliver(.test(2))])
    }

    @Test("a gap that stays is the log's, and ends the session")
    func lastingGap() {
        var session = attached()
        for _ in 0..<100 {
            let directives = session.on(.received(.record(2)), at: .zero)
            if let error = directives.closing {
                #expect(error.code == .brokenLog && error.message.contains("record 1"))
                return
            }
            _ = session.on(.received(.attached(next: 1, last: 9)), at: .zero)
        }
        Issue.record("the session goes on for ever")
    }

    @Test("an acknowledgement is sent, and again with every heartbeat until it is confirmed")
    func acknowledge() {
        var session = attached()
        for sequence in 1...3 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        #expect(session.on(.acknowledge(upTo: 2), at: .zero) == [.send(.ack(upTo: 2))])
        let heartbeat = Envelope(.heartbeat(epoch: 1, lastSequence: 10))
        #expect(session.on(.received(heartbeat), at: .zero).contains(.send(.ack(upTo: 2))))
        _ = session.on(.received(Envelope(.acked(upTo: 2))), at: .zero)
        #expect(!session.on(.received(heartbeat), at: .zero).contains(.send(.ack(upTo: 2))))
    }

    @Test("a broker that was started anew is attached to anew, after what was delivered")
    func epoch() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        let directives = session.on(.received(Envelope(.heartbeat(epoch: 2, lastSequence: 10))), at: .seconds(1))
        #expect(directives == [.send(.attach(consumer: "reader", fromSequence: 2))])
    }

    @Test("a broker that does not know the consumer is attached to anew")
    func unknownPeer() {
        var session = attached()
        let fault = Envelope(.fault(Fault(.unknownPeer, "say ATTACH first")))
        #expect(session.on(.received(fault), at: .zero) == [.send(.attach(consumer: "reader", fromSequence: 1))])
        #expect(session.on(.received(fault), at: .zero).isEmpty)
    }

    @Test("silence is first asked about, and then ends the attachment")
    func silence() throws {
        var session = attached(last: 0)
        let first = try #require(session.nextDeadline)
        #expect(session.on(.tick, at: first) == [.send(.resultCredit(ResultCredit(records: 1024, bytes: 16 << 20)))])
        let second = try #require(session.nextDeadline)
        #expect(second > first)
        #expect(session.on(.tick, at: second) == [.send(.attach(consumer: "reader", fromSequence: 1))])
    }

    @Test("records that should come but do not are asked for again")
    func stalled() throws {
        var session = attached(last: 1)
        var time = Duration.zero
        let heartbeat = Envelope(.heartbeat(epoch: 1, lastSequence: 1))
        while time < .seconds(10) {
            time += .seconds(1)
            if session.on(.received(heartbeat), at: time).contains(.send(.attach(consumer: "reader", fromSequence: 1)))
            {
                return
            }
        }
        Issue.record("record 1 is never asked for again")
    }

    @Test("without patience left, nobody's answer is an error that names the endpoint")
    func patience() throws {
        var session = session { $0.patience = .seconds(10) }
        _ = session.on(.start, at: .zero)
        var time = Duration.zero
        while time < .seconds(10) {
            time = try #require(session.nextDeadline)
            let directives = session.on(.tick, at: time)
            if let error = directives.closing {
                #expect(error.code == .noAnswer && error.message.contains("tcp://broker for 10 s"))
            }
        }
        #expect(session.nextDeadline == nil)
    }

    @Test("another consumer of the same name ends the session")
    func replaced() {
        var session = attached()
        let fault = Envelope(.fault(Fault(.replaced, "replaced")))
        #expect(session.on(.received(fault), at: .zero).closing?.code == .replaced)
        #expect(session.on(.received(.record(1)), at: .zero).isEmpty)
    }

    @Test("a log that is shorter than what was read from it ends the session")
    func shorterLog() {
        var session = attached()
        for sequence in 1...5 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        _ = session.on(.received(Envelope(.heartbeat(epoch: 2, lastSequence: 2))), at: .zero)
        for _ in 0..<3 { #expect(session.on(.received(.attached(next: 3, last: 2)), at: .zero).isEmpty) }
        #expect(session.on(.received(.attached(next: 3, last: 2)), at: .zero).closing?.code == .brokenLog)
    }

    @Test("a log of another identity ends the session when it attaches again, however long it is")
    func otherLog() throws {
        let (first, second) = (LogID.random(), LogID.random())
        var session = ConsumerSession(
            settings: .init(endpoint: "tcp://broker", consumer: "reader"), seed: 1, at: .zero)
        _ = session.on(.start, at: .zero)
        _ = session.on(.received(.attached(next: 1, last: 10, logID: first)), at: .zero)
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.received(Envelope(.heartbeat(epoch: 2, lastSequence: 20))), at: .zero)
        // A broker that does not say which log it has is taken at its word, as before.
        _ = session.on(.received(.attached(epoch: 2, next: 2, last: 20)), at: .zero)
        _ = session.on(.received(Envelope(.heartbeat(epoch: 3, lastSequence: 20))), at: .zero)
        let last = session.on(.received(.attached(epoch: 3, next: 2, last: 20, logID: second)), at: .zero)
        #expect(last.closing?.code == .otherLog)
        #expect(try #require(last.closing).message.contains(second.description))
        #expect(last.count == 1)
    }

    @Test("a consumer that knows which log its place is of refuses any other, and acknowledges nothing there")
    func expectedLog() {
        var settings = ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "reader")
        let expected = LogID.random()
        settings.logID = expected
        var session = ConsumerSession(settings: settings, seed: 1, at: .zero)
        _ = session.on(.start, at: .zero)
        #expect(session.on(.received(.attached(next: 1, last: 5, logID: expected)), at: .zero).closing == nil)
        var other = ConsumerSession(settings: settings, seed: 1, at: .zero)
        _ = other.on(.start, at: .zero)
        let answer = other.on(.received(.attached(next: 1, last: 5, logID: .random())), at: .zero)
        #expect(answer.closing?.code == .otherLog && answer.count == 1)
    }

    @Test("a late answer, from when the log was shorter, is not taken for the log's")
    func lateAnswer() {
        var session = attached(last: 2)
        for sequence in 1...5 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        _ = session.on(.received(Envelope(.fault(Fault(.unknownPeer, "say ATTACH")))), at: .zero)
        #expect(session.on(.received(.attached(next: 1, last: 2)), at: .zero).isEmpty)
        #expect(session.on(.received(.attached(next: 6, last: 5)), at: .zero).contains(.attached(next: 6, last: 5)))
    }

    @Test("whoever leaves waits until the last acknowledgement is home")
    func leave() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.acknowledge(upTo: 1), at: .zero)
        #expect(session.on(.leave, at: .zero) == [.send(.ack(upTo: 1))])
        #expect(session.on(.received(Envelope(.acked(upTo: 1))), at: .zero) == [.send(.detach), .close(nil)])
    }

    @Test("whoever leaves while the broker may have forgotten it attaches anew, and brings the acknowledgement home")
    func leaveDetached() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.received(Envelope(.fault(Fault(.unknownPeer, "say ATTACH")))), at: .zero)
        #expect(session.on(.acknowledge(upTo: 1), at: .zero).isEmpty)
        #expect(session.on(.leave, at: .zero) == [.send(.attach(consumer: "reader", fromSequence: 2))])
        #expect(session.on(.received(.attached(next: 2, last: 10)), at: .zero) == [.send(.ack(upTo: 1))])
        #expect(session.on(.received(Envelope(.acked(upTo: 1))), at: .zero) == [.send(.detach), .close(nil)])
    }

    @Test("whoever leaves and turns out to be forgotten attaches anew, and brings the acknowledgement home")
    func leaveForgotten() {
        var session = attached()
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.acknowledge(upTo: 1), at: .zero)
        #expect(session.on(.leave, at: .zero) == [.send(.ack(upTo: 1))])
        #expect(
            session.on(.received(Envelope(.fault(Fault(.unknownPeer, "say ATTACH")))), at: .zero)
                == [.send(.attach(consumer: "reader", fromSequence: 2))])
        #expect(session.on(.received(.attached(next: 2, last: 10)), at: .zero) == [.send(.ack(upTo: 1))])
        #expect(session.on(.received(Envelope(.acked(upTo: 1))), at: .zero) == [.send(.detach), .close(nil)])
    }

    @Test(
        "nothing is acknowledged in another log, and whoever leaves does not wait for ever, however often it says so",
        arguments: [1, 3] as [UInt64])
    func leaveReplaced(upTo: UInt64) {
        var session = attached()
        for sequence in 1...3 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        _ = session.on(.received(Envelope(.fault(Fault(.unknownPeer, "say ATTACH")))), at: .zero)
        _ = session.on(.acknowledge(upTo: upTo), at: .zero)
        _ = session.on(.leave, at: .zero)
        #expect(session.on(.received(.attached(next: 3, last: 2)), at: .zero).isEmpty)
        #expect(session.on(.leave, at: .milliseconds(1900)).isEmpty)
        #expect(session.nextDeadline == .seconds(2))
        #expect(session.on(.tick, at: .seconds(2)) == [.send(.detach), .close(nil)])
    }

    @Test("nothing is acknowledged in a log of another identity by whoever leaves")
    func leaveOtherLog() {
        var settings = ConsumerSession.Settings(endpoint: "tcp://broker", consumer: "reader")
        settings.logID = .random()
        var session = ConsumerSession(settings: settings, seed: 1, at: .zero)
        _ = session.on(.start, at: .zero)
        _ = session.on(.received(.attached(next: 1, last: 5, logID: settings.logID)), at: .zero)
        _ = session.on(.received(.record(1)), at: .zero)
        _ = session.on(.received(Envelope(.fault(Fault(.unknownPeer, "say ATTACH")))), at: .zero)
        _ = session.on(.acknowledge(upTo: 1), at: .zero)
        _ = session.on(.leave, at: .zero)
        #expect(session.on(.received(.attached(next: 2, last: 10, logID: .random())), at: .zero).isEmpty)
    }

    @Test("a reader that leaves its place alone gets past the window by attaching anew")
    func peeking() {
        var session = attached {
            $0.movesCursor = false
            $0.window = ResultCredit(records: 4, bytes: 1 << 20)
        }
        for sequence in 1...4 { _ = session.on(.received(.record(UInt64(sequence))), at: .zero) }
        #expect(session.on(.acknowledge(upTo: 3), at: .zero).isEmpty)
        #expect(
            session.on(.acknowledge(upTo: 4), at: .zero) == [.send(.attach(consumer: "reader", fromSequence: 5))])
        #expect(session.on(.leave, at: .zero) == [.send(.detach), .close(nil)])
    }
}
