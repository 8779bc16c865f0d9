import Gateway
import JobModel
import Languages
import Testing

@Suite("From which language into which the models at hand translate")
struct ModelMapTests {
    private func map(_ pairs: String...) -> ModelMap {
        ModelMap(
            pairs.map { pair in
                let parts = pair.split(separator: ">").map(String.init)
                var model = StatusReport.ModelStatus()
                model.name = pair
                model.sourceLanguage = parts[0]
                model.targetLanguage = parts[1]
                model.workers = 1
                return model
            })
    }

    private func tag(_ text: String) throws -> LanguageTag { try #require(LanguageTag(text)) }

    private func route(_ map: ModelMap, _ source: String, _ target: String) throws -> [String] {
        try map.route(from: tag(source), to: tag(target)).map(\.model)
    }

    @Test("a direct model goes before two")
    func direct() throws {
        #expect(try route(map("de>en", "en>fr", "de>fr"), "de", "fr") == ["de>fr"])
    }

    @Test("where there is none, English is in between")
    func pivot() throws {
        #expect(try route(map("de>en", "en>fr"), "de", "fr") == ["de>en", "en>fr"])
        #expect(try route(map("de>en", "en>fr"), "deu", "fra") == ["de>en", "en>fr"])
    }

    @Test("no third language is, and a text in its own language stays as it is")
    func others() throws {
        let map = map("de>es", "es>fr")
        #expect(throws: GatewayError.self) { try route(map, "de", "fr") }
        #expect(try route(map, "de", "de") == [])
    }

    @Test("what no model has is told from what no model connects")
    func errors() throws {
        let map = map("en>fr", "de>es")
        let unknown = #expect(throws: GatewayError.self) { try route(map, "en", "ja") }
        #expect(unknown?.kind == .unknownLanguage)
        #expect(unknown?.message == "ja is not supported")
        let apart = #expect(throws: GatewayError.self) { try route(map, "de", "fr") }
        #expect(apart?.kind == .noModel)
        #expect(
            apart?.message == "French (fr) is not available as a target language from German (de)")
    }

    @Test("a wider name finds what there is of the language")
    func regions() throws {
        #expect(try route(map("en>pt-BR", "en>pt-PT"), "en", "pt") == ["en>pt-BR"])
        #expect(try route(map("en>pt"), "en-US", "pt-BR") == ["en>pt"])
    }

    @Test("what is listed as a target can be reached")
    func targets() throws {
        let map = map("de>en", "en>fr", "en>es", "fr>it")
        for source in map.languages {
            for target in map.targets(of: source) {
                #expect(throws: Never.self) { try map.route(from: source, to: target) }
            }
        }
        #expect(map.targets(of: try tag("de")).map(\.description) == ["de", "en", "es", "fr"])
        #expect(map.languages.map(\.description) == ["de", "en", "es", "fr", "it"])
    }

    @Test("models that no worker offers, or without languages, do not count")
    func absent() {
        var absent = StatusReport.ModelStatus()
        absent.sourceLanguage = "en"
        absent.targetLanguage = "fr"
        var silent = StatusReport.ModelStatus()
        silent.workers = 1
        #expect(ModelMap([absent, silent]).offers.isEmpty)
    }
}
