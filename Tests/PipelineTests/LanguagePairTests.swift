import DragomanEngine
import Foundation
import JobModel
import TestKit
import TestModels
import Testing
import Worker

@Suite(
    "A job's languages reach the engine of a model of several", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct LanguagePairTests {
    private let folder: TemporaryFolder
    private let settings: String

    init() throws {
        folder = try TemporaryFolder()
        for name in ["nllb-200", "madlad-400"] {
            let directory = folder.file(name)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try #require(GeneratedFamily.named(name)).write(seed: 1, to: directory)
        }
        settings = try folder.write(
            "dragoman.yaml",
            """
            models:
              nllb: {directory: "\(folder.file("nllb-200").path)"}
              madlad: {directory: "\(folder.file("madlad-400").path)"}
            """)
    }

    private static let selections: [ModelSelection] = [
        .languages(source: "en", target: "fr"), .languages(source: "fra_Latn", target: "DE"),
        .model("nllb", LanguageSelection(source: "eng", target: "de_DE")),
        .languages(source: "de", target: "en"), .languages(source: "EN", target: "fr-CA"),
        .model("madlad", LanguageSelection(target: "fr")),
        .model("madlad", LanguageSelection(source: "sv", target: "deu")), .languages(source: "sv", target: "en"),
    ]

    /// Some of each pair, of several lengths.
    private static let jobs: [Job] = (0..<6).flatMap { round in
        selections.enumerated().map { index, selection in
            let words = (0...(index + round) % 7).map { "w\(8 + ($0 * 5 + round * 3) % 30)" }
            let isText = selection.name == "madlad" || selection.languages.source == "sv"
            var job = Job([isText ? .text(words.joined(separator: " ")) : .tokens(words)])
            job.model = selection
            job.wantsTokens = true
            job.options.beamSize = round % 2 == 0 ? 1 : 3
            return job
        }
    }

    /// As `dragoman translate` gives them with the same languages, one by one.
    private func expected() async throws -> [JobID: Output] {
        let translators = try ["nllb-200", "madlad-400"].map { try Translator(model: folder.file($0)) }
        var outputs: [JobID: Output] = [:]
        for job in Self.jobs {
            let isText = if case .text = job.sources[0] { true } else { false }
            var request = TranslationRequest(job.sources[0], options: job.options)
            request.sourceLanguage = job.model.languages.source
            request.targetLanguage = job.model.languages.target
            let translation = try await translators[isText ? 1 : 0].translate(request)
            outputs[job.id] = translation.published(withTokens: true).asDelivered
        }
        return outputs
    }

    private func check(_ records: [Record], _ expected: [JobID: Output]) {
        #expect(Set(records.map(\.job)) == Set(expected.keys))
        for record in records {
            #expect(record.state == .done, "\(String(describing: record.failure))")
            #expect(record.outputs.first == expected[record.job])
            #expect(record.outputs.first?.bits == expected[record.job]?.bits)
        }
    }

    @Test("one worker translates jobs of several pairs at once, each as translate does, bit for bit")
    func pairs() async throws {
        let expected = try await expected()
        #expect(Set(expected.values.map(\.bits)).count > Self.jobs.count / 2)
        let cluster = try Cluster(workers: 1, arguments: ["--config", settings])
        let producer = try cluster.producer()
        for verdict in try producer.submit(Self.jobs) { #expect(verdict.outcome == .accepted(duplicate: false)) }
        let consumer = try cluster.consumer("c")
        check(try Self.jobs.map { _ in try consumer.record() }, expected)

        let models = try producer.status().models
        let all = ["en", "fr", "de"]
        #expect(models.first { $0.name == "nllb" }?.languages == [LanguageSet(source: all, target: all)])
        #expect(models.first { $0.name == "madlad" }?.languages == [LanguageSet(source: [], target: all)])
        var wrong = Job([.tokens(["w9"])])
        wrong.model = .model("nllb", LanguageSelection(source: "en", target: "ja"))
        let rejection = try producer.rejection(of: wrong)
        #expect(rejection.code == .unsupported)
        #expect(rejection.message.contains("between any of en, fr, de"))
    }

    @Test("jobs of several pairs that are queued when the broker is killed are translated by the next one")
    func restart() async throws {
        let expected = try await expected()
        let cluster = try Cluster(workers: 1, arguments: ["--config", settings])
        await cluster.workers[0].kill()
        let producer = try cluster.producer()
        for verdict in try producer.submit(Self.jobs) { #expect(verdict.outcome == .accepted(duplicate: false)) }
        await cluster.broker.kill()
        try cluster.startBroker()
        try cluster.addWorker("next")
        let consumer = try cluster.consumer("c")
        check(try Self.jobs.map { _ in try consumer.record() }, expected)
    }

    @Test("a worker of an older release is given its pair only, beside one that has all")
    func olderWorker() async throws {
        let cluster = try Cluster()
        let pair = ModelOffer(name: "nllb", sourceLanguage: "en", targetLanguage: "fr")
        let old = try cluster.worker("old", models: [pair])
        let producer = try cluster.producer()
        var other = Job([.text("One.")])
        other.model = .model("nllb", LanguageSelection(source: "en", target: "de"))
        #expect(try producer.rejection(of: other).message.contains("from en to fr"))
        let all = ["en", "fr", "de"]
        let new = try cluster.worker(
            "new", models: [ModelOffer(name: "nllb", sets: [LanguageSet(source: all, target: all)])])
        try producer.accept(other)
        let assign = try new.assignment()
        #expect(assign.lease.chunk.job == other.id)
        #expect(assign.content.languages == other.model.languages)
        try new.finish(assign)
        var own = Job([.text("Two.")])
        own.model = .languages(source: "en", target: "fr")
        // Both have it; the one that has nothing to do is given it.
        try new.send(.workCredit(window: 0))
        try producer.accept(own)
        let second = try old.assignment()
        #expect(second.lease.chunk.job == own.id)
        try old.finish(second)
    }

    @Test("submit names a model and its languages, and models list shows them")
    func commands() async throws {
        let expected = try await expected()
        let cluster = try Cluster(workers: 1, arguments: ["--config", settings])
        let job = try #require(Self.jobs.first { $0.model == Self.selections[6] && $0.options.beamSize == 1 })
        guard case .text(let text) = job.sources[0] else { return }
        let endpoints = [
            "--jobs-endpoint", cluster.endpoint("jobs"), "--results-endpoint", cluster.endpoint("results"),
        ]
        let input = try folder.write("input.txt", text + "\n")
        let output = try Self.run(
            ["submit", "--wait", "--beam-size", "1", "--model", "madlad", "--source-language", "sv"]
                + ["--target-language", "deu", input] + endpoints)
        #expect(output == (expected[job.id]?.hypotheses.first?.text ?? "") + "\n")
        let list = try Self.run(["models", "list"] + endpoints.prefix(2))
        #expect(list.contains("any → en, fr, de"))
        #expect(list.contains("en, fr, de → en, fr, de"))
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try BuiltProgram.path("dragoman"))
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }
}
