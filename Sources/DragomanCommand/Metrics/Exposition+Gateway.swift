import Gateway
import Measures

extension Exposition {
    /// From a millisecond to a hundred seconds.
    private static let requestBounds = Scale.round(1_000...100_000_000)

    mutating func add(_ measures: GatewayMeasures) {
        add(
            .counter, "dragoman_gateway_requests_total", "Requests that were answered, by route and status.",
            measures.requests.map { Sample(.whole($0.count), ["route": $0.route, "status": String($0.status)]) })
        add(
            measures.durations, at: Self.requestBounds, "dragoman_gateway_request_seconds",
            "From a request that has come whole to its answer."
        ) { .microseconds($0) }
        add(
            .counter, "dragoman_gateway_characters_total", "Characters of texts that were to be translated.",
            .whole(measures.characters))
    }
}
