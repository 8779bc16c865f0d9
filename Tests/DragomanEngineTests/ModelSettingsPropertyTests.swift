import DragomanEngine
import Foundation
import TestKit
import Testing

@Suite("Whatever numbers a model's settings hold, it translates or says why not")
struct ModelSettingsPropertyTests {
    private enum Outcome { case translated, refusedModel, refusedRequest }

    @Test("random settings give a translation or a typed error", .timeLimit(.minutes(30)), arguments: EngineModel.tiny)
    func randomSettings(name: String) async throws {
        let model = try EngineModel(name)
        let folder = try TemporaryFolder(copying: model.folder)
        var random = SeededRandom(seed: UInt64(name.utf8.count))
        var counts: [Outcome: Int] = [:]
        for index in 0..<200 {
            let settings = try RandomSettings(of: model, using: &random)
            try folder.write("config.json", settings.config)
            try folder.write("generation_config.json", settings.generation)
            let source = (0..<random.integer(1...5)).map { _ in random.choice(model.source) }
            let precision = random.choice([Precision.int8, .float32])
            do {
                counts[try await outcome(folder.url, precision, source), default: 0] += 1
            } catch {
                Issue.record("case \(index), \(settings.changes): \(error)")
            }
        }
        // Each kind is there, or this test would show little.
        #expect(counts[.translated, default: 0] > 50, "\(counts)")
        #expect(counts[.refusedModel, default: 0] > 50, "\(counts)")
        #expect(counts[.refusedRequest, default: 0] > 2, "\(counts)")
    }

    private func outcome(_ folder: URL, _ precision: Precision, _ source: [String]) async throws -> Outcome {
        var settings = Translator.Settings()
        settings.precision = precision
        let translator: Translator
        do {
            translator = try Translator(model: folder, settings: settings)
        } catch let error as ModelError {
            #expect(!error.message.isEmpty)
            return .refusedModel
        }
        var request = TranslationRequest(.tokens(source))
        // A beam of 256 hypotheses may well go on for 16,384 tokens; nobody would wait for it.
        request.options.maximumLengthRatio = 8
        do {
            let hypotheses = try await translator.translate(request).hypotheses
            #expect(hypotheses.count == 1)
            #expect(hypotheses.allSatisfy { $0.score?.isFinite == true && $0.tokenScores.allSatisfy(\.isFinite) })
            return .translated
        } catch let error as TranslationError {
            #expect(!error.message.isEmpty)
            return .refusedRequest
        }
    }
}
