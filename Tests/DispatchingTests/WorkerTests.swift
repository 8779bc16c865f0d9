import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Workers")
struct WorkerTests {
    @Test("a worker that was not welcomed is told so")
    func unknown() {
        var rig = Rig()
        rig.beat([])
        guard case .fault(let fault)? = rig.take(for: Rig.worker()).first else { return #expect(Bool(false)) }
        #expect(fault.code == .unknownPeer)
    }

    @Test("a worker gets no more than its window, but one chunk of any size")
    func window() {
        var rig = Rig()
        rig.hello(window: 5)
        rig.submit([Rig.job(1, String(repeating: "x", count: 400)), Rig.job(2), Rig.job(3), Rig.job(4)])
        let first = rig.takeAssigned()
        #expect(first.map(\.cost) == [101])
        rig.done(first[0])
        #expect(rig.takeAssigned().map(\.cost) == [2, 2])
        rig.receive(.workCredit(window: 6), from: Rig.worker())
        #expect(rig.takeAssigned().map(\.cost) == [2])
    }

    @Test("a window of nothing gets nothing")
    func noWindow() {
        var rig = Rig()
        rig.hello(window: 0)
        rig.submit([Rig.job(1)])
        #expect(rig.takeAssigned().isEmpty)
    }

    @Test("workers get the models that they have")
    func models() {
        var rig = Rig()
        let german = ModelOffer(name: "en-de", sourceLanguage: "en", targetLanguage: "de")
        rig.hello("f")
        rig.hello("d", models: [german])
        var job = Rig.job(1)
        job.model = .languages(source: "en", target: "de")
        rig.submit([job])
        #expect(rig.takeAssigned(for: Rig.worker("f")).isEmpty)
        #expect(rig.takeAssigned(for: Rig.worker("d")).count == 1)
    }

    @Test("a long document goes to all workers")
    func spread() {
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 10
        var rig = Rig(settings)
        rig.hello("a")
        rig.hello("b")
        rig.submit([Rig.job(1, String(repeating: "A line of a text.\n", count: 8))])
        let counts = [Rig.worker("a"), Rig.worker("b")].map { rig.takeAssigned(for: $0).count }
        #expect(counts[0] == counts[1] && counts[0] > 1)
    }

    @Test("a lease that two beats do not name goes back at no charge; one that is named stays")
    func unnamed() throws {
        var rig = Rig()
        rig.hello(window: 2)
        rig.submit([Rig.job(1)])
        let lease = try #require(rig.takeAssigned().first).lease
        rig.beat([lease])
        rig.beat([])
        rig.beat([lease])
        rig.beat([])
        #expect(rig.takeAssigned().isEmpty)
        rig.beat([])
        let again = try #require(rig.takeAssigned().first)
        #expect(again.attempt == 1 && again.lease.token != lease.token && !again.isAlone)
    }

    @Test("a worker that names a lease which it does not have is told to drop it")
    func stray() {
        var rig = Rig()
        rig.hello()
        let stray = LeaseName(chunk: ChunkID(job: Rig.id(9), index: 0), token: 77)
        rig.beat([stray])
        #expect(rig.take(for: Rig.worker()) == [.brokerBeat(BrokerBeat(epoch: 2, cancelled: [stray]))])
    }

    @Test("a worker that says HELLO again with its leases keeps them")
    func reconnected() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        let leases = rig.takeAssigned().map(\.lease)
        rig.beat(leases)
        #expect(rig.hello(leases: [leases[0]])?.leases == [leases[0]])
        // The other one was on its way and is lost; it was nobody's fault.
        let again = rig.takeAssigned()
        #expect(again.map(\.lease.chunk) == [leases[1].chunk] && !again[0].isAlone)
    }

    @Test("a HELLO that is said twice because its answer is slow costs nothing")
    func helloTwice() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let leases = rig.takeAssigned().map(\.lease)
        rig.hello()
        #expect(rig.takeAssigned().isEmpty)
        rig.beat(leases)
        rig.advance(milliseconds: 900)
        #expect(rig.take(for: Rig.worker()).isEmpty)
    }

    @Test("I9: GOODBYE hands back what was not begun, and charges nothing")
    func goodbye() throws {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1), Rig.job(2)])
        let assigned = rig.takeAssigned()
        rig.receive(.goodbye(unstarted: [assigned[1].lease]), from: Rig.worker())
        #expect(rig.take(for: Rig.worker()) == [.settled([assigned[1].lease])])
        #expect(rig.takeAssigned().isEmpty)
        rig.hello("v")
        let again = rig.takeAssigned(for: Rig.worker("v"))
        #expect(again.map(\.lease.chunk.job) == [assigned[1].lease.chunk.job])
        #expect(again.allSatisfy { $0.attempt == 1 && !$0.isAlone })
        // What it had begun it finishes before it goes.
        rig.done(assigned[0])
        #expect(rig.end(1)?.state == .done)
    }

    @Test("a worker that was silent after GOODBYE is not a dead one")
    func leftInSilence() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        rig.takeAssigned().forEach { _ in }
        rig.receive(.goodbye(unstarted: []), from: Rig.worker())
        rig.advance(milliseconds: 7000)
        rig.hello("v")
        #expect(rig.takeAssigned().map(\.isAlone) == [false])
    }

    @Test("a retryable failure waits, and is charged; the last one is the job's end")
    func retries() throws {
        var settings = DispatchSettings()
        settings.broker.attemptsMax = 3
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1)])
        for attempt in 1...3 {
            let assignment = try #require(rig.takeAssigned().first)
            #expect(assignment.attempt == attempt)
            rig.fail(assignment.lease)
            #expect(rig.take(for: Rig.worker()).contains(.settled([assignment.lease])))
            #expect(rig.takeAssigned().isEmpty)
            rig.work(milliseconds: 4000)
        }
        #expect(rig.end(1)?.state == .dead && rig.end(1)?.attempts == 3)
        #expect(rig.log().first?.failure == Failure("oops", "it failed"))
    }

    @Test("a permanent failure ends the job at once, and takes its other chunks away")
    func permanent() {
        var settings = DispatchSettings()
        settings.broker.chunkTokensMax = 4
        var rig = Rig(settings)
        rig.hello()
        rig.submit([Rig.job(1, "One line.\nAnother line.\n")])
        let assigned = rig.takeAssigned()
        #expect(assigned.count == 2)
        rig.fail(assigned[0].lease, isRetryable: false)
        #expect(rig.end(1)?.state == .dead)
        let told = rig.take(for: Rig.worker())
        #expect(told.contains(.settled([assigned[0].lease])))
        #expect(told.contains(.brokerBeat(BrokerBeat(epoch: 2, cancelled: [assigned[1].lease]))))
    }

    @Test("a result that does not fit its chunk is a failed attempt")
    func mismatch() {
        var rig = Rig()
        rig.hello()
        rig.submit([Rig.job(1)])
        let lease = rig.takeAssigned()[0].lease
        rig.receive(
            .done(Done(lease: lease, outputs: [], sourceTokens: 1, sentences: 1)), from: Rig.worker())
        #expect(rig.take(for: Rig.worker()) == [.settled([lease])])
        rig.advance(milliseconds: 2000)
        #expect(rig.takeAssigned().map(\.attempt) == [2])
    }
}
