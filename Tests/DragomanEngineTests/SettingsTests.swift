import DragomanEngine
import Foundation
import Testing

@Suite("A translator's settings change its speed, never its output")
struct SettingsTests {
    private static let sentences = [
        "Where is the train station?", "I would like to buy a ticket to Paris, but I have no money left today.",
        "Thank you.", "The committee has not yet decided whether the proposal is acceptable to all members.",
        "He said: \"I do not know\", and left.", "Is it raining? I hope that it is not.",
    ]

    @Test(
        "threads, batches and instruction sets leave every bit as it is", arguments: [Precision.int8, .float32])
    func sameBits(precision: Precision) async throws {
        var reference: [Translation]?
        for instructionSet in Translator.instructionSets {
            for (threads, batchTokens) in [(1, 1024), (2, 64), (2, 1)] {
                // Portable C emulates what it has no instruction for; once is enough.
                if instructionSet == "portable" && threads == 2 { continue }
                var settings = Translator.Settings()
                settings.precision = precision
                settings.threads = threads
                settings.batchTokens = batchTokens
                settings.instructionSet = instructionSet
                let translator = try Translator(settings: settings)
                let found = try await translate(Self.sentences, with: translator)
                if let reference { #expect(found == reference, "\(settings)") }
                reference = reference ?? found
            }
        }
    }

    @Test("impossible settings are refused")
    func refusals() throws {
        for change: (inout Translator.Settings) -> Void in [
            { $0.threads = 0 }, { $0.threads = 100_000 }, { $0.batchTokens = 0 }, { $0.batchTokens = .max },
            { $0.instructionSet = "mmx" },
        ] {
            var settings = Translator.Settings()
            change(&settings)
            #expect(throws: TranslationError.self) { try Translator(settings: settings) }
        }
    }

    @Test("a folder without a model is refused, and says what is missing")
    func noModel() throws {
        let error = #expect(throws: ModelError.self) { try Translator(model: URL(filePath: "/nonexistent")) }
        #expect(error?.message.contains("/nonexistent") == true)
    }

    private func translate(_ sentences: [String], with translator: Translator) async throws -> [Translation] {
        try await withThrowingTaskGroup(of: (Int, Translation).self) { group in
            for (index, sentence) in sentences.enumerated() {
                group.addTask {
                    var request = TranslationRequest(.text(sentence))
                    request.options.nBest = 2
                    request.options.beamSize = index.isMultiple(of: 2) ? 4 : 2
                    return (index, try await translator.translate(request))
                }
            }
            var results: [Int: Translation] = [:]
            for try await (index, translation) in group { results[index] = translation }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
