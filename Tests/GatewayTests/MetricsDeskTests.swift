import Gateway
import Synchronization
import Testing

@Suite("Metrics, to whom they are shown")
struct MetricsDeskTests {
    private func desk(
        token: String? = nil, page: @escaping @Sendable () async -> String? = { "jobs 1\n" }, death: String? = nil,
        unreadiness: String? = nil
    ) throws -> MetricsDesk {
        MetricsDesk(
            MetricsDesk.Sources(page: page, death: { death }, unreadiness: { unreadiness }), contentType: "text/plain",
            token: try token.map { try #require(MetricsToken($0)) })
    }

    private func get(_ path: String, _ authorization: String? = nil) -> WebRequest {
        WebRequest("GET", path, headers: authorization.map { ["authorization": $0] } ?? [:])
    }

    private static let secret = "0123456789abcdef"

    @Test("without a secret they are everyone's; there is nothing but them, and nothing can be sent")
    func open() async throws {
        let desk = try desk()
        let answer = await desk.answer(get("/metrics?x=1"))
        #expect(answer.status == 200 && answer.bytes == Array("jobs 1\n".utf8))
        #expect(answer.headers.contains { $0 == ("content-type", "text/plain") })
        #expect(await desk.answer(get("/")).status == 404)
        let refused = await desk.answer(WebRequest("POST", "/metrics"))
        #expect(refused.status == 405 && refused.headers.contains { $0 == ("allow", "GET, HEAD") })
    }

    @Test(
        "with a secret only who shows it sees them",
        arguments: [
            nil, "", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdeg",
            "Bearer 0123456789abcdef0", "Basic 0123456789abcdef", "0123456789abcdef", "Bearer 0123456789abcdef x",
        ])
    func wrongSecret(authorization: String?) async throws {
        let answer = try await desk(token: Self.secret).answer(get("/metrics", authorization))
        #expect(answer.status == 401 && answer.headers.contains { $0.name == "www-authenticate" })
        #expect(!String(decoding: answer.bytes, as: UTF8.self).contains("jobs 1"))
    }

    @Test("the secret is shown as a bearer's, and another may take its place")
    func rightSecret() async throws {
        let desk = try desk(token: Self.secret)
        #expect(await desk.answer(get("/metrics", "Bearer \(Self.secret)")).status == 200)
        #expect(await desk.answer(get("/metrics", "bearer \(Self.secret)")).status == 200)
        desk.replaceToken(with: MetricsToken("fedcba9876543210"))
        #expect(await desk.answer(get("/metrics", "Bearer \(Self.secret)")).status == 401)
        #expect(await desk.answer(get("/metrics", "Bearer fedcba9876543210")).status == 200)
    }

    @Test("a secret that is short, or that no header can carry, is not taken")
    func badSecret() {
        for secret in ["", "0123456789abcde", "0123456789 abcdef", "0123456789abcdeé", "0123456789abcde\n0"] {
            #expect(MetricsToken(secret) == nil, "\(secret)")
        }
    }

    @Test("whether it lives and is ready is told without a secret, with the reason")
    func health() async throws {
        let well = try desk(token: Self.secret)
        #expect(await well.answer(get("/livez")).bytes == Array(#"{"alive":true}"#.utf8))
        #expect(await well.answer(get("/readyz")).status == 200)
        let ill = try desk(death: "it hangs", unreadiness: "no worker")
        let (life, readiness) = (await ill.answer(get("/livez")), await ill.answer(get("/readyz")))
        #expect(life.status == 503 && life.bytes == Array(#"{"alive":false,"reason":"it hangs"}"#.utf8))
        #expect(readiness.status == 503 && readiness.bytes == Array(#"{"ready":false,"reason":"no worker"}"#.utf8))
    }

    @Test("however many ask, the numbers are found out once; numbers that do not come in time are no answer")
    func manyAsk() async throws {
        let count = Mutex(0)
        let desk = try desk(page: {
            count.withLock { $0 += 1 }
            await Task.yield()
            return nil
        })
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 { group.addTask { await desk.answer(self.get("/metrics")).status } }
            for await status in group { #expect(status == 503) }
        }
        // Again where this took longer than an answer lasts.
        #expect((1..<100).contains(count.withLock(\.self)))
    }
}
