import JobModel
import TestKit
import Testing

@Suite(
    "A consumer that does wrong harms nobody", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct FaultyConsumerTests {
    /// With so many records in its log.
    private func cluster(records: Int) throws -> Cluster {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        for index in 0..<records {
            try producer.accept(Job("Text \(index)."))
            try worker.finish(try worker.assignment())
        }
        return cluster
    }

    @Test("what was not sent cannot be acknowledged")
    func acknowledgesTooMuch() throws {
        let cluster = try cluster(records: 3)
        let consumer = try cluster.consumer("c")
        for sequence: UInt64 in 1...3 { #expect(try consumer.record().sequence == sequence) }
        for sequence: UInt64 in [4, 1000, .max] {
            guard case .fault(let fault) = try consumer.ask(.ack(upTo: sequence)) else {
                throw Peer.Silence(description: "\(sequence) was acknowledged")
            }
            #expect(fault.code == .unexpected)
            #expect(fault.message.contains("the last was 3"), "\(fault)")
        }
        #expect(try consumer.acknowledge(upTo: 2) == 2)
        // Never back.
        #expect(try consumer.acknowledge(upTo: 1) == 2)
        let again = try cluster.consumer("c")
        #expect(try again.record().sequence == 3)
        try cluster.requireHealth()
    }

    @Test("of two consumers of one name the second goes on, and the first is told")
    func sameName() throws {
        let cluster = try cluster(records: 2)
        let first = try cluster.consumer("c")
        #expect(try first.record().sequence == 1)
        #expect(try first.record().sequence == 2)
        #expect(try first.acknowledge(upTo: 1) == 1)
        let second = try cluster.consumer("c")
        #expect(try first.fault().code == .replaced)
        try first.send(.ack(upTo: 2))
        #expect(try first.fault().code == .unknownPeer)
        #expect(try second.record().sequence == 2)
        #expect(try second.acknowledge(upTo: 2) == 2)
        try cluster.requireHealth()
    }

    @Test("who attaches beyond the end gets what comes from there on, and can go back")
    func beyondTheEnd() throws {
        let cluster = try cluster(records: 3)
        let consumer = try Peer(at: cluster.endpoint("results"))
        let ahead = try consumer.attach("c", from: 5)
        #expect(ahead.nextSequence == 5)
        #expect(ahead.lastSequence == 3)
        try cluster.requireHealth()
        try cluster.requireHealth()
        #expect(try consumer.record().sequence == 5)
        let far = try consumer.attach("c", from: .max)
        #expect(far.nextSequence == .max)
        try cluster.requireHealth()
        let back = try consumer.attach("c", from: 2)
        #expect(back.nextSequence == 2)
        for sequence: UInt64 in 2...6 { #expect(try consumer.record().sequence == sequence) }
    }

    @Test("a consumer without room gets nothing, and one with room for few gets few")
    func credit() throws {
        let cluster = try cluster(records: 4)
        let consumer = try Peer(at: cluster.endpoint("results"))
        _ = try consumer.ask(.attach(consumer: "c", fromSequence: nil))
        try consumer.send(.resultCredit(ResultCredit(records: 0, bytes: 0)))
        // An answer that comes after whatever the credit might have brought.
        #expect(try consumer.acknowledge(upTo: 0) == 0)
        try consumer.send(.resultCredit(ResultCredit(records: 2, bytes: 1 << 20)))
        #expect(try consumer.record().sequence == 1)
        #expect(try consumer.record().sequence == 2)
        #expect(try consumer.acknowledge(upTo: 2) == 2)
        #expect(try consumer.record().sequence == 3)
        #expect(try consumer.record().sequence == 4)
        // One record is sent whatever its size.
        let narrow = try Peer(at: cluster.endpoint("results"))
        _ = try narrow.ask(.attach(consumer: "narrow", fromSequence: nil))
        try narrow.send(.resultCredit(ResultCredit(records: 100, bytes: 1)))
        for sequence: UInt64 in 1...4 {
            #expect(try narrow.record().sequence == sequence)
            #expect(try narrow.acknowledge(upTo: sequence) == sequence)
        }
        try cluster.requireHealth()
    }

    @Test("a name must be 1 to 128 bytes", arguments: ["", String(repeating: "a", count: 129)])
    func names(name: String) throws {
        let cluster = try Cluster()
        let consumer = try Peer(at: cluster.endpoint("results"))
        guard case .fault(let fault) = try consumer.ask(.attach(consumer: name, fromSequence: nil)) else {
            throw Peer.Silence(description: "the name was taken")
        }
        #expect(fault.code == .malformed)
        #expect(fault.message.contains("128"), "\(fault)")
        try cluster.requireHealth()
    }
}
