import DragomanEngine
import Foundation
import ModelFormats
import TestKit
import Testing

/// Folders that CTranslate2's converters made of families with tokenizers and languages of their own, and what CTranslate2
/// makes of texts with them: `Tests/Goldens/make_ctranslate2.py`.
@Suite struct CTranslate2TextTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            var text: String
            var tokens: [String]
            var score: Float
            var translation: String
        }

        /// Of `tokenizers/kinds.json`.
        var kind: String
        var source: String?
        var target: String?
        var cases: [Case]
    }

    private static let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens")

    static let names = ["nllb", "m2m100", "mbart", "mbart50", "bart", "t5"]

    private static func golden(_ name: String) throws -> Golden {
        let file = goldens.appending(path: "ctranslate2-texts/\(name)/cases.json")
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    /// The converted folder with the tokenizer's files, as `--copy_files` leaves them.
    private static func folder(
        _ name: String, _ golden: Golden, isDescribed: Bool = true
    ) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        func copy(_ file: URL, _ name: String) throws {
            try FileManager.default.copyItem(at: file, to: folder.url.appending(path: name))
        }
        for file in ["model.bin", "config.json", "shared_vocabulary.json"] {
            try copy(goldens.appending(path: "ctranslate2-texts/\(name)/\(file)"), file)
        }
        let kinds = try JSONSerialization.jsonObject(
            with: Data(contentsOf: goldens.appending(path: "tokenizers/kinds.json")))
        let kind = try #require((kinds as? [String: [String: Any]])?[golden.kind])
        for (file, here) in try #require(kind["files"] as? [String: String]) {
            try copy(goldens.appending(path: "tokenizers/\(here)"), file)
        }
        let description = "tokenizer_config.json"
        if isDescribed {
            let settings = try JSONSerialization.data(withJSONObject: try #require(kind[description]))
            try settings.write(to: folder.url.appending(path: description))
        }
        return folder
    }

    private func expectGolden(_ golden: Golden, _ folder: URL, _ languages: (String?, String?)) async throws {
        var settings = Translator.Settings()
        settings.precision = .float32
        let translator = try Translator(model: folder, settings: settings)
        for sentence in golden.cases {
            var request = TranslationRequest(.text(sentence.text))
            (request.sourceLanguage, request.targetLanguage) = languages
            request.options.split = .nowhere
            request.options.secondPass = false
            request.options.beamSize = 4
            request.options.noRepeatNgramSize = 3
            request.options.maximumLength = 12
            request.options.disallowUnknown = false
            request.options.renormalizeScores = true
            let best = try await translator.translate(request).hypotheses[0]
            let tokens = best.tokens.first == golden.target ? Array(best.tokens.dropFirst()) : best.tokens
            #expect(tokens == sentence.tokens, "\(sentence.text)")
            #expect(best.text == sentence.translation, "\(sentence.text)")
            let score = try #require(best.score)
            #expect(abs(score - sentence.score) < 1e-3 * max(1, abs(score)), "\(sentence.text)")
        }
    }

    @Test(arguments: names)
    func `texts become what CTranslate2 makes of them with the hub's tokenizer`(_ name: String) async throws {
        let golden = try Self.golden(name)
        #expect(golden.cases.count == 8)
        let folder = try Self.folder(name, golden)
        try await expectGolden(golden, folder.url, (golden.source, golden.target))
    }

    @Test(arguments: ["nllb", "m2m100", "mbart", "mbart50", "bart"])
    func `files of pieces and tokens are enough where no file names the tokenizer`(_ name: String) async throws {
        let golden = try Self.golden(name)
        let folder = try Self.folder(name, golden, isDescribed: false)
        try await expectGolden(golden, folder.url, golden.target == nil ? (nil, nil) : ("en", "fr"))
    }

    @Test(arguments: names)
    func `a packed model has its languages and its tokenizer`(_ name: String) async throws {
        let golden = try Self.golden(name)
        let folder = try Self.folder(name, golden), packed = try TemporaryFolder()
        try PackedFolder.write(folder.url, to: packed.url, precision: .float32)
        try await expectGolden(golden, packed.url, (golden.source, golden.target))
    }

    @Test func `where texts are taken, tokens are framed as texts are`() async throws {
        let golden = try Self.golden("nllb")
        let folder = try Self.folder("nllb", golden)
        let translator = try Translator(model: folder.url)
        var request = TranslationRequest(.text(golden.cases[0].text))
        (request.sourceLanguage, request.targetLanguage) = ("en", "fr")
        request.options.maximumLength = 5
        let text = try await translator.translate(request)
        // The first names the language.
        request.source = .tokens(text.segments.flatMap { $0.sourceTokens.dropFirst() })
        let given = try await translator.translate(request)
        #expect(given.hypotheses.map(\.tokens) == text.hypotheses.map(\.tokens))
        #expect(given.hypotheses.map(\.score) == text.hypotheses.map(\.score))
    }

    @Test func `SMaLL-100's sources begin with the target`() async throws {
        let golden = try Self.golden("m2m100")
        let folder = try Self.folder("m2m100", golden, isDescribed: false)
        let bundle = try ModelBundle.load(folder.url)
        #expect(bundle.configuration.framing.sourcePrefix == [.sourceLanguage])
        try folder.write("tokenizer_config.json", #"{"tokenizer_class": "SMALL100Tokenizer"}"#)
        let small = try ModelBundle.load(folder.url)
        #expect(small.configuration.framing.sourcePrefix == [.targetLanguage])
        #expect(small.configuration.framing.forcedFirst == nil)
    }

    @Test func `tokens of two vocabularies name no language for both`() throws {
        let golden = try Self.golden("mbart50")
        let folder = try Self.folder("mbart50", golden)
        let files = FileManager.default
        try files.copyItem(at: folder.file("shared_vocabulary.json"), to: folder.file("source_vocabulary.json"))
        try files.moveItem(at: folder.file("shared_vocabulary.json"), to: folder.file("target_vocabulary.json"))
        let bundle = try ModelBundle.load(folder.url)
        #expect(bundle.languages == ModelLanguages())
        #expect(!bundle.configuration.framing.slots.contains(.targetLanguage))
    }

    @Test func `a tokenizer of another model is refused, and the message says what to do`() throws {
        let golden = try Self.golden("t5")
        let folder = try Self.folder("t5", golden)
        let file = folder.url.appending(path: "shared_vocabulary.json")
        var tokens = try JSONDecoder().decode([String].self, from: Data(contentsOf: file))
        tokens.swapAt(10, 11)
        try JSONEncoder().encode(tokens).write(to: file)
        let error = #expect(throws: ModelError.self) { try Translator(model: folder.url) }
        #expect(error?.message.contains("token 10 differs") == true)
        #expect(error?.message.contains("take the tokenizer's files") == true)
    }

    @Test func `MADLAD's targets are among the vocabulary's tokens`() async throws {
        let golden = try Self.golden("t5")
        let folder = try Self.folder("t5", golden, isDescribed: false)
        let file = folder.url.appending(path: "shared_vocabulary.json")
        var tokens = try JSONDecoder().decode([String].self, from: Data(contentsOf: file))
        let codes = ["fr", "de", "es", "it", "pt", "nl", "pl", "cs", "ru", "ceb"]
        for (index, code) in codes.enumerated() { tokens[700 + index] = "<2\(code)>" }
        try JSONEncoder().encode(tokens).write(to: file)
        // A SentencePiece model's ids are not asked for.
        try FileManager.default.removeItem(at: folder.url.appending(path: "tokenizer.json"))
        try FileManager.default.copyItem(
            at: Self.goldens.appending(path: "tokenizers/t5.model"), to: folder.url.appending(path: "spiece.model"))
        let translator = try Translator(model: folder.url)
        var request = TranslationRequest(.text("The wheel turns."))
        request.options.maximumLength = 4
        await #expect(throws: TranslationError.self) { try await translator.translate(request) }
        request.targetLanguage = "fr"
        let french = try await translator.translate(request)
        request.targetLanguage = nil
        request.source = .text("<2fr> The wheel turns.")
        #expect(try await translator.translate(request).hypotheses == french.hypotheses)
    }
}
