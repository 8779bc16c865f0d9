import Gateway
import Testing

@Suite("Google's interface")
struct GoogleTests {
    private let asking = Asking(TestGateway.make(TestDesk()))

    @Test("texts are translated, by the query and by JSON")
    func texts() async {
        #expect(
            await asking.ask("GET", "/language/translate/v2?q=a&q=b&target=fr&source=en&key=x")
                == (
                    200,
                    #"{"data":{"translations":[{"model":"nmt","translatedText":"en-fr: a"},{"model":"nmt","translatedText":"en-fr: b"}]}}"#
                ))
        let detected = await asking.ask(
            "POST", "/language/translate/v2", json: #"{"q": "a", "target": "fr", "format": "text"}"#)
        #expect(detected.body.contains(#""detectedSourceLanguage":"en""#))
    }

    @Test("a format that is not known, and what is missing, is said in Google's way")
    func faults() async {
        let markup = #"{"q": "<b>a</b>", "target": "fr"}"#
        #expect(await asking.ask("POST", "/language/translate/v2", json: markup).status == 200)
        let other = #"{"q": "a", "target": "fr", "format": "rtf"}"#
        #expect(await asking.ask("POST", "/language/translate/v2", json: other).status == 400)
        let missing = await asking.ask("GET", "/language/translate/v2?q=a")
        #expect(missing.status == 400)
        #expect(missing.body.contains(#""message":"Required parameter: target""#))
        #expect(missing.body.contains(#""code":400"#))
    }

    @Test("languages and detection have Google's shape")
    func rest() async {
        #expect(
            await asking.ask("GET", "/language/translate/v2/languages?target=en")
                == (
                    200,
                    #"{"data":{"languages":[{"language":"en","name":"English"},{"language":"fr","name":"French"}]}}"#
                ))
        let detection = await asking.ask(
            "POST", "/language/translate/v2/detect", json: #"{"q": ["The weather is nice today."]}"#)
        #expect(detection.body.hasPrefix(#"{"data":{"detections":[[{"confidence":"#))
    }
}
