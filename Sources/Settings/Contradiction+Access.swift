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

    private static func clash(_ first: NamedEndpoint, _ second: NamedEndpoint) -> Contradiction {
        Contradiction(keys: [first.key, second.key]) { settings in
            guard let one = Endpoint(first.endpoint(settings)), let other = Endpoint(second.endpoint(settings)),
                one.clashes(with: other)
            else { return nil }
            return ("\(first.key) (\(one)) and \(second.key) (\(other)) are the same place", "give each its own")
        }
    }

    private static func exposure(_ socket: NamedEndpoint) -> Contradiction {
        Contradiction(keys: [socket.key, "access.server_secret_key_file", "access.insecure_remote"]) { settings in
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
            ("access.server_secret_key_file", { $0.access.serverSecretKeyFile }),
            ("access.allow_file", { $0.access.allowFile }), "nobody could connect"),
        together(
            ("access.client_secret_key_file", { $0.access.clientSecretKeyFile }),
            ("access.server_public_key", { $0.access.serverPublicKey }), "CURVE needs both"),
    ]

    private typealias NamedText = (key: String, text: @Sendable (Settings) -> String?)

    private static func together(_ first: NamedText, _ second: NamedText, _ reason: String) -> Contradiction {
        Contradiction(keys: [first.key, second.key]) { settings in
            let (one, other) = (first.text(settings) != nil, second.text(settings) != nil)
            guard one != other else { return nil }
            let (present, absent) = one ? (first.key, second.key) : (second.key, first.key)
            return ("\(present) is set and \(absent) is not: \(reason)", "set both or neither")
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
