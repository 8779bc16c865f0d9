import Gateway
import JobModel
import TestKit
import Testing

@Suite("Whether the gateway lives and can translate")
struct HealthTests {
    private func ask(_ path: String, _ desk: TestDesk) async -> (status: Int, body: String) {
        await Asking(TestGateway.make(desk)).ask("GET", path)
    }

    @Test("it lives without asking the broker")
    func live() async {
        let desk = TestDesk()
        #expect(await ask("/livez", desk) == (200, #"{"alive":true}"#))
        #expect(desk.statusQuestions == 0)
    }

    @Test("it is ready while the broker takes jobs and a worker offers a model")
    func ready() async {
        #expect(await ask("/readyz", TestDesk()) == (200, #"{"ready":true}"#))
    }

    @Test("why it is not ready is said")
    func reasons() async {
        let alone = await ask("/readyz", TestDesk([]))
        #expect(alone.status == 503)
        #expect(alone.body.hasPrefix(#"{"ready":false,"reason":"no worker offers a model"#))
        let full = TestDesk(refusal: "the broker's disk is full")
        #expect(await ask("/readyz", full) == (503, #"{"ready":false,"reason":"the broker's disk is full"}"#))
        let silent = TestDesk(isSilent: true)
        #expect(await ask("/readyz", silent) == (503, #"{"ready":false,"reason":"there is no broker"}"#))
    }

    @Test("however many ask at once, the broker is asked once")
    func crowd() async {
        let desk = TestDesk()
        let gateway = TestGateway.make(desk)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { await Asking(gateway).ask("GET", "/readyz").status } }
            for await status in group { #expect(status == 200) }
        }
        // A machine may be so slow that a second goes by.
        #expect(desk.statusQuestions < 50)
    }

    @Test("no key is asked for")
    func withoutKey() async throws {
        let folder = try TemporaryFolder()
        let access = try Access(file: try folder.write("keys", "# none\n"))
        let asking = Asking(TestGateway.make(TestDesk(), access: access), folder: folder)
        #expect(await asking.ask("GET", "/readyz").status == 200)
        #expect(await asking.ask("GET", "/livez").status == 200)
        #expect(await asking.ask("POST", "/livez", form: "").status == 405)
    }
}
