import Gateway
import JobModel
import Testing

/// Documents of other formats than plain text, by the interfaces of LibreTranslate and DeepL.
@Suite("Documents")
struct DocumentTests {
    private let desk = TestDesk()
    private let subtitles =
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n- Good\r\nday.\r\n"
    private let translated =
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nen-fr: Hello.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n- en-fr:\r\nGood day.\r\n"

    private func post(
        _ path: String, _ gateway: Gateway, _ name: String, _ content: String, fields: [String: String]
    ) async -> (status: Int, body: String) {
        let parts = fields.map { "--XX\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
        let body = """
            \(parts)--XX\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\r\n\(content)\r\n--XX--\r\n
            """
        let request = WebRequest(
            "POST", path, headers: ["content-type": "multipart/form-data; boundary=XX"], body: Array(body.utf8))
        let response = await gateway.answer(request)
        return (response.status, String(decoding: response.bytes, as: UTF8.self))
    }

    private func member(_ name: String, _ body: String) throws -> String {
        guard case .object(let members) = try JSONValue(Array(body.utf8)), case .string(let value)? = members[name]
        else {
            throw GatewayError(.invalid, "there is no \(name) in \(body)")
        }
        return value
    }

    @Test("a file comes back from LibreTranslate's interface in its own format, and its texts are one job")
    func libreTranslate() async throws {
        let gateway = TestGateway.make(desk)
        let answer = await post(
            "/translate_file", gateway, "film.srt", subtitles, fields: ["source": "en", "target": "fr"])
        let path = try #require(try member("translatedFileUrl", answer.body).split(separator: "/").last)
        #expect(path.hasSuffix(".srt"))
        #expect(desk.jobs.map(\.sources) == [[.text("Hello."), .text("Good day.")]])
        let response = await gateway.answer(WebRequest("GET", "/download_file/\(path)", headers: [:], body: []))
        #expect(response.status == 200)
        #expect(String(decoding: response.bytes, as: UTF8.self) == translated)
        // Another gateway does not have the file.
        let other = await Asking(TestGateway.make(desk)).ask("GET", "/download_file/\(path)")
        #expect(other.status == 404 && other.body.contains("send it again"))
    }

    @Test("and from DeepL's")
    func deepL() async throws {
        let gateway = TestGateway.make(desk)
        let answer = await post("/v2/document", gateway, "film.srt", subtitles, fields: ["target_lang": "FR"])
        let id = try member("document_id", answer.body), key = try member("document_key", answer.body)
        let asking = Asking(gateway)
        #expect(
            try member("status", await asking.ask("POST", "/v2/document/\(id)", form: "document_key=\(key)").body)
                == "done")
        #expect(await asking.ask("POST", "/v2/document/\(id)/result", form: "document_key=\(key)") == (200, translated))
        let wanted = ["target_lang": "FR", "output_format": "pdf"]
        #expect(await post("/v2/document", gateway, "film.srt", subtitles, fields: wanted).status == 400)
    }

    @Test(
        "what is no document of its format is refused, and what it says is not repeated",
        arguments: [
            ("a.srt", "Secret."), ("a.po", "msgid Secret"), ("a.json", "{\"Secret\"}"), ("a.docx", "PK"),
            ("a.exe", "MZ"), ("a.srt", ""),
        ])
    func faults(name: String, content: String) async {
        let gateway = TestGateway.make(desk)
        let answer = await post("/translate_file", gateway, name, content, fields: ["source": "en", "target": "fr"])
        #expect(answer.status == 400)
        #expect(answer.body.contains("Invalid request: ") && !answer.body.contains("Secret"))
        #expect(desk.jobs.isEmpty)
    }

    @Test("the settings list what names may end in")
    func settings() async {
        let settings = await Asking(TestGateway.make(desk)).ask("GET", "/frontend/settings")
        #expect(
            settings.body.contains("\".txt\"") && settings.body.contains("\".srt\"")
                && settings.body.contains("\".docx\""))
    }
}
