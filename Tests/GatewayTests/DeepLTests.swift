import Gateway
import JobModel
import Testing

@Suite("DeepL's interface")
struct DeepLTests {
    private let desk = TestDesk()

    private func ask(
        _ path: String, json: String? = nil, form: String? = nil
    ) async -> (status: Int, body: String) {
        await Asking(TestGateway.make(desk)).ask("POST", path, json: json, form: form)
    }

    private func get(_ path: String) async -> (status: Int, body: String) {
        await Asking(TestGateway.make(desk)).ask("GET", path)
    }

    @Test("texts come back in their order, by JSON and by a form")
    func texts() async {
        let expected = """
            {"translations":[{"detected_source_language":"EN","text":"en-fr: a"},\
            {"detected_source_language":"EN","text":"en-fr: b"}]}
            """
        let json =
            #"{"text": ["a", "b"], "source_lang": "EN", "target_lang": "FR", "split_sentences": "nonewlines", "preserve_formatting": true, "context": "c", "formality": "prefer_less", "model_type": "prefer_quality_optimized"}"#
        #expect(await ask("/v2/translate", json: json) == (200, expected))
        #expect(
            await ask("/v2/translate", form: "text=a&text=b&source_lang=EN&target_lang=fr&auth_key=x")
                == (200, expected))
    }

    @Test(
        "where sentences are split is told to the job",
        arguments: [
            ("0", SplitRule.nowhere, nil), ("1", nil, nil), ("nonewlines", nil, true), ("false", .nowhere, nil),
        ] as [(String, SplitRule?, Bool?)])
    func splitting(word: String, split: SplitRule?, paragraphs: Bool?) async {
        #expect(await ask("/v2/translate", form: "text=a&target_lang=FR&split_sentences=\(word)").status == 200)
        #expect(desk.jobs.last?.options.split == split)
        #expect(desk.jobs.last?.options.paragraphs == paragraphs)
    }

    @Test("tags are told to the job")
    func tags() async {
        let json = #"""
            {"text": ["<p>a <x>b</x></p>"], "target_lang": "FR", "source_lang": "EN", "tag_handling": "xml",
             "ignore_tags": ["x", "y"], "splitting_tags": "p, q", "non_splitting_tags": ["z"],
             "split_sentences": "nonewlines"}
            """#
        #expect(await ask("/v2/translate", json: json).status == 200)
        let options = desk.jobs.last?.options
        #expect(options?.markup == .xml)
        #expect(options?.ignoreTags == ["x", "y"])
        #expect(options?.splittingTags == ["p", "q"])
        #expect(options?.nonSplittingTags == ["z"])
        #expect(options?.paragraphs == nil)
        let form =
            "text=<p><a>a</a></p>&source_lang=EN&target_lang=FR&tag_handling=xml&splitting_tags=p&outline_detection=0"
        #expect(await ask("/v2/translate", form: form).status == 200)
        #expect(desk.jobs.last?.options.nonSplittingTags == ["a"])
    }

    @Test("billed characters are said where they are asked for")
    func characters() async {
        let answer = await ask(
            "/v2/translate",
            json: #"{"text": ["añ"], "target_lang": "FR", "source_lang": "EN", "show_billed_characters": true}"#)
        #expect(answer.body.contains(#""billed_characters":2"#))
    }

    @Test(
        "what cannot be had is refused in DeepL's way",
        arguments: [
            (#"{"target_lang": "FR"}"#, "Parameter 'text' not specified."),
            (#"{"text": ["a"]}"#, "Parameter 'target_lang' not specified."),
            (#"{"text": ["a"], "target_lang": "FR", "formality": "more"}"#, "'formality' is not supported"),
            (#"{"text": ["a"], "target_lang": "FR", "tag_handling": "rtf"}"#, "'tag_handling' not supported"),
            (
                #"{"text": ["<a>"], "target_lang": "FR", "tag_handling": "xml"}"#,
                "Tag handling parsing failed, please check input: line 1, column 1: <a> has no end"
            ),
            (#"{"text": ["a"], "target_lang": "FR", "style_id": "x"}"#, "'style_id' is not supported"),
            (#"{"text": ["a"], "target_lang": "FR", "glossary_id": "x"}"#, "Parameter 'source_lang' not specified."),
            (#"{"text": ["a"], "target_lang": "JA", "source_lang": "EN"}"#, "ja is not supported"),
            (#"{"text": ["a"], "target_lang": "FR", "split_sentences": "maybe"}"#, "'split_sentences' not supported"),
            ("{", "Invalid JSON format"),
        ])
    func faults(json: String, message: String) async {
        let answer = await ask("/v2/translate", json: json)
        #expect(answer.status == 400)
        #expect(answer.body.hasPrefix(#"{"message":""#))
        #expect(answer.body.contains(message))
    }

    @Test("languages are those that are read, or those that are written")
    func languages() async {
        #expect(await get("/v2/languages") == (200, #"[{"language":"EN","name":"English"}]"#))
        #expect(
            await get("/v2/languages?type=target")
                == (200, #"[{"language":"FR","name":"French","supports_formality":false}]"#))
        #expect(await get("/v2/languages?type=other").status == 400)
        let target = await Asking(TestGateway.make(desk)).ask("GET", "/v2/languages", form: "type=target")
        #expect(target.body.contains(#""language":"FR""#))
    }

    @Test("use is counted without a limit where there are no keys")
    func usage() async {
        #expect(
            await get("/v2/usage") == (200, #"{"character_count":0,"character_limit":1000000000000}"#))
    }

    private func upload(_ name: String, _ content: String) async -> (status: Int, body: String) {
        let body = """
            --XX\r\nContent-Disposition: form-data; name="target_lang"\r\n\r\nFR\r\n\
            --XX\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\r\n\(content)\r\n--XX--\r\n
            """
        let request = WebRequest(
            "POST", "/v2/document", headers: ["content-type": "multipart/form-data; boundary=XX"],
            body: Array(body.utf8))
        let response = await TestGateway.make(desk).answer(request)
        return (response.status, String(decoding: response.bytes, as: UTF8.self))
    }

    private func members(_ body: String) throws -> [String: JSONValue] {
        guard case .object(let members) = try JSONValue(Array(body.utf8)) else { return [:] }
        return members
    }

    @Test("a document is a job, whose key must be shown, and which another gateway knows too")
    func document() async throws {
        let answer = try members(await upload("letter.txt", "Hello.\n\nGood-bye.\n").body)
        guard case .string(let id)? = answer["document_id"], case .string(let key)? = answer["document_key"] else {
            throw GatewayError(.invalid, "the document has no id or key")
        }
        #expect(desk.jobs.last?.id.description == id)
        let state = try members(await ask("/v2/document/\(id)", json: #"{"document_key": "\#(key)"}"#).body)
        #expect(state["status"] == .string("done"))
        let result = await ask("/v2/document/\(id)/result", form: "document_key=\(key)")
        #expect(result == (200, "en-fr: Hello.\n\nGood-bye.\n"))
        for path in [
            "/v2/document/\(id)", "/v2/document/\(id)/result", "/v2/document/x", "/v2/document/\(JobID.random())",
        ] {
            #expect(await ask(path, form: "document_key=wrong").status == 404)
        }
    }

    @Test("other kinds of files are refused")
    func otherFiles() async {
        #expect(await upload("letter.exe", "MZ").status == 400)
        #expect(await upload("letter.txt", "").status == 400)
    }
}
