/// CURVE keys, by the files that hold them.
package struct AccessSettings: Sendable, Equatable {
    package var serverSecretKeyFile: String?
    package var allowFile: String?
    package var insecureRemote = false
    package var clientSecretKeyFile: String?
    package var serverPublicKey: String?

    package init() {}

    static let table: [Setting<Settings>] = [
        .init(
            "server_secret_key_file", \.access.serverSecretKeyFile,
            .text(.path, empty: "no encryption, and whoever connects may do anything"),
            .restart,
            "The broker's secret key. With it every connection is encrypted, and only those in allow_file get in."),
        .init(
            "allow_file", \.access.allowFile, .text(.path, empty: "only without server_secret_key_file"), .restart,
            "Who may connect: a line each with public key, tenant and roles. SIGHUP reads the file again."),
        .init(
            "insecure_remote", \.access.insecureRemote, .flag, .restart,
            """
            Without keys, sockets that other hosts can reach are refused, unless this is true: whoever reaches \
            them may do anything.
            """),
        .init(
            "client_secret_key_file", \.access.clientSecretKeyFile, .text(.path, empty: "connect without a key"),
            .restart,
            "The secret key with which workers and commands connect to a broker."),
        .init(
            "server_public_key", \.access.serverPublicKey, .text(.key, empty: "connect without a key"), .restart,
            "The public key that the broker must have, so that nobody can pretend to be it."),
    ]
}
