import JobModel
import Testing

@Suite("Sets of languages are shown in a few words")
struct LanguageSetTests {
    @Test(
        arguments: [
            (["en"], ["fr"], "en to fr"), (["en"], ["de", "fr", "ro"], "en to de, fr, ro"),
            (["de", "en"], ["de", "en"], "de, en to de, en"), ([], ["a", "b", "c", "d"], "any to 4 languages"),
            (["a", "b", "c", "d"], ["a", "b", "c", "d"], "all pairs of 4 languages"),
        ] as [([String], [String], String)])
    func one(source: [String], target: [String], text: String) {
        #expect(LanguageSet(source: source, target: target).text(between: " to ") == text)
    }

    @Test func several() {
        let sets = ["a", "b", "c", "d", "e"].map { LanguageSet(source: [$0], target: ["x"]) }
        #expect(LanguageSet.text(Array(sets.prefix(2)), between: " → ") == "a → x; b → x")
        #expect(LanguageSet.text(sets, between: " → ") == "a → x; b → x; c → x; and 2 others")
    }

    @Test("an offer of one pair is as older releases say it, and of several one that they leave alone")
    func offers() {
        let pair = ModelOffer(name: "m", sets: [LanguageSet(source: ["en"], target: ["fr"])])
        #expect(pair == ModelOffer(name: "m", sourceLanguage: "en", targetLanguage: "fr"))
        let targets = ModelOffer(name: "m", sets: [LanguageSet(source: ["en"], target: ["fr", "it"])])
        #expect(targets.sourceLanguage == "en" && targets.targetLanguage == "")
        #expect(targets.sets == [LanguageSet(source: ["en"], target: ["fr", "it"])])
        #expect(ModelOffer(name: "m", sourceLanguage: "en").sets == [])
    }
}
