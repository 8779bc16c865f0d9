import DragomanEngine
import Foundation
import Inference
import TestKit
import TestModels
import Testing

/// Languages as people write them, and texts that name their own.
@Suite struct LanguageTests {
    /// A model of a family, without a tokenizer.
    private func translator(
        _ name: String, _ change: (inout Translator.Settings) -> Void = { _ in }
    ) throws -> Translator {
        let family = try #require(GeneratedFamily.all.first { $0.name == name })
        let folder = try TemporaryFolder()
        try family.write(seed: 1, to: folder.url)
        var settings = Translator.Settings()
        settings.precision = .float32
        change(&settings)
        return try Translator(model: folder.url, settings: settings)
    }

    private func tokens(_ translator: Translator, _ source: String?, _ target: String?) async throws -> [String] {
        var request = TranslationRequest(.tokens(["a", "b", "c"]))
        (request.sourceLanguage, request.targetLanguage) = (source, target)
        request.options.maximumLength = 8
        return try await translator.translate(request).hypotheses[0].tokens
    }

    private func refusal(_ translator: Translator, _ source: String?, _ target: String?) async -> TranslationError? {
        await #expect(throws: TranslationError.self) { try await self.tokens(translator, source, target) }
    }

    @Test(arguments: [
        ("nllb-200", "eng_Latn", "fra_Latn"), ("mbart-50", "en_XX", "fr_XX"), ("mbart-25", "en_XX", "fr_XX"),
        ("m2m-100", "__en__", "__fr__"),
    ])
    func `every spelling of a language means the same`(name: String, source: String, target: String) async throws {
        let translator = try translator(name)
        let expected = try await tokens(translator, source, target)
        for (other, into) in [
            ("en", "fr"), ("EN", "FR"), ("eng", "fra"), ("en-US", "fr-CA"), (source.uppercased(), target.lowercased()),
        ] {
            #expect(try await tokens(translator, other, into) == expected, "\(other) to \(into)")
        }
        #expect(try await tokens(translator, "fr", "de") != expected)
    }

    @Test func `a missing language is an error that lists what there is`() async throws {
        let translator = try translator("nllb-200")
        for (source, target) in [("en", nil), (nil, "fr"), (nil, nil)] as [(String?, String?)] {
            let error = await refusal(translator, source, target)
            #expect(error?.code == .missingLanguage)
            for code in ["eng_Latn", "fra_Latn", "deu_Latn"] { #expect(error?.message.contains(code) == true) }
        }
    }

    @Test func `a language that the model lacks is an error that lists what there is`() async throws {
        let error = await refusal(try translator("m2m-100"), "en", "tlh")
        #expect(error?.code == .unknownLanguage)
        #expect(error?.message.contains("tlh") == true)
        #expect(error?.message.contains("zu") == true)
        #expect(await refusal(try translator("t5"), "en", "fr")?.code == .unknownLanguage)
    }

    @Test func `the files' own target is meant where none is named`() async throws {
        // Its decoder starts with French unless it is told otherwise.
        let translator = try translator("mbart-25")
        #expect(try await tokens(translator, "en", nil) == tokens(translator, "en", "fr"))
    }

    @Test func `a translator's own languages are meant where a request names none`() async throws {
        let translator = try translator("nllb-200") { ($0.sourceLanguage, $0.targetLanguage) = ("en", "fr") }
        let expected = try await tokens(translator, "en", "fr")
        #expect(try await tokens(translator, nil, nil) == expected)
        #expect(try await tokens(translator, "fr", "de") != expected)
        #expect(throws: TranslationError.self) {
            try self.translator("nllb-200") { ($0.sourceLanguage, $0.targetLanguage) = ("en", "tlh") }
        }
        #expect(throws: TranslationError.self) { try self.translator("nllb-200") { $0.targetLanguage = "tlh" } }
    }

    @Test func `MADLAD's targets are tokens of its vocabulary, and a text may begin with one`() async throws {
        let family = try #require(GeneratedFamily.all.first { $0.name == "t5" })
        let folder = try TemporaryFolder()
        try family.write(seed: 1, to: folder.url)
        let pieces = ["<pad>", "</s>", "<unk>", "▁", "a", "b", "c", "<2fr>", "<2de>", "<2translate>"]
        let vocabulary = pieces.map { "[\"\($0)\", -1.5]" }.joined(separator: ", ")
        try folder.write(
            "tokenizer.json",
            """
            {"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
             "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
             "added_tokens": [], "model": {"type": "Unigram", "unk_id": 2, "vocab": [\(vocabulary)]}}
            """)
        var settings = Translator.Settings()
        settings.precision = .float32
        let translator = try Translator(model: folder.url, settings: settings)
        #expect(translator.description.languages.target.map(\.tag) == ["fr", "de"])
        #expect(translator.description.languages.target.map(\.token) == [7, 8])
        func sourceTokens(_ text: String, _ target: String?) async throws -> [String] {
            var request = TranslationRequest(.text(text))
            request.targetLanguage = target
            request.options.maximumLength = 4
            return try await translator.translate(request).segments.flatMap(\.sourceTokens)
        }
        #expect(try await sourceTokens("abc", "fra") == sourceTokens("<2fr> abc", nil))
        await #expect(throws: TranslationError.self) { try await sourceTokens("abc", nil) }
    }

