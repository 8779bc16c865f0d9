import Gateway
import JobModel
import Synchronization
import TestKit
import Testing

@Suite("API keys")
struct AccessTests {
    private static let key = "secret-key"

    private func ring(_ line: String) throws -> KeyRing { try KeyRing(line, file: "keys") }

    private func line(_ rest: String) -> String { "\(KeyRing.digest(of: Self.key)) \(rest)\n" }

    @Test("a line is a digest, a name, roles and limits, with comments")
    func lines() throws {
        let ring = try ring("# keys\n\n" + line("acme translate,jobs requests_per_minute_max=5  # a comment"))
        let entry = try #require(ring.entry(digest: KeyRing.digest(of: Self.key)))
        #expect(entry.name == "acme")
        #expect(entry.roles == [.translate, .jobs])
        #expect(entry.limits.requestsPerMinute == 5)
        #expect(ring.entry(digest: KeyRing.digest(of: "other")) == nil)
    }

    @Test("a digest is SHA-256, as others compute it")
    func digest() {
        #expect(
            KeyRing.digest(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "a mistake is named with its line",
        arguments: [
            "abc acme translate", "DIGEST acme", "DIGEST acme fly", "DIGEST acme translate speed=1",
            "DIGEST acme translate requests_per_minute_max=0", "DIGEST a translate\nDIGEST b translate",
        ])
    func faults(text: String) {
        let text = text.replacing("DIGEST", with: KeyRing.digest(of: Self.key))
        let error = #expect(throws: KeyRingError.self) { try ring(text) }
        #expect(error?.description.hasPrefix("keys:") == true)
    }

    private func gateway(_ rest: String, now: @escaping @Sendable () -> UInt64 = { 0 }) throws -> Asking {
        let folder = try TemporaryFolder()
        let file = try folder.write("keys", line(rest))
        return Asking(TestGateway.make(TestDesk(), access: try Access(file: file, now: now)), folder: folder)
    }

    @Test("without a key, with a wrong one and with the right one, each interface answers in its way")
    func interfaces() async throws {
        let asking = try gateway("acme translate")
        let translate = "/translate?q=a&source=en&target=fr"
        #expect(await asking.ask("POST", translate).status == 400)
        #expect(await asking.ask("POST", translate + "&api_key=wrong") == (403, #"{"error":"Invalid API key"}"#))
        #expect(await asking.ask("POST", translate + "&api_key=\(Self.key)").status == 200)
        let deepL = #"{"text": ["a"], "target_lang": "FR"}"#
        #expect(await asking.ask("POST", "/v2/translate", json: deepL).status == 403)
        let header = ["authorization": "DeepL-Auth-Key \(Self.key)"]
        #expect(await asking.ask("POST", "/v2/translate", json: deepL, headers: header).status == 200)
        #expect(await asking.ask("GET", "/language/translate/v2?q=a&target=fr").status == 403)
        #expect(await asking.ask("GET", "/language/translate/v2?q=a&target=fr&key=\(Self.key)").status == 200)
        #expect(await asking.ask("GET", "/languages").status == 200)
    }

    @Test("a key does what its roles say, and no more")
    func roles() async throws {
        let header = ["authorization": "Bearer \(Self.key)"]
        let translator = try gateway("acme translate")
        #expect(await translator.ask("GET", "/v1/status").status == 401)
        #expect(await translator.ask("GET", "/v1/status", headers: header).status == 403)
        let observer = try gateway("acme status,results")
        #expect(await observer.ask("GET", "/v1/status", headers: header).status == 200)
        #expect(await observer.ask("POST", "/v1/jobs", json: "one", headers: header).status == 403)
        #expect(await observer.ask("POST", "/translate?q=a&source=en&target=fr", headers: header).status == 403)
    }

    @Test("requests above the rate are told when to come again, and later they are served")
    func rate() async throws {
        let clock = Box(Mutex<UInt64>(1_000_000))
        let asking = try gateway("acme translate requests_per_minute_max=3") { clock.value.withLock { $0 } }
        let path = "/translate?q=a&source=en&target=fr&api_key=\(Self.key)"
        for _ in 0..<3 { #expect(await asking.ask("POST", path).status == 200) }
        #expect(await asking.ask("POST", path) == (429, #"{"error":"Slowdown: 3 per 1 minute"}"#))
        clock.value.withLock { $0 += 20_000 }
        #expect(await asking.ask("POST", path).status == 200)
        #expect(await asking.ask("POST", path).status == 429)
    }

    @Test("characters of a month are counted, refused above the limit, and free again in the next")
    func quota() async throws {
        // 31 January 2024, 23:59 UTC.
        let clock = Box(Mutex<UInt64>(1_706_745_540_000))
        let asking = try gateway("acme translate characters_per_month_max=5") { clock.value.withLock { $0 } }
        let header = ["authorization": "DeepL-Auth-Key \(Self.key)"]
        func translate(_ text: String) async -> Int {
            let json = #"{"text": ["\#(text)"], "source_lang": "EN", "target_lang": "FR"}"#
            return await asking.ask("POST", "/v2/translate", json: json, headers: header).status
        }
        #expect(await translate("abc") == 200)
        #expect(await translate("abc") == 456)
        #expect(
            await asking.ask("GET", "/v2/usage", headers: header) == (
                200, #"{"character_count":3,"character_limit":5}"#
            ))
        #expect(await translate("ab") == 200)
        clock.value.withLock { $0 += 120_000 }
        #expect(await translate("abc") == 200)
    }

    @Test("what is not translated is not charged")
    func refund() async throws {
        let asking = try gateway("acme translate characters_per_month_max=5")
        let header = ["authorization": "DeepL-Auth-Key \(Self.key)"]
        let wrong = #"{"text": ["abcd"], "source_lang": "EN", "target_lang": "JA"}"#
        for _ in 0..<3 {
            #expect(await asking.ask("POST", "/v2/translate", json: wrong, headers: header).status == 400)
        }
    }

    @Test("jobs count too, once each")
    func jobCharacters() async throws {
        let asking = try gateway("acme jobs,translate characters_per_month_max=3")
        let header = ["authorization": "Bearer \(Self.key)"]
        #expect(await asking.ask("POST", "/v1/jobs", json: "one", headers: header).status == 202)
        #expect(await asking.ask("POST", "/v1/jobs", json: "two", headers: header).status == 200)
        let usage = await asking.ask("GET", "/v2/usage", headers: header)
        #expect(usage.body == #"{"character_count":3,"character_limit":3}"#)
        let refused = await asking.ask("POST", "/v1/jobs", json: "one", headers: header)
        #expect(refused.status == 403)
        #expect(refused.body.contains(#""code":"quota_used""#))
    }

    @Test("characters are those of a calendar month, also before more are translated")
    func months() throws {
        var use = KeyUse()
        var limits = KeyLimits()
        limits.charactersPerMonth = 5
        let now: UInt64 = 1_760_000_000_000
        try use.take(characters: 5, limits, at: now)
        #expect(use.characters(at: now) == 5)
        #expect(use.characters(at: now + 32 * 86_400_000) == 0)
    }

    @Test("keys are read again, and a file with a mistake changes nothing")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("keys", line("acme translate"))
        let access = try Access(file: file)
        let asking = Asking(TestGateway.make(TestDesk(), access: access), folder: folder)
        let path = "/translate?q=a&source=en&target=fr&api_key=\(Self.key)"
        _ = try folder.write("keys", "wrong")
        #expect(throws: KeyRingError.self) { try access.reload() }
        #expect(await asking.ask("POST", path).status == 200)
        _ = try folder.write("keys", "# none\n")
        try access.reload()
        #expect(await asking.ask("POST", path).status == 403)
    }
}
