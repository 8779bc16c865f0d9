import Gateway
import Testing

@Suite("Requests are counted by what became of them")
struct RequestTallyTests {
    /// As `/translate 200: 1`.
    private func counts(of gateway: Gateway) -> [String] {
        gateway.measures.requests.map { "\($0.route) \($0.status): \($0.count)" }.sorted()
    }

    private static let body = #"{"q":"Hello.","source":"en","target":"fr"}"#

    @Test("a client that has gone is no failure of the gateway, and a broker that takes nothing is")
    func gone() async {
        let gone = TestGateway.make(
            TestDesk(outcome: { _ throws(GatewayError) in throw GatewayError(.cancelled, "the request was given up") }))
        let (status, _) = await Asking(gone).ask("POST", "/translate", json: Self.body)
        #expect(status == 503 && counts(of: gone) == ["/translate 499: 1"])
        let full = TestGateway.make(
            TestDesk(outcome: { _ throws(GatewayError) in throw GatewayError(.unavailable, "the disk is full") }))
        _ = await Asking(full).ask("POST", "/translate", json: Self.body)
        #expect(counts(of: full) == ["/translate 503: 1"])
    }

    @Test("what the server turns away by itself is counted with what has no route")
    func refused() async {
        let gateway = TestGateway.make()
        _ = await Asking(gateway).ask("GET", "/nowhere")
        for _ in 0..<2 { gateway.countRefusal(status: 503) }
        gateway.countRefusal(status: 413)
        #expect(counts(of: gateway) == ["other 404: 1", "other 413: 1", "other 503: 2"])
    }
}
