import SettingValues

extension GatewaySettings {
    /// The address as an endpoint.
    package var place: Endpoint? { address.flatMap { Endpoint("tcp://\($0)") } }

    static let table: [Setting<Settings>] = [
        .init(
            "address", \.gateway.address,
            .text(.address, empty: "dragoman serve has no gateway; dragoman gateway needs an address"), .restart,
            "Where HTTP is served. Loopback, until there are keys: see keys_file."),
        .init(
            "keys_file", \.gateway.keysFile, .text(.path, empty: "anyone who connects may do anything"), .restart,
            """
            Who may ask for what: a line for each API key, which dragoman api-key writes and explains. It has digests \
            of keys, and no key, and the gateway's user must be able to read it. SIGHUP reads the file again.
            """),
        .init(
            "certificate_file", \.gateway.certificateFile, .text(.path, empty: "HTTP without TLS"), .restart,
            "The certificates for TLS, as PEM, the server's own first. SIGHUP reads the file again."),
        .init(
            "private_key_file", \.gateway.privateKeyFile, .text(.path, empty: "HTTP without TLS"), .restart,
            "The certificate's key, as PEM. SIGHUP reads the file again."),
        .init(
            "connections_max", \.gateway.connectionsMax, .count(of: .connections, 1...100_000), .restart,
            "Connections of all clients together; more are told to try again later (503)."),
        .init(
            "body_bytes_max", \.gateway.bodyBytesMax, .count(of: .bytes, 1024...(64 << 20)), .restart,
            "The largest request (413). A single text must also fit into broker.client_frame_bytes_max."),
        .init(
            "arrival_ms_max", \.gateway.arrivalMsMax, .count(of: .milliseconds, 100...3_600_000), .restart,
            "A request that has begun to arrive and is not complete after this time ends its connection (408)."),
        .init(
            "translation_ms_max", \.gateway.translationMsMax, .count(of: .milliseconds, 100...3_600_000), .restart,
            "How long a client waits for a translation before it is told that it was not ready in time (504)."),
        .init(
            "characters_max", \.gateway.charactersMax,
            .count(of: .characters, 1...1_000_000_000, zero: "as many as fit into a request"), .restart,
            "Characters of all texts of a request."),
        .init(
            "texts_max", \.gateway.textsMax, .count(of: .texts, 1...1_000_000), .restart,
            "Texts of a request."),
        .init("page", \.gateway.page, .flag, .restart, "Whether browsers are shown a page, at / and /operate."),
        .init(
            "metrics_address", \.gateway.metricsAddress, .text(.address, empty: "its numbers are not shown"), .restart,
            """
            Where Prometheus reads the gateway's numbers: /metrics, and /livez and /readyz. Not used by dragoman serve.
            """),
    ]
}

extension Settings {
    /// What is wrong with the gateway's address, if other hosts can reach it.
    package var gatewayExposure: (what: String, remedy: String)? {
        guard let place = gateway.place, place.isRemote, gateway.keysFile == nil, !access.insecureRemote else {
            return nil
        }
        return (
            "gateway.address (\(gateway.address ?? "")) can be reached from other hosts, and there are no keys",
            "set gateway.keys_file, or an address such as 127.0.0.1:5000, or access.insecure_remote to true if whoever "
                + "reaches it may do anything"
        )
    }
}
