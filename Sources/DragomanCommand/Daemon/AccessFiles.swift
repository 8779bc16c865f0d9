import Foundation
package import Gateway
package import Settings
import Wording
import ZeroMQ

/// The keys and the allow-list that the configuration names, read from their files.
package struct AccessFiles {
    let settings: AccessSettings

    package init(settings: AccessSettings) { self.settings = settings }

    /// The broker's own keys and whom it lets in; nil: no keys are used.
    func server() throws(CommandError) -> (keys: CurveKeyPair, allowing: AllowList)? {
        guard let file = settings.serverSecretKeyFile else { return nil }
        return (try Self.keys(file), try allowList())
    }

    /// Whom the broker lets in; read anew at each SIGHUP. Lines of tenants' limits are read by `tenantLimits`.
    func allowList() throws(CommandError) -> AllowList {
        guard let file = settings.allowFile else { return AllowList() }
        var grants: [CurvePublicKey: AllowList.Grant] = [:]
        for (index, line) in try Self.text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = Self.words(of: line)
            if words.isEmpty || words[0] == Self.tenantWord { continue }
            let place = "\(file):\(index + 1)"
            guard words.count == 3 else {
                throw CommandError(.badConfiguration, "\(place): a line has a public key, a tenant and roles (a,b,c)")
            }
            let key: CurvePublicKey
            do throws(CurveKeyError) {
                key = try CurvePublicKey(words[0])
            } catch {
                throw CommandError(.badConfiguration, "\(place): \(error)")
            }
            guard grants[key] == nil else {
                throw CommandError(.badConfiguration, "\(place): the key is there twice; give it all its roles at once")
            }
            grants[key] = try grant(tenant: words[1], roles: words[2], place)
        }
        return AllowList(grants)
    }

    /// A comment is a word that begins with "#", and what follows it. Keys have that character too, but do not begin with
    /// it: the first digit of five in Z85 is at most 82, which is "%".
    static func words(of line: Substring) -> [String] {
        line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }.map(String.init)
    }

    /// How workers and commands connect.
    func client() throws(CommandError) -> Security {
        guard let file = settings.clientSecretKeyFile else { return .none }
        // That both are there or neither is checked with the settings.
        guard !settings.serverPublicKey.isEmpty else { return .none }
        let pair = try Self.keys(file)
        do {
            return .curveClient(pair, servers: try settings.serverPublicKey.map { try CurvePublicKey($0) })
        } catch {
            throw CommandError(.badConfiguration, "access.server_public_key: \(error)")
        }
    }

    /// What readers of metrics have to show; nil: nothing.
    package func metricsToken() throws(CommandError) -> MetricsToken? {
        guard let file = settings.metricsTokenFile else { return nil }
        try Self.checkSecrecy(of: file)
        let secret = try Self.text(file).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let token = MetricsToken(secret) else {
            throw CommandError(
                .badConfiguration,
                "access.metrics_token_file: \(file) must hold one secret of at least \(MetricsToken.bytesMinimum) "
                    + "printable ASCII characters; make one with: openssl rand -hex 32")
        }
        return token
    }

    private func grant(tenant: String, roles: String, _ place: String) throws(CommandError) -> AllowList.Grant {
        var set: Set<Role> = []
        for name in roles.split(separator: ",") {
            guard let role = Role(rawValue: String(name)) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandError(.badConfiguration, "\(place): there is no role \"\(name)\", but \(known)")
            }
            set.insert(role)
        }
        do {
            return try AllowList.Grant(tenant: tenant, roles: set)
        } catch {
            throw CommandError(.badConfiguration, "\(place): \(error)")
        }
    }

    /// The pair whose secret key is in a file.
    static func keys(_ file: String) throws(CommandError) -> CurveKeyPair {
        try checkSecrecy(of: file)
        let secret = try text(file).trimmingCharacters(in: .whitespacesAndNewlines)
        do {
            return try CurveKeyPair(secretKey: try CurveSecretKey(secret))
        } catch {
            throw CommandError(.badConfiguration, "\(file): \(error)")
        }
    }

    /// A key that others may read is no secret. systemd shows credentials to the service's group too, which is its own.
    static func checkSecrecy(of file: String, isPassword: Bool = false) throws(CommandError) {
        var status = stat()
        // What else is wrong with it is found when it is read.
        guard stat(file, &status) == 0 else { return }
        let credentials = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
        let isCredential = credentials.map { file.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") } ?? false
        // A file of root's may be read by the group that the service is in, as Kubernetes mounts secrets: PostgreSQL has the
        // same rule for its keys.
        let others: mode_t = isCredential ? 0o007 : status.st_uid == 0 && geteuid() != 0 ? 0o027 : 0o077
        guard status.st_mode & others != 0 else { return }
        let mode = String(status.st_mode & 0o777, radix: 8)
        throw CommandError(
            .badConfiguration,
            "\(file) is a \(isPassword ? "password" : "secret key") that others may read (mode \(mode)); run: chmod 600 "
                + "\(file); if others could read it, make a new \(isPassword ? "one" : "key")")
    }

    static func text(_ file: String) throws(CommandError) -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw CommandError(.badConfiguration, "\(file) cannot be read: \(error.reason)")
        }
    }
}
