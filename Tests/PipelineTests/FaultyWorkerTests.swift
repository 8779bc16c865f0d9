import Foundation
import JobModel
import TestKit
import Testing

@Suite(
    "A worker that does wrong harms nobody", .ownThread, .timeLimit(.minutes(5)), .enabled(if: BuiltProgram.isExpected))
struct FaultyWorkerTests {
    /// Retries come at once.
    private static let hasty = ["BROKER_BACKOFF_BASE_MS": "1", "BROKER_BACKOFF_MAX_MS": "1"]

    private func done(_ lease: LeaseName, outputs: Int) -> Done {
        Done(
            lease: lease, outputs: Array(repeating: Output(scripted: .text("Wrong.")), count: outputs), sourceTokens: 1,
            sentences: 1)
    }

    @Test("a result for a lease that nobody has is dropped")
    func wrongLease() throws {
        let cluster = try Cluster(Self.hasty)
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let id = try producer.accept(Job("A text."))
        let assign = try worker.assignment()
        let wrong = [
            LeaseName(chunk: assign.lease.chunk, token: assign.lease.token &+ 1),
            LeaseName(chunk: assign.lease.chunk, token: 0),
            LeaseName(chunk: ChunkID(job: id, index: 7), token: assign.lease.token),
            LeaseName(chunk: ChunkID(job: .random(), index: 0), token: assign.lease.token),
        ]
        for lease in wrong {
            try worker.send(.done(done(lease, outputs: 1)))
            try worker.settled(lease)
            try worker.fail(
                Assign(
                    lease: lease, attempt: 1, cost: 1, deadlineMilliseconds: nil, priority: 0, isAlone: false,
                    content: assign.content), Failure("nonsense", "It was never asked."), isRetryable: false)
        }
        #expect(try producer.report(on: id).state == .running)
        try worker.finish(assign)
        let record = try cluster.consumer("c").record()
        #expect(record.state == .done)
        #expect(record.outputs.first?.hypotheses.first?.text == "A TEXT.")
        try cluster.requireHealth()
    }

    @Test("a result with another number of outputs is an attempt that failed", arguments: [0, 2])
    func wrongOutputs(count: Int) throws {
        let cluster = try Cluster(Self.hasty)
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        var job = Job("A text.")
        job.maximumAttempts = 2
        try producer.accept(job)
        let first = try worker.assignment()
        try worker.send(.done(done(first.lease, outputs: count)))
        try worker.settled(first.lease)
        let second = try worker.assignment()
        #expect(second.attempt == 2)
        try worker.finish(second)
        let consumer = try cluster.consumer("c")
        let record = try consumer.record()
        #expect(record.state == .done)
        #expect(record.attempts == 2)
        // A job has no more attempts than it may have.
        job.id = .random()
        job.maximumAttempts = 1
        try producer.accept(job)
        let last = try worker.assignment()
        try worker.send(.done(done(last.lease, outputs: count)))
        try worker.settled(last.lease)
        let dead = try consumer.record()
        #expect(dead.state == .dead)
        #expect(dead.failure?.code == "bad_result")
        try cluster.requireHealth()
    }

    @Test("a job whose answers cannot be read is dead after its attempts, though its worker names it all the time")
    func malformedAnswers() throws {
        let cluster = try Cluster(
            Self.hasty.merging(["BROKER_HEARTBEAT_MS": "50", "BROKER_WORKER_DEAD_AFTER_MS": "500"]) { $1 })
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        var job = Job("A text.")
        job.maximumAttempts = 2
        try producer.accept(job)
        for attempt: UInt32 in 1...2 {
            let assign = try worker.assignment()
            #expect(assign.attempt == attempt)
            try worker.send(
                bytes: RawMessage.envelope {
                    $0.message(33) {
                        $0.message(1) {
                            $0.data(1, assign.lease.chunk.job.bytes)
                            $0.number(2, UInt64(assign.lease.chunk.index))
                            $0.number(3, assign.lease.token)
                        }
                        $0.message(2) { $0.message(1) { $0.data(1, [0xff]) } }
                    }
                })
            // Beats come in between.
            let fault = try worker.wait(for: "a fault") { if case .fault(let fault) = $0.body { fault } else { nil } }
            #expect(fault.code == .malformed)
            // Until it is told that the lease is over.
            var isOver = false
            while !isOver {
                try worker.send(.workerBeat(WorkerBeat(leases: [assign.lease], loadedModels: [])))
                guard case .brokerBeat(let beat)? = try worker.next(within: .milliseconds(50))?.body else { continue }
                isOver = beat.cancelled.contains(assign.lease)
            }
            // It is given more when it has been heard of.
            try worker.send(.workerBeat(WorkerBeat(leases: [], loadedModels: [])))
        }
        let record = try cluster.consumer("c").record()
        #expect(record.state == .dead && record.attempts == 2)
        #expect(record.failure?.code == "bad_result")
        try cluster.requireHealth()
    }

