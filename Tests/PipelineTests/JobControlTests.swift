import Glibc
import JobModel
import TestKit
import Testing

@Suite(
    "A job is controlled while it waits and while it runs", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct JobControlTests {
    @Test("a queued job that is cancelled ends so, and no worker sees it")
    func cancelQueued() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        let queued = try producer.accept(Job("First."))
        let kept = try producer.accept(Job("Second."))
        #expect(try producer.cancel([queued, .random()]) == [.cancelled, nil])
        #expect(try producer.cancel([queued]) == [.cancelled])
        try worker.send(.workCredit(window: 1000))
        let assign = try worker.assignment()
        #expect(assign.lease.chunk.job == kept)
        try worker.finish(assign)
        #expect(try producer.cancel([kept]) == [.done])
        let consumer = try cluster.consumer("c")
        let records = [try consumer.record(), try consumer.record()]
        #expect(records.map(\.job) == [queued, kept])
        #expect(records.map(\.state) == [.cancelled, .done])
        #expect(records[0].failure?.code == "cancelled")
        #expect(try producer.report(on: queued).sequence == 1)
        try cluster.requireHealth()
    }

    @Test("a running job that is cancelled is taken from its worker")
    func cancelRunning() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let id = try producer.accept(Job("A text."))
        let assign = try worker.assignment()
        #expect(try producer.report(on: id).state == .running)
        #expect(try producer.cancel([id]) == [.cancelled])
        let cancelled = try worker.receive("a cancellation") {
            if case .brokerBeat(let beat) = $0 { beat.cancelled } else { nil }
        }
        #expect(cancelled == [assign.lease])
        // It had been done meanwhile: too late.
        try worker.finish(assign)
        let record = try cluster.consumer("c").record()
        #expect(record.job == id)
        #expect(record.state == .cancelled)
        #expect(try producer.report(on: id).state == .cancelled)
        try cluster.requireHealth()
    }

    @Test("a running job that is cancelled frees a real worker for the next")
    func cancelAtRealWorker() throws {
        let cluster = try Cluster(["BROKER_CHUNK_TOKENS_MAX": "64"], workers: 1)
        let producer = try cluster.producer()
        var long = Job(String(repeating: "The weather is beautiful today, and tomorrow will be better.\n", count: 3000))
        long.model = .named("demo-en-fr")
        try producer.accept(long)
        while try producer.report(on: long.id).state != .running { usleep(1000) }
        #expect(try producer.cancel([long.id]) == [.cancelled])
        try producer.accept(Job("Thank you.", model: "demo-en-fr"))
        let consumer = try cluster.consumer("c")
        #expect(try consumer.record().state == .cancelled)
        let record = try consumer.record()
        #expect(record.state == .done)
        #expect(record.outputs.first?.hypotheses.first?.text == "Merci.")
    }

    @Test("higher priorities overtake, equals go in their order")
    func priorities() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        let jobs = [0, 1, 0, 3, 2, 3].enumerated().map { index, priority in
            var job = Job("Text \(index).")
            job.priority = priority
            return job
        }
        for job in jobs { try producer.accept(job) }
        // Room for one at a time.
        try worker.send(.workCredit(window: 1))
        var order: [JobID] = []
        for _ in jobs {
            let assign = try worker.assignment()
            order.append(assign.lease.chunk.job)
            try worker.finish(assign)
        }
        #expect(order == [3, 5, 4, 1, 0, 2].map { jobs[$0].id })
        #expect(try producer.report(on: jobs[4].id).priority == 2)
    }

    @Test("dead jobs are listed, submitted again under new ids, and dropped")
    func deadLetters() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let consumer = try cluster.consumer("c")
        let failure = Failure("invalid_option", "There is no such token.")
        var dead: [JobID] = []
        for index in 0..<3 {
            var job = Job("Text \(index).")
            job.topic = "t\(index)"
            dead.append(try producer.accept(job))
            try worker.fail(try worker.assignment(), failure, isRetryable: false)
            #expect(try consumer.record().state == .dead)
        }
        let listed = try producer.deadLetters(.list(after: 0, limit: 2))
        #expect(listed.map(\.job) == Array(dead.prefix(2)))
        #expect(listed.map(\.failure) == [failure, failure])
        #expect(listed.map(\.sequence) == [1, 2])
        #expect(listed.map(\.topic) == ["t0", "t1"])
        #expect(try producer.deadLetters(.list(after: 2, limit: 10)).map(\.job) == [dead[2]])
        #expect(try producer.deadLetters(.drop([dead[1], .random()])).map(\.job) == [dead[1]])
        #expect(try producer.deadLetters(.list(after: 0, limit: 10)).map(\.job) == [dead[0], dead[2]])
        let retried = try producer.deadLetters(.retry([dead[0], dead[1], .random()]))
        #expect(retried.map(\.retryOf) == [dead[0]])
        #expect(retried.first.map { dead.contains($0.job) } == false)
        try worker.finish(try worker.assignment())
        let record = try consumer.record()
        #expect(record.job == retried.first?.job)
        #expect(record.retryOf == dead[0])
        #expect(record.state == .done)
        #expect(record.topic == "t0")
        #expect(record.outputs.first?.hypotheses.first?.text == "TEXT 0.")
        #expect(try producer.deadLetters(.list(after: 0, limit: 10)).map(\.job) == [dead[2]])
        #expect(try producer.report(on: dead[0]).state == .dead)
        // Not twice.
        #expect(try producer.deadLetters(.retry([dead[0]])).isEmpty)
        try cluster.requireHealth()
    }

    @Test("the status report counts what there is")
    func status() throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w", window: 1000)
        let producer = try cluster.producer()
        let consumer = try cluster.consumer("c")
        let texts = ["One.", "Two, three.", "Four."]
        for text in texts { try producer.accept(Job(text)) }
        try worker.finish(try worker.assignment())
        try worker.fail(try worker.assignment(), Failure("invalid_option", "No."), isRetryable: false)
        let held = try worker.assignment()
        try worker.send(.workCredit(window: 1))
        let waiting = try producer.accept(Job("Five."))
        _ = try producer.rejection(of: Job("Six.", model: "klingon"))
        #expect(try consumer.record().sequence == 1)
        #expect(try consumer.acknowledge(upTo: 1) == 1)
        let status = try producer.status()
        #expect(status.epoch == 1)
        #expect(!status.version.isEmpty)
        #expect(!status.isDraining)
        #expect(status.queuedJobs == 2)
        #expect(status.queuedBytes == "Four.Five.".utf8.count)
        #expect(status.queuedChunks == 1)
        #expect(status.leasedChunks == 1)
        #expect(status.deadJobs == 1)
        #expect([status.accepted, status.rejected, status.done, status.failed] == [4, 1, 1, 1])
        #expect([status.sourceTokens, status.sentences] == [3, 1])
        #expect(status.lastSequence == 2)
        #expect(status.workers.map(\.instance) == ["w"])
        #expect(status.workers.map(\.models) == [["scripted"]])
        #expect(status.workers.map(\.leasedChunks) == [1])
        #expect(status.workers.map(\.leasedTokens) == [Int(held.cost)])
        #expect(status.workers.map(\.windowTokens) == [1])
        #expect(status.workers.map(\.done) == [1])
        #expect(status.workers.map(\.failed) == [1])
        #expect(status.models.map(\.name) == ["scripted"])
        #expect(status.models.map(\.workers) == [1])
        #expect(status.models.map(\.queuedChunks) == [1])
        #expect(status.models.map(\.leasedChunks) == [1])
        #expect(status.models.map(\.done) == [1])
        #expect(status.consumers.map(\.name) == ["c"])
        #expect(status.consumers.map(\.acknowledged) == [1])
        #expect(status.consumers.map(\.isAttached) == [true])
        try worker.finish(held)
        let last = try worker.assignment()
        #expect(last.lease.chunk.job == waiting)
        try worker.finish(last)
        #expect(try producer.status().queuedJobs == 0)
    }
}
