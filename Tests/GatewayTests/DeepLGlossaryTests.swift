import DragomanClient
import Foundation
import Gateway
import JobModel
import TestKit
import Testing

@Suite("DeepL's glossaries")
struct DeepLGlossaryTests {
    private let desk = TestDesk([("en", "fr"), ("fr", "de")])

    private func ask(
        _ method: String, _ path: String, json: String? = nil, form: String? = nil
    ) async -> (status: Int, body: String) {
        await Asking(TestGateway.make(desk)).ask(method, path, json: json, form: form)
    }

    private func object(_ body: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }

    private func add(
        _ name: String = "shop", _ entries: String = "cat\\tchat\\nAcme\\tAcme", _ format: String = "tsv"
    ) async throws -> String {
        let answer = await ask(
            "POST", "/v2/glossaries",
            json: """
                {"name": "\(name)", "source_lang": "EN", "target_lang": "fr", "entries": "\(entries)", \
                "entries_format": "\(format)"}
                """)
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(try object(answer.body)["glossary_id"] as? String)
    }

    @Test("are added, listed, read and removed")
    func life() async throws {
        let id = try await add()
        let expected =
            #"{"creation_time":"2023-11-14T22:13:20.000Z","entry_count":2,"glossary_id":"\#(id)","name":"shop","ready":true,"source_lang":"en","target_lang":"fr"}"#
        #expect(await ask("GET", "/v2/glossaries/\(id)") == (200, expected))
        #expect(await ask("GET", "/v2/glossaries") == (200, #"{"glossaries":[\#(expected)]}"#))
        #expect(await ask("GET", "/v2/glossaries/\(id)/entries") == (200, "cat\tchat\nAcme\tAcme"))
        #expect(await ask("DELETE", "/v2/glossaries/\(id)") == (204, ""))
        #expect(await ask("DELETE", "/v2/glossaries/\(id)").status == 404)
        #expect(await ask("GET", "/v2/glossaries/\(id)/entries").status == 404)
        #expect(await ask("GET", "/v2/glossaries") == (200, #"{"glossaries":[]}"#))
    }

    @Test("a name that there is gets a number, so that the older one can be removed")
    func namesakes() async throws {
        let first = try await add(), second = try await add("shop", "dog,chien", "csv")
        #expect(first != second)
        #expect(await ask("DELETE", "/v2/glossaries/\(first)").status == 204)
        #expect(await ask("GET", "/v2/glossaries/\(second)").body.contains(#""name":"shop (2)""#))
        #expect(await ask("GET", "/v2/glossaries/\(second)/entries") == (200, "dog\tchien"))
        let long = String(repeating: "é", count: 64)
        let ids = [try await add(long), try await add(long)]
        #expect(ids[0] != ids[1])
        #expect(try await desk.glossaries().map(\.name).suffix(2) == [long, long.dropLast(2) + " (2)"])
    }

    @Test("texts and documents are translated with them, by their ids or names")
    func translating() async throws {
        let id = try await add()
        for named in [id, id.uppercased(), "shop"] {
            let json = #"{"text": ["a"], "source_lang": "EN", "target_lang": "FR", "glossary_id": "\#(named)"}"#
            #expect(await ask("POST", "/v2/translate", json: json).status == 200)
            #expect(desk.jobs.last?.glossaryName == "shop")
        }
        #expect(await ask("POST", "/v2/translate", form: "text=a&source_lang=EN&target_lang=FR").status == 200)
        #expect(desk.jobs.last?.glossaryName == nil)
    }