    @Test("another worker cannot fail what it was not given, and its result is taken")
    func anothersLease() throws {
        let cluster = try Cluster(Self.hasty)
        let producer = try cluster.producer()
        let worker = try cluster.worker("w")
        let id = try producer.accept(Job("A text."))
        let assign = try worker.assignment()
        let other = try cluster.worker("other", models: [])
        try other.fail(assign, Failure("nonsense", "It was never asked."), isRetryable: false)
        #expect(try producer.report(on: id).state == .running)
        try other.finish(assign)
        #expect(try producer.report(on: id).state == .done)
        // Both may say so.
        try worker.finish(assign)
        try cluster.requireHealth()
    }

    @Test("a second worker of the same name is told so, until the first is silent: then its work is done again, alone")
    func sameName() throws {
        let cluster = try Cluster(Self.hasty.merging(["BROKER_HEARTBEAT_MS": "200"]) { $1 })
        let producer = try cluster.producer()
        let first = try cluster.worker("w")
        try producer.accept(Job("A text."))
        let lost = try first.assignment()
        let second = try Peer(at: cluster.endpoint("work"))
        let hello = Hello(instance: "w", models: [.scripted], leases: [], window: 1 << 20, incarnation: 2)
        // On a slow machine the first may be silent for too long before the second has spoken.
        while true {
            try first.send(.workCredit(window: 1000))
            if case .fault(let fault) = try second.ask(.hello(hello)) {
                #expect(fault.code == .nameTaken)
                break
            }
        }
        while true { if case .welcome = try second.ask(.hello(hello)) { break } }
        try cluster.broker.waitForLog("its name is taken")
        let assign = try second.assignment()
        #expect(assign.isAlone)
        #expect(assign.lease.token != lost.lease.token)
        try first.send(.workCredit(window: 1000))
        #expect(try first.fault().code == .unknownPeer)
        try second.finish(assign)
        #expect(try cluster.consumer("c").record().state == .done)
        try cluster.requireHealth()
    }

    @Test("a model that a worker of an older release cannot load costs no attempt, however often it says so")
    func modelUnavailable() throws {
        let cluster = try Cluster(Self.hasty.merging(["BROKER_ATTEMPTS_MAX": "1"]) { $1 })
        let producer = try cluster.producer()
        let worker = try cluster.worker("w")
        try producer.accept(Job("A text."))
        for _ in 1...5 {
            let assign = try worker.assignment()
            #expect(assign.attempt == 1)
            try worker.fail(assign, Failure("model_unavailable", "The disk is slow."), isRetryable: true)
        }
        try worker.finish(try worker.assignment())
        let record = try cluster.consumer("c").record()
        #expect(record.state == .done)
        #expect(record.attempts == 1)
        try cluster.broker.waitForLog("worker can load a model again")
        #expect(cluster.broker.log.components(separatedBy: "worker cannot load a model").count == 2)
    }

    @Test("an error that may pass is tried again, up to the limit; one that will not pass is final")
    func failures() throws {
        let cluster = try Cluster(Self.hasty.merging(["BROKER_ATTEMPTS_MAX": "3"]) { $1 })
        let producer = try cluster.producer()
        let worker = try cluster.worker("w")
        let consumer = try cluster.consumer("c")
        try producer.accept(Job("A text."))
        for attempt: UInt32 in 1...3 {
            let assign = try worker.assignment()
            #expect(assign.attempt == attempt)
            try worker.fail(assign, Failure("internal", "The disk is slow."), isRetryable: true)
        }
        let first = try consumer.record()
        #expect(first.state == .dead)
        #expect(first.attempts == 3)
        #expect(first.failure == Failure("internal", "The disk is slow."))
        try producer.accept(Job("A text."))
        try worker.fail(
            try worker.assignment(), Failure("invalid_option", "There is no such token."), isRetryable: false)
        let second = try consumer.record()
        #expect(second.state == .dead)
        #expect(second.attempts == 1)
        #expect(second.failure?.code == "invalid_option")
        try cluster.requireHealth()
    }
}