    @Test(arguments: ["nllb-200", "mbart-25", "m2m-100", "t5"])
    func `some pair of a model's own can always be asked for`(_ name: String) async throws {
        let translator = try translator(name)
        let pair = translator.description.languages.anyPair
        #expect(try await !tokens(translator, pair.source, pair.target).isEmpty)
    }

    @Test func `a description lists the languages`() throws {
        let languages = try translator("nllb-200").description.languages
        #expect(languages.source.map(\.tag) == ["en", "fr", "de"])
        #expect(languages.target.map(\.code) == ["eng_Latn", "fra_Latn", "deu_Latn"])
    }

    /// The demo model with two rare pieces renamed, as a model of several targets has them.
    private func severalTargets() throws -> Translator {
        let folder = try TemporaryFolder(copying: Translator.demoModel)
        let file = folder.file("vocab.json")
        let decoder = JSONDecoder()
        let vocabulary = try decoder.decode([String: Int].self, from: Data(contentsOf: file))
        let names = [7990: ">>fra<<", 7991: ">>ita<<", 7992: ">>por_BR<<"]
        let renamed = Dictionary(uniqueKeysWithValues: vocabulary.map { (names[$0.value] ?? $0.key, $0.value) })
        try JSONEncoder().encode(renamed).write(to: file)
        return try Translator(model: folder.url)
    }

    private func source(_ translator: Translator, _ text: String, target: String?) async throws -> [[String]] {
        var request = TranslationRequest(.text(text))
        request.targetLanguage = target
        request.options.beamSize = 1
        return try await translator.translate(request).segments.map(\.sourceTokens)
    }

    @Test func `a sentence that names its language goes before the request`() async throws {
        let translator = try severalTargets()
        #expect(try await source(translator, "Hello.", target: "FR").map { $0[0] } == [">>fra<<"])
        #expect(try await source(translator, ">>ita<< Hello.", target: "fr").map { $0[0] } == [">>ita<<"])
        #expect(try await source(translator, ">>ita<< Hello.", target: nil).map { $0[0] } == [">>ita<<"])
        #expect(try await source(translator, " \n>>ita<< Hello.", target: nil).map { $0[0] } == [">>ita<<"])
        #expect(
            try await source(translator, "Hello.\n>>ita<< Good morning.", target: "pt").map { $0[0] }
                == [">>por_BR<<", ">>ita<<"])
    }

    @Test func `the blank after a language's name is no part of the text, and line breaks are`() async throws {
        let translator = try severalTargets()
        var request = TranslationRequest(.text("Thank you."))
        request.targetLanguage = "fr"
        let plain = try await translator.translate(request).hypotheses[0].text
        #expect(try await translator.translate(">>fra<<  Thank you.") == plain)
        #expect(try await translator.translate(">>fra<<Thank you.") == plain)
        #expect(try await translator.translate(">>fra<< \nThank you.") == "\n" + plain)
    }

    @Test func `all parts of a sentence that is too long are in the language that it names`() async throws {
        let translator = try severalTargets()
        let long = String(repeating: "one two three, ", count: 200) + "and four."
        let first = try await source(translator, "Hello.\n>>ita<< \(long)\nGood morning.", target: "fr")
        #expect(first.count > 3)
        let languages = first.map { $0[0] }
        #expect(languages.first == ">>fra<<" && languages.last == ">>fra<<")
        #expect(languages.dropFirst().dropLast().allSatisfy { $0 == ">>ita<<" }, "\(languages)")
    }

    @Test func `a tag that the model lacks is an error, and what is no tag is text`() async throws {
        let translator = try severalTargets()
        let error = await #expect(throws: TranslationError.self) {
            try await source(translator, ">>deu<< Hello.", target: "fr")
        }
        #expect(error?.code == .unknownLanguage)
        for code in ["fra", "ita", "por_BR"] { #expect(error?.message.contains(code) == true) }
        let quoted = try await source(translator, ">>> quoted << words", target: "fr")[0]
        #expect(quoted[0] == ">>fra<<")
        #expect(quoted.count > 3)
        #expect(
            await #expect(throws: TranslationError.self) { try await source(translator, "Hello.", target: nil) }?.code
                == .missingLanguage)
    }
}
