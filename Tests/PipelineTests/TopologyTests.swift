import DragomanEngine
import Foundation
import JobModel
import TestKit
import Testing
import ZeroMQ

@Suite(
    "Models, workers and brokers in other numbers than one", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct TopologyTests {
    private static let demo = "demo-en-fr"

    private func text(_ record: Record) -> String? { record.outputs.first?.hypotheses.first?.text }

    @Test("a worker has several models, by name and by languages, loads them on demand and unloads the idle")
    func models() throws {
        let copy = try TemporaryFolder(copying: Translator.demoModel)
        let folder = try TemporaryFolder()
        let yaml = """
            models:
              demo-en-fr:
                preload: false
              zz-en-de:
                directory: "\(copy.url.path)"
                source_language: en
                target_language: de
            """
        let file = try folder.write("dragoman.yaml", yaml)
        let cluster = try Cluster(
            ["WORKER_MODEL_IDLE_UNLOAD_MS": "1000"], workers: 1, arguments: ["--config", file], folder: folder)
        let producer = try cluster.producer()
        let consumer = try cluster.consumer("c")
        let worker = cluster.workers[0]
        #expect(!worker.log.contains("loaded"), "\(worker.log)")
        var job = Job("Thank you.")
        job.model = .languages(source: "en", target: "de")
        try producer.accept(job)
        let german = try consumer.record()
        #expect(german.model == "zz-en-de")
        #expect(text(german) == "Merci.")
        #expect(worker.log.contains("zz-en-de"))
        #expect(!worker.log.contains(Self.demo), "\(worker.log)")
        try producer.accept(Job("Thank you.", model: Self.demo))
        let french = try consumer.record()
        #expect(french.model == Self.demo)
        #expect(french.outputs == german.outputs)
        job.id = .random()
        job.model = .onlyOne
        #expect(try producer.rejection(of: job).message.contains("name one of \(Self.demo)"))
        try folder.write("dragoman.yaml", yaml + "\nbroker:\n  default_model: zz-en-de\n")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        try producer.accept(job)
        #expect(try consumer.record().model == "zz-en-de")
        job.id = .random()
        job.model = .languages(source: "de", target: "en")
        #expect(try producer.rejection(of: job).code == .unsupported)
        try worker.waitForLog("unloaded")
        // It is loaded again when it is asked for.
        job.id = .random()
        job.model = .named("zz-en-de")
        try producer.accept(job)
        #expect(try consumer.record().outputs == german.outputs)
    }

    @Test("one worker works for two brokers")
    func twoBrokers() async throws {
        let first = try Cluster()
        let second = try Cluster()
        let endpoints = [first, second].map { $0.endpoint("work") }.joined(separator: ",")
        try first.addWorker("shared", ["WORKER_WORK_ENDPOINTS": endpoints])
        try second.broker.waitForLog("worker welcomed instance=shared ")
        for cluster in [first, second] {
            let producer = try cluster.producer()
            try producer.accept(Job("Thank you.", model: Self.demo))
        }
        for cluster in [first, second] { #expect(text(try cluster.consumer("c").record()) == "Merci.") }
        // And goes on for one when the other is gone.
        await first.broker.kill()
        try second.producer().accept(Job("Thank you.", model: Self.demo))
        let consumer = try second.consumer("c")
        #expect(try consumer.record().sequence == 1)
        #expect(try consumer.record().sequence == 2)
    }

    @Test("a worker may be on another host")
    func tcp() throws {
        let cluster = try Cluster(["BROKER_WORK_ENDPOINT": try Self.freeEndpoint()], workers: 1)
        let producer = try cluster.producer()
        try producer.accept(Job("Thank you.", model: Self.demo))
        #expect(text(try cluster.consumer("c").record()) == "Merci.")
    }

    /// A port that nobody has at the moment.
    private static func freeEndpoint() throws -> String {
        let socket = try Socket(.router, in: Context())
        let bound = try socket.bind("tcp://127.0.0.1:*")
        return "tcp://127.0.0.1:" + (bound.split(separator: ":").last ?? "")
    }
}
