import Gateway
import JobModel
import Testing

@Suite("LibreTranslate's interface")
struct LibreTranslateTests {
    private func gateway(_ desk: TestDesk = TestDesk(), _ settings: Gateway.Settings = Gateway.Settings()) -> Gateway {
        TestGateway.make(desk, settings)
    }

    private func post(
        _ path: String, form: String, to gateway: Gateway? = nil
    ) async -> (status: Int, body: String) {
        let headers = ["content-type": "application/x-www-form-urlencoded"]
        return await ask(WebRequest("POST", path, headers: headers, body: Array(form.utf8)), gateway)
    }

    private func post(
        _ path: String, json: String, to gateway: Gateway? = nil
    ) async -> (status: Int, body: String) {
        let headers = ["content-type": "application/json; charset=utf-8"]
        return await ask(WebRequest("POST", path, headers: headers, body: Array(json.utf8)), gateway)
    }

    private func ask(_ request: WebRequest, _ gateway: Gateway? = nil) async -> (status: Int, body: String) {
        let response = await (gateway ?? self.gateway()).answer(request)
        return (response.status, String(decoding: response.bytes, as: UTF8.self))
    }

    @Test("a text comes back as a text, by JSON, by a form and by the query")
    func oneText() async {
        let expected = #"{"translatedText":"en-fr: Hello & good-bye"}"#
        let json = await post("/translate", json: #"{"q": "Hello & good-bye", "source": "en", "target": "fr"}"#)
        #expect(json == (200, expected))
        let form = await post("/translate", form: "q=Hello+%26+good-bye&source=en&target=fr&format=text&api_key=")
        #expect(form == (200, expected))
        let query = await ask(WebRequest("POST", "/translate?q=Hello+%26%20good-bye&source=en&target=fr"))
        #expect(query == (200, expected))
    }

    @Test("a list comes back as a list, in its order, as one job")
    func list() async {
        let desk = TestDesk()
        let answer = await post(
            "/translate", json: #"{"q": ["a", "", "b"], "source": "en", "target": "fr"}"#, to: gateway(desk))
        #expect(answer == (200, #"{"translatedText":["en-fr: a","en-fr: ","en-fr: b"]}"#))
        #expect(desk.jobs.count == 1)
        #expect(desk.jobs.first?.priority == 2)
    }

    @Test("the language is found out, and said")
    func detected() async {
        let gateway = gateway(TestDesk([("en", "fr"), ("de", "fr")]))
        let answer = await post(
            "/translate",
            json:
                #"{"q": "Das Wetter ist heute sehr schön, und wir gehen spazieren.", "source": "auto", "target": "fr"}"#,
            to: gateway)
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""detectedLanguage":{"confidence":"#))
        #expect(answer.body.contains(#""language":"de""#))
        #expect(answer.body.contains("de-fr: Das Wetter"))
    }

    @Test("alternatives are the other hypotheses")
    func alternatives() async {
        let answer = await post("/translate", json: #"{"q": "a", "source": "en", "target": "fr", "alternatives": 2}"#)
        #expect(answer == (200, #"{"alternatives":["en-fr 1: a","en-fr 2: a"],"translatedText":"en-fr: a"}"#))
    }

    @Test("a text goes through two models where one is not enough, and the answer names them")
    func pivot() async {
        let gateway = gateway(TestDesk([("de", "en"), ("en", "fr")]))
        let response = await gateway.answer(
            WebRequest("POST", "/translate?q=Hallo&source=de&target=fr"))
        #expect(String(decoding: response.bytes, as: UTF8.self) == #"{"translatedText":"en-fr: de-en: Hallo"}"#)
        #expect(response.headers.first { $0.name == "dragoman-models" }?.value == "de-en, en-fr")
    }

    private static let several: [(name: String, set: LanguageSet)] = [
        ("from", LanguageSet(source: ["en"], target: ["fr", "it"])),
        ("into", LanguageSet(source: ["de", "es"], target: ["en"])),
    ]

    @Test("models of several languages are told the pair, alone and one after the other")
    func severalLanguages() async {
        let gateway = gateway(TestDesk(several: Self.several))
        let one = await post("/translate", form: "q=Hello&source=en&target=it", to: gateway)
        #expect(one == (200, #"{"translatedText":"from from en to it: Hello"}"#))
        let two = await post("/translate", form: "q=Hola&source=es&target=fr", to: gateway)
        #expect(two == (200, #"{"translatedText":"from from en to fr: into from es to en: Hola"}"#))
        let languages = await ask(WebRequest("GET", "/languages"), gateway)
        #expect(languages.body.contains(#"{"code":"de","name":"German","targets":["de","en","fr","it"]}"#))
        #expect(await ask(WebRequest("GET", "/frontend/settings"), gateway).body.contains(#""code":"fr""#))
    }

    @Test("texts of several languages, each found out, are jobs of each pair, and come back in their order")
    func severalDetected() async {
        let desk = TestDesk(several: Self.several)
        let texts = [
            "Das Wetter ist heute sehr schön, und wir gehen spazieren.",
            "The weather is very nice today, and we are going for a walk.",
            "Hoy hace muy buen tiempo y vamos a dar un paseo por el parque.",
        ]
        let list = texts.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = await post(
            "/translate", json: #"{"q": [\#(list)], "source": "auto", "target": "it"}"#, to: gateway(desk))
        #expect(answer.status == 200)
        for text in [
            "from from en to it: into from de to en: \(texts[0])", "from from en to it: \(texts[1])",
            "from from en to it: into from es to en: \(texts[2])",
        ] { #expect(answer.body.contains(text)) }
        #expect(desk.jobs.count == 5)
    }

    @Test("while no worker offers a model, clients are told to come again")
    func noModels() async {
        let answer = await post("/translate", form: "q=a&source=en&target=fr", to: gateway(TestDesk([])))
        #expect(answer.status == 503)
        #expect(answer.body.contains("no worker offers a model"))
    }

    @Test(
        "what is missing or wrong is said as LibreTranslate says it",
        arguments: [
            ("", 400, "Invalid request: missing q parameter"),
            ("q=a", 400, "Invalid request: missing source parameter"),
            ("q=a&source=en", 400, "Invalid request: missing target parameter"),
            ("q=a&source=en&target=xx", 400, "xx is not supported"),
            ("q=a&source=%22&target=fr", 400, #"\" is not supported"#),
            ("q=a&source=fr&target=en", 400, "English (en) is not available as a target language from French (fr)"),
            ("q=a&source=en&target=fr&format=pdf", 400, "pdf format is not supported"),
            ("q=a&source=en&target=fr&alternatives=x", 400, "Invalid request: alternatives parameter is not a number"),
            ("q=a&source=en&target=fr&alternatives=99", 400, "Invalid request: alternatives parameter must be <= 9"),
            ("q=%FF&source=en&target=fr", 400, "a form must be UTF-8"),
        ])
    func faults(form: String, status: Int, message: String) async {
        #expect(await post("/translate", form: form) == (status, #"{"error":"\#(message)"}"#))
    }

    @Test(
        "broken JSON is a wrong request",
        arguments: ["", "[]", "{", "null", #"{"q": {}}"#, #"{"q": [1], "source": "en", "target": "fr"}"#])
    func brokenJSON(body: String) async {
        #expect(await post("/translate", json: body).status == 400)
    }

    @Test("html is told to the job; other formats are refused")
    func markup() async {
        let desk = TestDesk()
        let json = #"{"q": "<b>a</b>", "source": "en", "target": "fr", "format": "html"}"#
        #expect(await post("/translate", json: json, to: gateway(desk)).status == 200)
        #expect(desk.jobs.last?.options.markup == .html)
        let answer = await post("/translate", form: "q=a&source=en&target=fr&format=rtf")
        #expect(answer.status == 400)
        #expect(answer.body.contains("rtf format is not supported"))
    }

    @Test("too much is refused with both numbers")
    func limits() async {
        var settings = Gateway.Settings()
        settings.charactersMaximum = 5
        settings.textsMaximum = 2
        let gateway = gateway(TestDesk(), settings)
        #expect(
            await post("/translate", form: "q=abcdef&source=en&target=fr", to: gateway)
                == (400, #"{"error":"Invalid request: request (6) exceeds text limit (5)"}"#))
        #expect(
            await post("/translate", json: #"{"q": ["a","b","c"], "source": "en", "target": "fr"}"#, to: gateway)
                == (400, #"{"error":"Invalid request: request (3) exceeds text limit (2)"}"#))
    }

    @Test("what comes of the job is told")
    func outcomes() async {
        func answer(_ state: JobState) async -> (status: Int, body: String) {
            let desk = TestDesk { job throws(GatewayError) in
                var record = Record(sequence: 1, job: job.id, state: state)
                record.failure = Failure("bad", "it is hopeless")
                return record
            }
            return await post("/translate", form: "q=a&source=en&target=fr", to: gateway(desk))
        }
        #expect(await answer(.expired).status == 504)
        #expect(
            await answer(.dead) == (
                500, #"{"error":"Cannot translate text: the text cannot be translated: it is hopeless"}"#
            ))
        let full = TestDesk { _ throws(GatewayError) in throw GatewayError(.unavailable, "the queue is full") }
        let refused = await gateway(full).answer(WebRequest("POST", "/translate?q=a&source=en&target=fr"))
        #expect(refused.status == 503)
        #expect(refused.headers.contains { $0.name == "retry-after" })
    }

    @Test("languages are listed with what they can be translated into")
    func languages() async {
        #expect(
            await ask(WebRequest("GET", "/languages"))
                == (
                    200,
                    #"[{"code":"en","name":"English","targets":["en","fr"]},{"code":"fr","name":"French","targets":["fr"]}]"#
                ))
    }

    @Test("detection answers a list, the likeliest first")
    func detect() async {
        let answer = await post("/detect", form: "q=The+weather+is+very+nice+today%2C+and+we+go+for+a+walk.")
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""language":"en""#))
        #expect(await post("/detect", form: "") == (400, #"{"error":"Invalid request: missing q parameter"}"#))
    }

    @Test("the rest is there: health, settings, specification, and no suggestions")
    func rest() async throws {
        #expect(await ask(WebRequest("GET", "/health")) == (200, #"{"status":"ok"}"#))
        #expect(await ask(WebRequest("GET", "/frontend/settings")).body.contains(#""charLimit":-1"#))
        #expect(await post("/suggest", form: "q=a").status == 403)
        let spec = await ask(WebRequest("GET", "/spec"))
        guard case .object(let members) = try JSONValue(Array(spec.body.utf8)),
            case .object(let info)? = members["info"]
        else { throw GatewayError(.invalid, "the specification has no info") }
        #expect(info["title"] == .string("LibreTranslate"))
    }

    @Test("what is not there, and what is not for a path, is said with what is")
    func routing() async {
        #expect(await ask(WebRequest("GET", "/nothing")).status == 404)
        #expect(await ask(WebRequest("GET", "/%FF")).status == 400)
        let response = await gateway().answer(WebRequest("DELETE", "/translate"))
        #expect(response.status == 405)
        #expect(response.headers.contains { $0.name == "allow" && $0.value == "POST, OPTIONS" })
    }

    @Test("pages of other origins may ask")
    func crossOrigin() async {
        for request in [WebRequest("OPTIONS", "/translate"), WebRequest("GET", "/languages"), WebRequest("GET", "/no")]
        {
            let response = await gateway().answer(request)
            #expect(response.headers.contains { $0.name == "access-control-allow-origin" && $0.value == "*" })
        }
    }

    @Test("many texts are several jobs, and come back in their order")
    func parts() async throws {
        var settings = Interpreter.Settings()
        settings.textsPerJob = 3
        settings.bytesPerJob = 40
        let desk = TestDesk()
        let texts = (0..<10).map { String(repeating: "x", count: $0 * 5) + "\($0)" }
        let request = Interpreter.Request(texts, from: "en", to: "fr")
        let renderings = try await Interpreter(desk, settings: settings).translate(request)
        #expect(renderings.map(\.text) == texts.map { "en-fr: \($0)" })
        #expect(desk.jobs.count > 3)
        for job in desk.jobs { #expect(job.sources.count <= 3 && (job.byteCount <= 40 || job.sources.count == 1)) }
    }
}
