import DragomanEngine
import Foundation
import JobModel
import TestKit
import TestModels
import Testing
import Worker

@Suite("A worker's model of several languages serves all pairs of them, each as the engine does")
struct HostedLanguageTests {
    /// A model of a family under its name.
    private func model(_ name: String, in folder: TemporaryFolder) throws -> HostedModel {
        let family = try #require(GeneratedFamily.named(name))
        try family.write(seed: 1, to: folder.url)
        return HostedModel(name: name, directory: folder.url)
    }

    private func offer(_ name: String, _ change: (inout HostedModel) -> Void = { _ in }) throws -> ModelOffer {
        let folder = try TemporaryFolder()
        var model = try model(name, in: folder)
        change(&model)
        return try #require(try ObservedHost([model]).host.offers.first)
    }

    @Test("it offers sets of languages, not pairs, and one pair as older releases do")
    func offers() throws {
        let all = ["en", "fr", "de"]
        #expect(try offer("nllb-200").sets == [LanguageSet(source: all, target: all)])
        #expect(try offer("mbart-25").sets == [LanguageSet(source: all, target: all)])
        #expect(try offer("madlad-400").sets == [LanguageSet(source: [], target: all)])
        #expect(
            try offer("t5-prompts").sets == [LanguageSet(source: ["en"], target: ["de", "fr"])])
        #expect(try offer("m2m-100").sets[0].source.count == 100)
        let fsmt = try offer("fsmt")
        #expect(fsmt == ModelOffer(name: "fsmt", sourceLanguage: "en", targetLanguage: "de"))
        #expect(try offer("bart") == ModelOffer(name: "bart"))
    }

    @Test("the configuration restricts what is offered")
    func restricted() throws {
        let target = try offer("nllb-200") { $0.targetLanguage = "fra" }
        #expect(target.sets == [LanguageSet(source: ["en", "fr", "de"], target: ["fr"])])
        #expect(target.targetLanguage == "fr")
        let pair = try offer("nllb-200") { ($0.sourceLanguage, $0.targetLanguage) = ("eng", "fra") }
        #expect(pair == ModelOffer(name: "nllb-200", sourceLanguage: "en", targetLanguage: "fr"))
        #expect(
            try offer("t5-prompts") { $0.targetLanguage = "fr" }
                == ModelOffer(name: "t5-prompts", sourceLanguage: "en", targetLanguage: "fr"))
    }

    private func outcome(_ host: ModelHost, _ model: String, _ sources: [Source], _ languages: LanguageSelection) async
        -> ChunkOutcome?
    {
        var assign = Assign(1, model: model, sources: sources)
        assign.content.languages = languages
        assign.content.wantsTokens = true
        return await ChunkTranslation(assign).outcome(from: host)
    }

    @Test("chunks of several pairs at once are each what the engine alone gives, to the bit")
    func mixed() async throws {
        let folder = try TemporaryFolder()
        let host = try ObservedHost([try model("nllb-200", in: folder)]).host
        let translator = try Translator(model: folder.url)
        let sources = (7..<19).map { Source.tokens((0...$0 % 5).map { "w\(8 + $0 * 3)" } + ["w\($0)"]) }
        let pairs = [("en", "fr"), ("FR", "deu_Latn"), ("eng_Latn", "de"), ("de", "en"), ("fr", "fr-CA")]
        let found = await withTaskGroup(of: (Int, ChunkOutcome?).self) { group in
            for (index, pair) in pairs.enumerated() {
                group.addTask {
                    (
                        index,
                        await outcome(host, "nllb-200", sources, LanguageSelection(source: pair.0, target: pair.1))
                    )
                }
            }
            var outcomes = [ChunkOutcome?](repeating: nil, count: pairs.count)
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        for (pair, outcome) in zip(pairs, found) {
            guard case .done(let outputs, _, _)? = outcome else {
                Issue.record("\(pair): \(String(describing: outcome))")
                continue
            }
            for (source, output) in zip(sources, outputs) {
                var request = TranslationRequest(source)
                (request.sourceLanguage, request.targetLanguage) = pair
                let expected = try await translator.translate(request).hypotheses
                #expect(output.hypotheses.map(\.tokens) == expected.map(\.tokens))
                #expect(output.hypotheses.map(\.score?.bitPattern) == expected.map(\.score?.bitPattern))
                #expect(
                    output.hypotheses.map { $0.tokenScores.map(\.bitPattern) }
                        == expected.map { $0.tokenScores.map(\.bitPattern) })
            }
        }
    }

    @Test("a language that the configuration names is meant, and another one is refused")
    func configured() async throws {
        let folder = try TemporaryFolder()
        var model = try model("nllb-200", in: folder)
        model.targetLanguage = "fra_Latn"
        let host = try ObservedHost([model]).host
        let source = [Source.tokens(["w9", "w11"])]
        let expected = await outcome(host, "nllb-200", source, LanguageSelection(source: "en"))
        guard case .done? = expected else {
            Issue.record("\(String(describing: expected))")
            return
        }
        #expect(await outcome(host, "nllb-200", source, LanguageSelection(source: "en", target: "fr")) == expected)
        let other = await outcome(host, "nllb-200", source, LanguageSelection(source: "en", target: "de"))
        guard case .failed(let failure, isRetryable: false)? = other else {
            Issue.record("\(String(describing: other))")
            return
        }
        #expect(failure.code == "unknown_language")
        #expect(failure.message.contains("fr only"))
    }

    @Test("texts that name their language do so in chunks")
    func marks() async throws {
        let folder = try TemporaryFolder()
        let host = try ObservedHost([try model("madlad-400", in: folder)]).host
        func text(_ text: String, _ target: String) async -> ChunkOutcome? {
            await outcome(host, "madlad-400", [.text(text)], LanguageSelection(source: "sv", target: target))
        }
        let german = await text("w9 w11 w13", "de")
        guard case .done? = german else {
            Issue.record("\(String(describing: german))")
            return
        }
        #expect(await text("<2de> w9 w11 w13", "fr") == german)
        #expect(await text("w9 w11 w13", "fr") != german)
    }
}
