/// Whether the gateway lives, and whether it can translate: for what starts, stops and chooses gateways.
struct Health {
    enum Operation: Sendable, Hashable {
        case live, ready
    }

    static let routes: [Router.Route] = [
        Router.Route(["GET"], "/livez", .health(.live)),
        Router.Route(["GET"], "/readyz", .health(.ready)),
    ]

    let visit: Visit

    private struct Answer: Encodable {
        let ready: Bool
        let reason: String?
    }

    func answer(_ operation: Operation) async -> WebResponse {
        switch operation {
        // Where requests are no longer answered, this one is not either.
        case .live: return WebResponse(200, json: ["alive": true])
        case .ready:
            let reason = await visit.gateway.readiness.reason(visit.gateway.interpreter.desk)
            return WebResponse(reason == nil ? 200 : 503, json: Answer(ready: reason == nil, reason: reason))
        }
    }
}
