import Dispatching
import JobModel
import JobStore
import TestKit
import Testing

@Suite("Consumers")
struct ConsumerTests {
    /// A log of some jobs that are done.
    private func rig(records: UInt64) -> Rig {
        var rig = Rig()
        rig.hello(window: 1_000_000)
        rig.submit((1...records).map { Rig.job($0) })
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        rig.sent = []
        return rig
    }

    @Test("a window of records is kept, and moves with acknowledgements")
    func window() {
        var rig = rig(records: 10)
        rig.attach(records: 3)
        #expect(rig.records().map(\.sequence) == [1, 2, 3])
        rig.receive(.ack(upTo: 2), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == [4, 5])
        rig.receive(.resultCredit(ResultCredit(records: 100, bytes: 1 << 20)), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == [6, 7, 8, 9, 10])
    }

    @Test("a consumer is told which log it reads, and a status report says the same")
    func logID() {
        var rig = rig(records: 1)
        let id = rig.attach()?.logID
        #expect(id != nil)
        rig.receive(.statusQuery(), from: Rig.producer())
        let reports = rig.take(for: Rig.producer()).compactMap { body -> LogID? in
            if case .statusReport(let report) = body { report.logID } else { nil }
        }
        #expect(reports == [id])
    }

    @Test("a window of bytes is kept, but one record is sent whatever its size")
    func bytes() {
        var rig = rig(records: 4)
        rig.attach(bytes: 1)
        #expect(rig.records().map(\.sequence) == [1])
        rig.receive(.ack(upTo: 1), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == [2])
        let first = rig.store.encodedRecords(of: "default", after: 0, limit: 1, bytes: 0)[0]
        let size = UInt64(first.frameByteCount)
        rig.receive(.resultCredit(ResultCredit(records: 100, bytes: 2 * size)), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == [3])
    }

    @Test("I6: a window without end is not believed: what is on the way to one consumer is bounded")
    func endlessWindow() {
        var rig = Rig()
        rig.hello(window: 1_000_000_000)
        rig.submit((1...24).map { Rig.job($0) })
        for assignment in rig.takeAssigned() {
            rig.receive(
                .done(
                    Done(
                        lease: assignment.lease,
                        outputs: [
                            Output(hypotheses: [.init(text: String(repeating: "a", count: 1 << 20), score: -1)])
                        ], sourceTokens: 4, sentences: 1)), from: Rig.worker())
        }
        rig.sent = []
        rig.attach(records: .max, bytes: .max)
        #expect(rig.records().map(\.sequence) == Array(1...15))
        rig.receive(.ack(upTo: 15), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == Array(16...24))
    }

    @Test("I6: what is on the way to all consumers together is bounded, and each gets on beside those that do not")
    func manyConsumers() {
        var rig = Rig()
        rig.hello(window: 1_000_000_000)
        rig.submit((1...24).map { Rig.job($0) })
        for assignment in rig.takeAssigned() {
            let text = String(repeating: "a", count: 1 << 20)
            rig.receive(
                .done(
                    Done(
                        lease: assignment.lease, outputs: [Output(hypotheses: [.init(text: text, score: -1)])],
                        sourceTokens: 4, sentences: 1)), from: Rig.worker())
        }
        rig.sent = []
        var counts: [Int] = []
        for name in (1...32).map({ "c\($0)" }) {
            rig.attach(name, records: .max, bytes: .max)
            counts.append(rig.records(for: name).count)
        }
        // 64 MiB, and one more for each.
        #expect(counts.reduce(0, +) <= 64 + 32)
        #expect(counts.prefix(4) == [15, 15, 15, 15])
        #expect(counts.allSatisfy { $0 >= 1 })
        for sequence in 1...24 as ClosedRange<UInt64> {
            rig.receive(.ack(upTo: sequence), from: Rig.consumer("c32"))
            #expect(rig.records(for: "c32").map(\.sequence) == (sequence < 24 ? [sequence + 1] : []))
        }
    }

    @Test("I4: who comes again gets what it has not acknowledged, also after a restart")
    func again() {
        var rig = rig(records: 5)
        rig.attach()
        #expect(rig.records().map(\.sequence) == [1, 2, 3, 4, 5])
        rig.receive(.ack(upTo: 2), from: Rig.consumer())
        rig.on(.unreachable(Rig.consumer()))
        #expect(rig.attach()?.nextSequence == 3)
        #expect(rig.records().map(\.sequence) == [3, 4, 5])
        rig.restart()
        #expect(rig.attach()?.nextSequence == 3)
        #expect(rig.attach(from: 1)?.nextSequence == 1)
        #expect(rig.records().map(\.sequence) == [1, 2, 3, 4, 5])
    }

