import DragomanClient
import DragomanEngine
import Foundation
import Gateway
import JobModel
import Languages
import Logging
import TestKit
import TestModels
import Testing

@Suite(
    "The gateway chooses pairs of models of several languages", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct GatewayLanguageTests {
    private let folder: TemporaryFolder
    private let settings: String

    /// One model from any language into English, and one from English into two.
    init() throws {
        folder = try TemporaryFolder()
        for name in ["madlad-400", "t5-prompts"] {
            let directory = folder.file(name)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try #require(GeneratedFamily.named(name)).write(seed: 1, to: directory)
        }
        settings = try folder.write(
            "dragoman.yaml",
            """
            models:
              into: {directory: "\(folder.file("madlad-400").path)", target_language: en}
              from: {directory: "\(folder.file("t5-prompts").path)"}
            """)
    }

    private func translate(_ texts: [String], by model: String, _ source: String, _ target: String) async throws
        -> [String]
    {
        let translator = try Translator(model: folder.file(model))
        var translated: [String] = []
        for text in texts {
            var request = TranslationRequest(.text(text))
            (request.sourceLanguage, request.targetLanguage) = (source, target)
            translated.append(try #require(try await translator.translate(request).hypotheses.first).text)
        }
        return translated
    }

    @Test("each pair is translated as translate does, and two models meet in English")
    func pairs() async throws {
        let cluster = try Cluster(workers: 1, arguments: ["--config", settings])
        var addresses = Client.Settings()
        addresses.jobsEndpoints = [cluster.endpoint("jobs")]
        addresses.resultsEndpoints = [cluster.endpoint("results")]
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let desk = BrokerDesk(
            try Client(addresses), patience: .seconds(60), deadline: .seconds(120), logger: logger)
        desk.start()
        defer { desk.stop() }
        let interpreter = Interpreter(desk)

        let map = try await interpreter.models()
        #expect(map.languages.map(\.description) == ["de", "en", "fr"])
        #expect(map.targets(of: try #require(LanguageTag("fr"))).map(\.description) == ["de", "en", "fr"])

        let texts = ["w9 w12 w30", "w17", "w8 w21 w14 w9 w33"]
        func check(_ source: String, _ target: String, _ expected: [String], _ models: [String]) async throws {
            let renderings = try await interpreter.translate(Interpreter.Request(texts, from: source, to: target))
            #expect(renderings.map(\.text) == expected, "\(source) to \(target)")
            #expect(renderings.allSatisfy { $0.models == models })
        }
        let english = try await translate(texts, by: "madlad-400", "sv", "en")
        try await check("sv", "en", english, ["into"])
        for target in ["fr", "de"] {
            try await check("eng", target, try await translate(texts, by: "t5-prompts", "en", target), ["from"])
            try await check(
                "sv", target, try await translate(english, by: "t5-prompts", "en", target), ["into", "from"])
        }
    }
}