    @Test(
        "what cannot be is refused",
        arguments: [
            (
                #"{"text": ["a"], "source_lang": "EN", "target_lang": "FR", "glossary_id": "none"}"#, 404,
                "Glossary not found"
            ),
            (#"{"text": ["a"], "target_lang": "FR", "glossary_id": "shop"}"#, 400, "'source_lang' not specified"),
            (
                #"{"text": ["a"], "source_lang": "FR", "target_lang": "DE", "glossary_id": "shop"}"#, 400,
                "is from en to fr"
            ),
        ])
    func refusedTexts(json: String, status: Int, message: String) async throws {
        _ = try await add()
        let answer = await ask("POST", "/v2/translate", json: json)
        #expect(answer.status == status && answer.body.contains(message), "\(answer.body)")
    }

    @Test(
        "a glossary that cannot be is refused, and says why",
        arguments: [
            (
                #"{"source_lang": "en", "target_lang": "fr", "entries": "a\tb", "entries_format": "tsv"}"#,
                "'name' not specified"
            ),
            (
                #"{"name": "x", "source_lang": "en", "target_lang": "fr", "entries": "a\tb", "entries_format": "xls"}"#,
                "'entries_format' not supported: xls"
            ),
            (
                #"{"name": "x", "source_lang": "en", "target_lang": "fr", "entries": "a\tb\na\tc", "entries_format": "tsv"}"#,
                "entries: line 2: \\\"a\\\" has two targets"
            ),
            (
                #"{"name": "x", "source_lang": "english", "target_lang": "fr", "entries": "a\tb", "entries_format": "tsv"}"#,
                "'source_lang' not supported: english"
            ),
        ])
    func refused(json: String, message: String) async {
        let answer = await ask("POST", "/v2/glossaries", json: json)
        #expect(answer.status == 400 && answer.body.contains(message), "\(answer.body)")
    }

    @Test("pages of other origins and names that lead here may not touch them, and may translate with them")
    func origins() async throws {
        let id = try await add()
        let gateway = TestGateway.make(desk)
        let body =
            #"{"name": "x", "source_lang": "en", "target_lang": "fr", "entries": "a\tb", "entries_format": "tsv"}"#
        for headers in [
            ["sec-fetch-site": "cross-site"], ["origin": "http://evil.example", "host": "127.0.0.1:5000"],
            ["host": "evil.example:5000"],
        ] {
            for (method, path) in [
                ("GET", "/v2/glossaries"), ("GET", "/v2/glossaries/\(id)"), ("GET", "/v2/glossaries/\(id)/entries"),
                ("DELETE", "/v2/glossaries/\(id)"),
            ] {
                #expect(await Asking(gateway).ask(method, path, headers: headers).status == 403)
            }
            #expect(await Asking(gateway).ask("POST", "/v2/glossaries", json: body, headers: headers).status == 403)
            let text = #"{"text": ["a"], "source_lang": "EN", "target_lang": "FR", "glossary_id": "\#(id)"}"#
            #expect(await Asking(gateway).ask("POST", "/v2/translate", json: text, headers: headers).status == 200)
        }
        #expect(try await desk.glossaries().map(\.name) == ["shop"])
        for (path, isOpen) in [
            ("/v2/glossaries", false), ("/v2/glossaries/\(id)", false), ("/v2/%67lossaries/\(id)/entries", false),
            ("/v2/glossary-language-pairs", true), ("/v2/translate", true),
        ] {
            for method in ["OPTIONS", "GET"] {
                let response = await gateway.answer(WebRequest(method, path, headers: [:], body: []))
                let open = response.headers.contains { $0.0 == "access-control-allow-origin" }
                #expect(open == isOpen, "\(method) \(path)")
                #expect(
                    !response.headers.contains { $0.0 == "access-control-allow-methods" && $0.1.contains("DELETE") })
            }
        }
    }

    @Test("a key needs the role for glossaries, and none to translate with one")
    func roles() async throws {
        let id = try await add()
        let folder = try TemporaryFolder()
        let keys = [("reader", "translate"), ("keeper", "glossaries"), ("operator", "jobs,dead,results,status")]
        let file = try folder.write("keys", keys.map { "\(KeyRing.digest(of: $0.0)) \($0.0) \($0.1)\n" }.joined())
        let asking = Asking(TestGateway.make(desk, access: try Access(file: file)), folder: folder)
        let text = #"{"text": ["a"], "source_lang": "EN", "target_lang": "FR", "glossary_id": "\#(id)"}"#
        for (key, glossaries, texts) in [("reader", 403, 200), ("operator", 403, 403), ("keeper", 200, 403)] {
            let headers = ["authorization": "DeepL-Auth-Key \(key)"]
            #expect(await asking.ask("GET", "/v2/glossaries", headers: headers).status == glossaries)
            #expect(await asking.ask("GET", "/v2/glossaries/\(id)/entries", headers: headers).status == glossaries)
            #expect(await asking.ask("POST", "/v2/translate", json: text, headers: headers).status == texts)
            let removed = await asking.ask("DELETE", "/v2/glossaries/\(id)", headers: headers).status
            #expect(removed == (glossaries == 200 ? 204 : 403))
        }
    }

    @Test("that the tenant may have no more is a quota; one may be removed with a content type and no content")
    func quota() async throws {
        let full = ClientError.fault(Fault(.tooLarge, "this tenant may have 1 glossary"), from: "tcp://broker")
        #expect(GatewayError(keeping: full).kind == .quotaUsed)
        #expect(GatewayError(keeping: ClientError(.tooLarge, "too large a message")).kind == .tooLarge)
        let refusing = TestDesk([("en", "fr")], keepingFailure: GatewayError(keeping: full))
        let body =
            #"{"name": "x", "source_lang": "en", "target_lang": "fr", "entries": "a\tb", "entries_format": "tsv"}"#
        let answer = await Asking(TestGateway.make(refusing)).ask("POST", "/v2/glossaries", json: body)
        #expect(answer.status == 456 && answer.body.contains("may have 1 glossary"), "\(answer.body)")
        let id = try await add()
        #expect(await ask("DELETE", "/v2/glossaries/\(id)", json: "") == (204, ""))
    }

    @Test("pairs of languages are those of single models, and a glossary needs one")
    func pairs() async throws {
        let answer = await ask("GET", "/v2/glossary-language-pairs")
        #expect(
            answer
                == (
                    200,
                    #"{"supported_languages":[{"source_lang":"en","target_lang":"fr"},{"source_lang":"fr","target_lang":"de"}]}"#
                ))
    }
}