    @Test("a record that was read before its commit was answered is the end of the log to whoever attaches next")
    func readAhead() throws {
        var rig = Rig()
        rig.hello(window: 1_000_000)
        rig.submit([Rig.job(1), Rig.job(2)])
        let assignments = rig.takeAssigned()
        rig.done(assignments[0])
        rig.holdsCommits = true
        rig.done(assignments[1])
        // The store has done it, and the machine does not know yet.
        let finish = try #require(rig.held.first)
        let outcomes = rig.store.commit(finish.writes)
        rig.held.removeFirst()
        rig.attach()
        #expect(rig.records().map(\.sequence) == [1, 2])
        #expect(rig.attach(from: 3)?.lastSequence == 2)
        rig.on(.committed(finish.id, outcomes))
        #expect(rig.attach(from: 3)?.lastSequence == 2)
    }

    @Test("I4: records that come while the store says that there is none yet are delivered")
    func attachedMeanwhile() throws {
        var rig = Rig()
        rig.hello(window: 1_000_000)
        rig.submit([Rig.job(1), Rig.job(2)])
        rig.lateFirstRecords = []
        #expect(rig.attach() == nil)
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        let answer = try #require(rig.lateFirstRecords?.first)
        rig.on(.read(answer.reading, for: answer.id))
        rig.receive(.resultCredit(ResultCredit(records: 100, bytes: 1 << 20)), from: Rig.consumer())
        #expect(rig.records().map(\.sequence) == [1, 2])
    }

    @Test("ACKED comes after the commit, and what was not sent cannot be acknowledged")
    func acknowledgement() {
        var rig = rig(records: 2)
        rig.attach(records: 1)
        rig.holdsCommits = true
        _ = rig.records()
        rig.receive(.ack(upTo: 2), from: Rig.consumer())
        guard case .fault(let fault)? = rig.take(for: Rig.consumer()).first else { return #expect(Bool(false)) }
        #expect(fault.code == .unexpected)
        rig.receive(.ack(upTo: 1), from: Rig.consumer())
        #expect(!rig.take(for: Rig.consumer()).contains(.acked(upTo: 1)))
        rig.settle()
        #expect(rig.take(for: Rig.consumer()).contains(.acked(upTo: 1)))
    }

    @Test("the newer of two consumers of a name takes the older one's place")
    func replaced() {
        var rig = rig(records: 1)
        rig.attach()
        rig.sent = []
        let second = Peer(socket: .results, routingID: [9], identity: Rig.tenant)
        rig.receive(.attach(consumer: "c", fromSequence: nil), from: second)
        guard case .fault(let fault)? = rig.take(for: Rig.consumer()).first else { return #expect(Bool(false)) }
        #expect(fault.code == .replaced)
        rig.receive(.ack(upTo: 1), from: Rig.consumer())
        guard case .fault(let unknown)? = rig.take(for: Rig.consumer()).first else { return #expect(Bool(false)) }
        #expect(unknown.code == .unknownPeer)
    }

    @Test("what is kept no longer is not waited for")
    func purged() {
        var rig = rig(records: 3)
        _ = rig.store.commit([.purge(age: 0, retention: 0, acknowledgedRetention: 0, limit: 2)])
        #expect(rig.attach(from: 1)?.nextSequence == 3)
        #expect(rig.records().map(\.sequence) == [3])
    }

    @Test("a silent consumer is forgotten; one whose credit beats is not")
    func silence() {
        var rig = rig(records: 1)
        rig.attach("c")
        rig.attach("d")
        for _ in 0..<7 {
            rig.advance(milliseconds: 1000)
            rig.receive(.resultCredit(ResultCredit(records: 1, bytes: 1)), from: Rig.consumer("d"))
        }
        rig.sent = []
        rig.receive(.ack(upTo: 1), from: Rig.consumer("c"))
        rig.receive(.ack(upTo: 1), from: Rig.consumer("d"))
        #expect(rig.take(for: Rig.consumer("c")).contains { $0.isUnknownPeer })
        #expect(rig.take(for: Rig.consumer("d")).contains(.acked(upTo: 1)))
    }

    @Test("tenants read their own log, gapless from 1")
    func tenants() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)], from: Rig.producer("a", tenant: "a"))
        rig.submit([Rig.job(1), Rig.job(2)], from: Rig.producer("b", tenant: "b"))
        for assignment in rig.takeAssigned() { rig.done(assignment) }
        rig.attach("c", tenant: "b")
        #expect(rig.records(tenant: "b").map(\.sequence) == [1, 2])
        #expect(Set(rig.published.map(\.tenant)) == ["a", "b"])
    }

    @Test("observers and consumers hear each second how far the log goes")
    func heartbeats() {
        var rig = rig(records: 2)
        rig.attach()
        rig.sent = []
        rig.advance(milliseconds: 3000)
        #expect(rig.heartbeats == 3)
        #expect(rig.take(for: Rig.consumer()).filter { $0 == .heartbeat(epoch: 2, lastSequence: 2) }.count == 3)
    }
}
