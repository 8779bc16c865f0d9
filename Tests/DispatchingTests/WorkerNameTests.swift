import Dispatching
import JobModel
import TestKit
import Testing

@Suite("Two workers of one name")
struct WorkerNameTests {
    private let first = Rig.worker("first connection")
    private let second = Rig.worker("second connection")

    private func fault(_ rig: inout Rig, for peer: Peer) -> Fault? {
        for case .fault(let fault) in rig.take(for: peer) { return fault }
        return nil
    }

    /// A worker with a lease that has said something since its HELLO.
    private func rig(incarnation: UInt64? = 1) throws -> (rig: Rig, lease: LeaseName) {
        var rig = Rig()
        rig.hello("w", incarnation: incarnation, peer: first)
        rig.submit([Rig.job(1)])
        let lease = try #require(rig.takeAssigned(for: first).first).lease
        rig.receive(.workerBeat(WorkerBeat(leases: [lease], loadedModels: [])), from: first)
        _ = rig.take(for: first)
        return (rig, lease)
    }

    @Test("the first stays while it is heard, the second is told, and the operator once")
    func refused() throws {
        var (rig, lease) = try rig()
        for _ in 0..<100 {
            rig.advance(milliseconds: 500)
            rig.receive(.workerBeat(WorkerBeat(leases: [lease], loadedModels: [])), from: first)
            rig.receive(
                .hello(Hello(instance: "w", models: [Rig.model], leases: [], window: 1000, incarnation: 2)),
                from: second, correlation: [7])
            #expect(rig.sent.last { $0.peer == second }?.correlation == [7])
            let fault = try #require(fault(&rig, for: second))
            #expect(fault.code == .nameTaken && fault.message.contains("worker.instance"))
        }
        #expect(rig.notes.filter { $0.message.contains("its name is taken") }.map(\.level) == [.warning])
        #expect(rig.notes.filter { $0.message.contains("welcomed") }.count == 1)
        #expect(rig.take(for: first).allSatisfy { if case .brokerBeat = $0 { true } else { false } })
        rig.receive(
            .done(
                Done(
                    lease: lease, outputs: [Output(hypotheses: [.init(text: "Bonjour.", score: -1)])], sourceTokens: 4,
                    sentences: 1)), from: first)
        #expect(rig.end(1)?.state == .done && rig.end(1)?.attempts == 1)
    }

    @Test("I5: one that has died is replaced by its successor after two heartbeats, and its chunk is a suspect")
    func successor() throws {
        var (rig, _) = try rig()
        rig.advance(milliseconds: 1999)
        #expect(rig.hello("w", incarnation: 2, peer: second) == nil)
        rig.advance(milliseconds: 1)
        #expect(rig.hello("w", incarnation: 2, peer: second) != nil)
        #expect(rig.takeAssigned(for: second).map(\.isAlone) == [true])
        // What the first one says now is nobody's.
        rig.receive(.workCredit(window: 9), from: first)
        #expect(fault(&rig, for: first)?.code == .unknownPeer)
    }

    @Test("I5: where its connection is gone, the successor has its place as soon as that is known")
    func unreachable() throws {
        var (rig, _) = try rig()
        #expect(rig.hello("w", incarnation: 2, peer: second) == nil)
        // The refusal asks for it.
        #expect(rig.take(for: first) == [.brokerBeat(BrokerBeat(epoch: 2))])
        rig.on(.unreachable(first))
        #expect(rig.hello("w", incarnation: 2, peer: second) != nil)
        #expect(rig.takeAssigned(for: second).map(\.isAlone) == [true])
    }

    @Test(
        "the same process over another connection is no second worker: it keeps what it names, and is charged nothing")
    func reconnected() throws {
        var (rig, lease) = try rig()
        rig.submit([Rig.job(2)])
        #expect(rig.takeAssigned(for: first).count == 1)
        #expect(rig.hello("w", leases: [lease], incarnation: 1, peer: second)?.leases == [lease])
        #expect(rig.takeAssigned(for: second).map(\.isAlone) == [false])
        // It may have nothing, because what it was given is lost.
        rig.receive(.workCredit(window: 10_000), from: second)
        #expect(rig.hello("w", incarnation: 1, peer: first)?.leases == [])
        #expect(rig.takeAssigned(for: first).map(\.isAlone) == [false, false])
    }

    @Test("one that leaves makes room at once")
    func leaving() throws {
        var (rig, lease) = try rig()
        rig.receive(.goodbye(unstarted: [lease]), from: first)
        #expect(rig.hello("w", incarnation: 2, peer: second) != nil)
        #expect(rig.takeAssigned(for: second).map(\.isAlone) == [false])
    }

    @Test("workers of an older release, which say nothing of their process, do not displace each other either")
    func olderRelease() throws {
        var (rig, lease) = try rig(incarnation: nil)
        #expect(rig.hello("w", peer: second) == nil)
        rig.hello("w", peer: second)
        rig.receive(
            .hello(Hello(instance: "w", models: [Rig.model], leases: [], window: 1000)), from: second)
        // They do not know NAME_TAKEN.
        #expect(fault(&rig, for: second)?.code == .unavailable)
        // Over its own connection it says HELLO when it likes.
        #expect(rig.hello("w", leases: [lease], peer: first)?.leases == [lease])
        rig.advance(milliseconds: 2000)
        #expect(rig.hello("w", leases: [lease], peer: second)?.leases == [lease])
    }
}
