/// CURVE keys, by the files that hold them.
package struct AccessSettings: Sendable, Equatable {
    package var serverSecretKeyFile: String?
    package var allowFile: String?
    package var insecureRemote = false
    package var clientSecretKeyFile: String?
    package var serverPublicKey: [String] = []
    package var metricsTokenFile: String?

    package init() {}

    static let table: [Setting<Settings>] = [
        .init(
            "server_secret_key_file", \.access.serverSecretKeyFile,
            .text(.path, empty: "the credential dragoman.broker.key; without it, anyone who connects may do anything"),
            .restart,
            """
            The broker's secret key. With it every connection is encrypted, and only those in allow_file get in. \
            Under systemd leave it empty: the unit loads /etc/credstore/dragoman.broker.key.
            """),
        .init(
            "allow_file", \.access.allowFile, .text(.path, empty: "only without server_secret_key_file"), .restart,
            """
            Who may connect: a line each with public key, tenant and roles (producer, worker, consumer, observer, \
            operator), and what a tenant may ask for; dragoman key --help explains both. It has no secrets, and the \
            broker's user must be able to read it. SIGHUP reads the file again.
            """),
        .init(
            "insecure_remote", \.access.insecureRemote, .flag, .restart,
            """
            Without keys, sockets that other hosts can reach are refused, unless this is true: whoever reaches \
            them may do anything.
            """),
        .init(
            "client_secret_key_file", \.access.clientSecretKeyFile,
            .text(.path, empty: "the credential dragoman.worker.key, or ~/.config/dragoman/client.key of a command"),
            .restart,
            """
            The secret key with which workers and commands connect to a broker that asks for keys. Under systemd \
            leave it empty: the unit of a worker loads /etc/credstore/dragoman.worker.key.
            """),
        .init(
            "server_public_key", \.access.serverPublicKey,
            .list(of: .key, upTo: 4, empty: "connect without a key"), .restart,
            """
            The public key that the broker must have, so that nothing else can pretend to be it. To change the \
            broker's key, list the old and the new one until it has changed: each is tried.
            """),
        .init(
            "metrics_token_file", \.access.metricsTokenFile,
            .text(.path, empty: "the credential dragoman.metrics.token; without it, no secret is asked for"),
            .restart,
            """
            A secret of at least 16 characters, as openssl rand -hex 32 makes, which Prometheus shows to read \
            metrics_address (authorization: credentials_file). Under systemd leave it empty: the units load \
            /etc/credstore/dragoman.metrics.token. SIGHUP reads the file again; of a credential systemd makes a new \
            copy only at a restart.
            """),
    ]
}
