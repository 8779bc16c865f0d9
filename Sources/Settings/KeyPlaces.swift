/// Where a part finds its secret key when no setting names a file.
///
/// A service gets it from systemd: its unit has `LoadCredential=dragoman.broker.key`, for which systemd looks into
/// /etc/credstore as root, and gives the service a copy under $CREDENTIALS_DIRECTORY that nobody else can read. A file
/// that does not exist is no fault of the unit's.
package struct KeyPlaces: Sendable {
    private let folders: [String]
    private let userFolder: String?
    private let exists: @Sendable (String) -> Bool

    /// Where systemd looks for credentials that are named without a path, systemd.exec(5).
    package static let credentialStores = ["/etc/credstore", "/run/credstore", "/usr/lib/credstore"]

    /// - Parameters:
    ///   - asSystemd: Whether to look where systemd would, if it has not: to find out what a service gets.
    package init(
        environment: [String: String], asSystemd: Bool = false, exists: @escaping @Sendable (String) -> Bool
    ) {
        let given = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
        folders = given.map { [$0] } ?? (asSystemd ? Self.credentialStores : [])
        // XDG Base Directory Specification: a relative path is to be ignored.
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        userFolder = base ?? environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.config" }
        self.exists = exists
    }

    /// The name that a unit loads the key by.
    package static func credential(of part: SettingsPart) -> String { "dragoman.\(part.rawValue).key" }

    /// The file of a part's secret key, if there is one.
    func file(of part: SettingsPart) -> String? {
        candidates(of: part).first(where: exists)
    }

    /// The name that units load the secret of metrics by.
    package static let metricsCredential = "dragoman.metrics.token"

    /// The file of the secret that readers of metrics have to show, if there is one.
    var metricsToken: String? { folders.map { "\($0)/\(Self.metricsCredential)" }.first(where: exists) }

    /// The name that the broker's unit loads the password of its database by.
    package static let storePasswordCredential = "dragoman.store.password"

    /// The file of the database's password, if there is one.
    package var storePassword: String? { folders.map { "\($0)/\(Self.storePasswordCredential)" }.first(where: exists) }

    private func candidates(of part: SettingsPart) -> [String] {
        let credentials = folders.map { "\($0)/\(Self.credential(of: part))" }
        guard part == .client || part == .gateway, let userFolder else { return credentials }
        return credentials + ["\(userFolder)/dragoman/client.key"]
    }
}
