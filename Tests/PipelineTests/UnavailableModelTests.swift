import DragomanEngine
import Foundation
import JobModel
import TestKit
import Testing

@Suite(
    "A model that cannot be loaded is its worker's trouble, and no job's", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct UnavailableModelTests {
    private static let demo = "demo-en-fr"

    private func count(_ text: String, in log: String) -> Int { log.components(separatedBy: text).count - 1 }

    @Test("a worker that loses its model's files beside a healthy one kills no job, says so once, and comes back")
    func filesRemoved() throws {
        let copy = try TemporaryFolder(copying: Translator.demoModel)
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "dragoman.yaml", "models:\n  \(Self.demo):\n    directory: \"\(copy.url.path)\"\n    preload: false\n")
        let cluster = try Cluster(["BROKER_ATTEMPTS_MAX": "1"], arguments: ["--config", file], folder: folder)
        let bad = try cluster.addWorker("bad")
        try FileManager.default.moveItem(at: copy.file("config.json"), to: copy.file("moved"))
        let producer = try cluster.producer()
        let jobs = (0..<300).map { Job("This is sentence number \($0).", model: Self.demo) }
        #expect(try producer.submit(jobs).allSatisfy { $0.outcome == .accepted(duplicate: false) })
        try cluster.broker.waitForLog("worker cannot load a model")
        let report = try producer.status()
        #expect(report.workers.map { $0.unavailableModels.map(\.name) } == [[Self.demo]])
        #expect(report.models.map(\.workers) == [0])
        try cluster.addWorker("good", ["MODELS_DEMO_EN_FR_DIRECTORY": Translator.demoModel.path])
        let consumer = try cluster.consumer("c")
        for _ in jobs {
            let record = try consumer.record()
            #expect(record.state == .done && record.attempts == 1, "\(record)")
        }
        #expect(count("cannot be loaded", in: bad.log) == 1, "\(bad.log)")
        #expect(count("a chunk failed", in: bad.log) == 0, "\(bad.log)")
        #expect(count("cannot load a model", in: cluster.broker.log) == 1, "\(cluster.broker.log)")
        try FileManager.default.moveItem(at: copy.file("moved"), to: copy.file("config.json"))
        try cluster.broker.waitForLog("worker can load a model again")
        #expect(try producer.status().models.map(\.workers) == [2])
    }

    @Test("a worker without a model that can be loaded ends with 78 and the reason", arguments: ["worker", "serve"])
    func none(command: String) async throws {
        let folder = try TemporaryFolder()
        // Languages that are given do not make it one that need not be looked at.
        let file = try folder.write(
            "dragoman.yaml",
            """
            models:
              lost:
                directory: "/nonexistent"
                source_language: en
                target_language: fr
            store:
              directory: "\(folder.url.path)"
            broker:
              jobs_endpoint: "ipc://\(folder.file("jobs").path)"
              work_endpoint: "ipc://\(folder.file("work").path)"
              results_endpoint: "ipc://\(folder.file("results").path)"
              feed_endpoint: "ipc://\(folder.file("feed").path)"
            """)
        let daemon = try Daemon([command, "--config", file], in: folder.url)
        #expect(await daemon.waitForExit() == 78)
        #expect(daemon.log.contains("the model lost cannot be loaded: /nonexistent"), "\(daemon.log)")
    }

    @Test("a worker that can load one of its models offers that, and says which it does not")
    func some() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "dragoman.yaml", "models:\n  \(Self.demo): {}\n  lost:\n    directory: \"/nonexistent\"\n")
        let cluster = try Cluster(command: "serve", arguments: ["--config", file], folder: folder)
        try cluster.broker.waitForLog("dragoman serves \(Self.demo)\n")
        #expect(count("model cannot be loaded", in: cluster.broker.log) == 1, "\(cluster.broker.log)")
        #expect(count("worker cannot load a model", in: cluster.broker.log) == 1, "\(cluster.broker.log)")
        var job = Job("Thank you.")
        job.model = .onlyOne
        try cluster.producer().accept(job)
        #expect(try cluster.consumer("c").record().state == .done)
    }
}
