/// Rules about sockets, keys and models.
extension Contradiction {
    private static let endpoints: [(key: String, endpoint: @Sendable (Settings) -> String)] = [
        ("broker.jobs_endpoint", { $0.broker.jobsEndpoint }),
        ("broker.work_endpoint", { $0.broker.workEndpoint }),
        ("broker.results_endpoint", { $0.broker.resultsEndpoint }),
        ("broker.feed_endpoint", { $0.broker.feedEndpoint }),
    ]

    static let sockets: [Contradiction] =
        endpoints.indices.flatMap { index in
            endpoints[..<index].map { other in clash(other, endpoints[index]) }
        }
        + endpoints.map(exposure)

    private typealias NamedEndpoint = (key: String, endpoint: @Sendable (Settings) -> String)

    static let gateway: [Contradiction] = [
        Contradiction(keys: ["gateway.address", "gateway.keys_file", "access.insecure_remote"], for: [.gateway]) {
            $0.gatewayExposure
        },
        together(
            ("gateway.certificate_file", { $0.gateway.certificateFile != nil }),
            ("gateway.private_key_file", { $0.gateway.privateKeyFile != nil }), for: [.gateway],
            "TLS needs both", "set both or neither"),
    ]

    /// One broker and several.
    static let brokers: [Contradiction] = [
        either(
            ("client.jobs_endpoint", { !$0.client.jobsEndpoint.isEmpty }),
            ("client.jobs_endpoints", { !$0.client.jobsEndpoints.isEmpty }), for: [.client, .gateway]),
        either(
            ("worker.work_endpoint", { !$0.worker.workEndpoint.isEmpty }),
            ("worker.work_endpoints", { !$0.worker.workEndpoints.isEmpty }), for: [.worker]),
    ]

    private static func either(
        _ one: NamedFlag, _ several: NamedFlag, for parts: Set<SettingsPart>
    ) -> Contradiction {
        Contradiction(keys: [one.key, several.key], for: parts) { settings in
            guard one.isSet(settings), several.isSet(settings) else { return nil }
            return (
                "\(one.key) and \(several.key) are both set",
                "name the addresses of one broker in \(one.key), or several brokers in \(several.key)"
            )
        }
    }

    private static func clash(_ first: NamedEndpoint, _ second: NamedEndpoint) -> Contradiction {
        Contradiction(keys: [first.key, second.key], for: [.broker]) { settings in
            guard let one = Endpoint(first.endpoint(settings)), let other = Endpoint(second.endpoint(settings)),
                one.clashes(with: other)
            else { return nil }
            return ("\(first.key) (\(one)) and \(second.key) (\(other)) are the same place", "give each its own")
        }
    }

    private static func exposure(_ socket: NamedEndpoint) -> Contradiction {
        let keys = [socket.key, "access.server_secret_key_file", "access.insecure_remote"]
        return Contradiction(keys: keys, for: [.broker]) { settings in
            guard let endpoint = Endpoint(socket.endpoint(settings)), endpoint.isRemote,
                settings.access.serverSecretKeyFile == nil, !settings.access.insecureRemote
            else { return nil }
            return (
                "\(socket.key) (\(endpoint)) can be reached from other hosts, and there are no keys",
                "set access.server_secret_key_file and access.allow_file, or an address such as 127.0.0.1,"
                    + " or access.insecure_remote to true if whoever reaches it may do anything"
            )
        }
    }

    static let keyFiles: [Contradiction] = [
        together(
            ("access.server_secret_key_file", { $0.access.serverSecretKeyFile != nil }),
            ("access.allow_file", { $0.access.allowFile != nil }), for: [.broker],
            "without the list nobody could connect, and without the key anyone could",
            "set both or neither; under systemd the key is /etc/credstore/dragoman.broker.key"),
        together(
            ("access.client_secret_key_file", { $0.access.clientSecretKeyFile != nil }),
            ("access.server_public_key", { !$0.access.serverPublicKey.isEmpty }), for: [.worker, .client, .gateway],
            "CURVE needs both",
            "set both or neither; a worker's key under systemd is /etc/credstore/dragoman.worker.key, a command's is "
                + "~/.config/dragoman/client.key"),
    ]

    private typealias NamedFlag = (key: String, isSet: @Sendable (Settings) -> Bool)

    private static func together(
        _ first: NamedFlag, _ second: NamedFlag, for parts: Set<SettingsPart>, _ reason: String, _ remedy: String
    ) -> Contradiction {
        Contradiction(keys: [first.key, second.key], for: parts) { settings in
            let (one, other) = (first.isSet(settings), second.isSet(settings))
            guard one != other else { return nil }
            let (present, absent) = one ? (first.key, second.key) : (second.key, first.key)
            return ("\(present) is set and \(absent) is not: \(reason)", remedy)
        }
    }

    /// Of all models only the demo model is where the program is.
    static func modelProblem(
        _ model: ModelSettings, except faulty: Set<String>
    ) -> (keys: [String], what: String, remedy: String)? {
        let name = "\(Settings.modelsSection).\(model.name)"
        guard model.name != ModelSettings.demo.name, model.directory == nil, !faulty.contains("\(name).directory")
        else { return nil }
        return ([name], "\(name).directory is not set", "give it the folder of the model's files")
    }
}
