import DragomanEngine
import Foundation
import TestKit
import Testing

/// Models in CTranslate2's format, from a folder or a package to translations.
@Suite struct CTranslate2FolderTests {
    private static let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens")
    private static let archive = goldens.appending(path: "argos/translate-en_eo-1_5.argosmodel")

    struct Sentence: Decodable {
        var source: String
        var target: String
    }

    private func float32() -> Translator.Settings {
        var settings = Translator.Settings()
        settings.precision = .float32
        return settings
    }

    @Test func `a package translates texts as Argos Translate does`() async throws {
        let file = Self.goldens.appending(path: "argos/cases.json")
        let sentences = try JSONDecoder().decode([Sentence].self, from: Data(contentsOf: file))
        #expect(sentences.count == 8)
        let translator = try Translator(model: Self.archive, settings: float32())
        for sentence in sentences {
            var options = SearchOptions()
            options.secondPass = false
            #expect(try await translator.translate(sentence.source, options: options) == sentence.target)
        }
    }

    @Test(arguments: ["int8", "float16"], Precision.allCases)
    func `a packed model translates as its folder, to the bit`(_ format: String, _ precision: Precision) async throws {
        let model = Self.goldens.appending(path: "ctranslate2/marian-shared/\(format)")
        let folder = try TemporaryFolder()
        try PackedFolder.write(model, to: folder.url, precision: precision)
        var settings = Translator.Settings()
        settings.precision = precision
        let original = try Translator(model: model, settings: settings)
        let packed = try Translator(model: folder.url, settings: settings)
        for tokens in [["t9", "t31", "t7"], ["t12"], ["t40", "no such token", "t8", "t8", "t55"]] {
            let request = TranslationRequest(.tokens(tokens + ["</s>"]))
            #expect(try await packed.translate(request) == original.translate(request))
        }
    }

    @Test func `a package is imported from its archive`() async throws {
        let folder = try TemporaryFolder()
        try PackedFolder.write(Self.archive, to: folder.url, precision: .int8)
        let (original, packed) = (try Translator(model: Self.archive), try Translator(model: folder.url))
        let text = "a miller grinds the corn"
        #expect(try await packed.translate(text) == original.translate(text))
        #expect(packed.description.targetLanguage == "eo")
    }
}
