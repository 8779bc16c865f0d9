import Gateway
import Languages
import Testing

@Suite("Which language a text is in")
struct LanguageDetectorTests {
    private let detector = LanguageDetector()

    private func tags(_ texts: String...) -> [LanguageTag] { texts.compactMap { LanguageTag($0) } }

    @Test(
        "plain sentences are recognised",
        arguments: [
            ("en", "The weather is very nice today, and we are going for a walk."),
            ("fr", "Il fait très beau aujourd'hui, et nous allons nous promener."),
            ("de", "Das Wetter ist heute sehr schön, und wir gehen spazieren."),
            ("es", "Hoy hace muy buen tiempo y vamos a dar un paseo."),
            ("ru", "Сегодня очень хорошая погода, и мы идём гулять."),
            ("zh", "今天天气很好，我们去散步。"),
            ("he", "מזג האוויר יפה מאוד היום, ואנחנו הולכים לטייל."),
        ])
    func sentences(language: String, text: String) {
        let candidates = tags("en", "fr", "de", "es", "ru", "zh", "he")
        let guess = detector.guess(text, among: candidates)
        #expect(guess?.language.description == language)
        #expect((guess?.confidence ?? 0) > 50)
    }

    @Test("only the languages at hand come into question")
    func restricted() {
        let guess = detector.guess(
            "Das Wetter ist heute sehr schön, und wir gehen spazieren.", among: tags("en", "fr"))
        #expect(guess?.language.description == "en")
        #expect(guess?.confidence == 0)
    }

    @Test("without English the first stands in; without any language there is no guess")
    func fallback() {
        #expect(detector.guess("12345", among: tags("fr", "de"))?.language.description == "fr")
        #expect(detector.guess("Hello", among: []) == nil)
    }

    @Test(
        "odd texts are no trouble",
        arguments: ["", " ", "\0", "\u{FFFD}", "😀😀", String(repeating: "é", count: 200_000)])
    func odd(text: String) {
        #expect(detector.guess(text, among: tags("en", "fr")) != nil)
    }
}
