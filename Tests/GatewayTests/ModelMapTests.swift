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
        #expect(ModelMap([absent, silent]).isEmpty)
    }

    // MARK: Models of several languages

    private func model(_ name: String, _ sets: (source: [String], target: [String])...) -> StatusReport.ModelStatus {
        var model = StatusReport.ModelStatus()
        model.name = name
        model.languages = sets.map { LanguageSet(source: $0.source, target: $0.target) }
        model.workers = 1
        return model
    }

    @Test("each pair of a model of several languages is its own, and a job is told which")
    func several() throws {
        let map = ModelMap([model("nllb", (["en", "fr", "zh-Hant"], ["en", "fr", "zh-Hant"]))])
        #expect(map.languages.map(\.description) == ["en", "fr", "zh-Hant"])
        #expect(map.sources == map.languages)
        #expect(map.targets == map.languages)
        for source in map.languages {
            #expect(map.targets(of: source) == map.languages)
            for target in map.languages where target != source {
                let leg = try #require(try map.route(from: source, to: target).first)
                #expect(leg.pair == LanguagePair(source: source, target: target))
                let languages = LanguageSelection(source: source.description, target: target.description)
                #expect(leg.selection == .model("nllb", languages))
            }
        }
        let spelt = try map.route(from: tag("fra_Latn"), to: tag("zh-TW")).map(\.selection)
        #expect(spelt == [.model("nllb", LanguageSelection(source: "fr", target: "zh-Hant"))])
    }

    @Test("a model of one pair is asked for by its name alone, however it says the pair")
    func onePair() throws {
        let map = ModelMap([model("argos", (["en"], ["fr"]))])
        #expect(try map.route(from: tag("en"), to: tag("fr")).map(\.selection) == [.named("argos")])
    }

    @Test("not all pairs of a model's languages need be there")
    func sets() throws {
        let map = ModelMap([model("m", (["en"], ["de", "fr"]), (["sv"], ["en"]))])
        #expect(map.sources.map(\.description) == ["en", "sv"])
        #expect(map.targets.map(\.description) == ["de", "en", "fr"])
        #expect(try route(map, "en", "de") == ["m"])
        #expect(throws: GatewayError.self) { try route(map, "de", "en") }
        // Through English by the same model.
        let legs = try map.route(from: tag("sv"), to: tag("fr"))
        #expect(legs.map(\.pair.description) == ["sv to en", "en to fr"])
        #expect(legs.map(\.model) == ["m", "m"])
        #expect(map.targets(of: try tag("sv")).map(\.description) == ["de", "en", "fr", "sv"])
    }

    @Test("two models of several languages meet in English")
    func severalPivot() throws {
        let map = ModelMap([model("from", (["en"], ["fr", "it"])), model("into", (["de", "es"], ["en"]))])
        let legs = try map.route(from: tag("es"), to: tag("it"))
        #expect(
            legs.map(\.selection) == [
                .model("into", LanguageSelection(source: "es", target: "en")),
                .model("from", LanguageSelection(source: "en", target: "it")),
            ])
        #expect(map.targets(of: try tag("de")).map(\.description) == ["de", "en", "fr", "it"])
    }

    @Test("what reads any language reads those that have a name, and those that are named go first")
    func any() throws {
        let madlad = model("madlad", ([], ["en", "fr"]))
        let map = ModelMap([madlad])
        #expect(map.sources.map(\.description) == ["en", "fr"])
        let leg = try map.route(from: tag("swe"), to: tag("fr"))
        #expect(leg.map(\.selection) == [.model("madlad", LanguageSelection(source: "sv", target: "fr"))])
        let unknown = #expect(throws: GatewayError.self) { try route(map, "xx", "fr") }
        #expect(unknown?.kind == .unknownLanguage)
        let both = ModelMap([madlad, model("nllb", (["sv"], ["fr"]))])
        #expect(try route(both, "sv", "fr") == ["nllb"])
        #expect(both.sources.map(\.description) == ["en", "fr", "sv"])
    }

    @Test("languages of a model's own making have no name that a client could say")
    func ownMaking() {
        let map = ModelMap([model("plbart", (["en_XX", "language of signs"], ["en"])), model("x", (["<a>"], ["en"]))])
        #expect(map.sources.map(\.description) == ["en-XX"])
    }

    @Test("hundreds of languages are listed with all their targets")
    func many() throws {
        let codes = LanguageTag.all.sorted()
        let map = ModelMap([model("nllb", (codes, codes)), model("madlad", ([], codes))])
        #expect(map.languages.count > 200)
        for source in map.languages { #expect(map.targets(of: source) == map.languages) }
    }
}
