import Dispatching
import JobModel
import Testing

@Suite("A job that names languages finds the nearest model")
struct LanguageSelectionTests {
    private func resolve(_ source: String, _ target: String, _ offers: [ModelOffer]) -> Result<String, Rejection> {
        var catalogue = Catalogue()
        for offer in offers { _ = catalogue.add(offer, by: 0, at: 1) { _ in true } }
        return catalogue.resolve(
            .languages(source: source, target: target), standard: nil, retryAfter: 1000, isOffered: { _ in true })
    }

    private static let offers = [
        ModelOffer(name: "a", sourceLanguage: "eng", targetLanguage: "fra"),
        ModelOffer(name: "b", sourceLanguage: "en", targetLanguage: "pt"),
        ModelOffer(name: "c", sourceLanguage: "en", targetLanguage: "pt-BR"),
        ModelOffer(name: "d", sourceLanguage: "en", targetLanguage: "zho_Hant"),
        ModelOffer(name: "e", sourceLanguage: "fr", targetLanguage: "es-ES"),
        ModelOffer(name: "f", sourceLanguage: "fr", targetLanguage: "es-MX"),
        ModelOffer(name: "g", sourceLanguage: "fr", targetLanguage: "EN"),
        ModelOffer(name: "h", sourceLanguage: "fra", targetLanguage: "en"),
        ModelOffer(name: "i", sourceLanguage: "klingon!", targetLanguage: "en"),
    ]

    @Test(
        "any spelling is the same language, and the nearest region is taken",
        arguments: [
            ("EN", "FR", "a"), ("en-US", "fr-FR", "a"), ("eng", "fre", "a"), ("eng_Latn", "fra_Latn", "a"),
            ("en", "pt", "b"), ("en", "pt_PT", "b"), ("en", "pt-br", "c"), ("en-GB", "zh-TW", "d"),
            ("fr", "en", "g"), ("fr", "es-mx", "f"), ("klingon!", "en", "i"),
        ])
    func nearest(source: String, target: String, name: String) throws {
        #expect(try resolve(source, target, Self.offers).get() == name)
    }

    @Test("what is not there, or not one, is refused with what there is")
    func refused() {
        func rejection(_ source: String, _ target: String) -> Rejection? {
            if case .failure(let rejection) = resolve(source, target, Self.offers) { rejection } else { nil }
        }
        #expect(rejection("en", "zh-CN")?.code == .unsupported)
        #expect(rejection("en", "de")?.message.contains("a (en to fr)") == true)
        #expect(rejection("fr", "es")?.code == .invalid)
        #expect(rejection("fr", "es")?.message.contains("e (fr to es-ES), f (fr to es-MX)") == true)
        #expect(rejection("English", "fr")?.message.contains("\"English\" is not a language") == true)
    }

    @Test("an offer is listed with its languages as everyone writes them, and is not new when only spelt otherwise")
    func canonicalOffers() {
        var catalogue = Catalogue()
        let isNew = [("eng", "fra"), ("EN", "fre"), ("en", "de")].map { source, target in
            let offer = ModelOffer(name: "m", sourceLanguage: source, targetLanguage: target)
            return catalogue.add(offer, by: 0, at: 1, isInUse: { _ in true })?.isNews ?? false
        }
        #expect(isNew == [true, false, true])
        #expect(catalogue.offers == [ModelOffer(name: "m", sourceLanguage: "en", targetLanguage: "de")])
    }
}
