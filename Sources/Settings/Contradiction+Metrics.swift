/// Rules about where metrics are read.
extension Contradiction {
    private struct Place {
        let part: SettingsPart
        let address: @Sendable (Settings) -> String?

        var key: String { "\(part.rawValue).metrics_address" }
    }

    private static let places = [
        Place(part: .broker) { $0.broker.metricsAddress }, Place(part: .worker) { $0.worker.metricsAddress },
        Place(part: .gateway) { $0.gateway.metricsAddress },
    ]

    static let metrics: [Contradiction] = places.map(exposure)

    private static func exposure(_ place: Place) -> Contradiction {
        let keys = [place.key, "access.metrics_token_file", "access.insecure_remote"]
        let address = place.address
        return Contradiction(keys: keys, for: [place.part]) { settings in
            guard let text = address(settings), let endpoint = Endpoint("tcp://\(text)"), endpoint.isRemote,
                settings.access.metricsTokenFile == nil, !settings.access.insecureRemote
            else { return nil }
            return (
                "\(keys[0]) (\(text)) can be reached from other hosts, and there is no secret",
                "set access.metrics_token_file, or an address such as 127.0.0.1:9464, or access.insecure_remote to true "
                    + "if everyone who reaches it may see the numbers"
            )
        }
    }
}
