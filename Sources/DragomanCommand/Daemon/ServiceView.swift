import ArgumentParser
import Foundation
import Glibc
import Settings

/// What a service can read of what the settings name. It runs as a user made at its start, who owns nothing, and with
/// what its unit hides from it.
struct ServiceView {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case broker, worker, gateway

        var settings: SettingsPart {
            switch self {
            case .broker: .broker
            case .worker: .worker
            case .gateway: .gateway
            }
        }

        var unit: String {
            switch self {
            case .broker: "dragoman-broker.service"
            case .worker: "dragoman-worker@.service"
            case .gateway: "dragoman-gateway.service"
            }
        }
    }

    let part: Part

    /// `ProtectHome=` and `PrivateTmp=` of the units.
    private static let hidden = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"]

    static var userName: String {
        getpwuid(geteuid()).flatMap { String(validatingCString: $0.pointee.pw_name) } ?? "number \(geteuid())"
    }

    /// Whether this user may not see which credentials there are.
    static var isStoreHidden: Bool {
        KeyPlaces.credentialStores.contains { access($0, F_OK) == 0 && access($0, R_OK | X_OK) != 0 }
    }

    func problems(of report: SettingsReport) -> [String] {
        let access = report.settings.access
        var problems: [String] = []
        func note(_ key: String, _ path: String?, _ remedy: String) {
            // What systemd loads, it reads as root.
            let isFound = report.entries.contains { $0.key == key && $0.isFound }
            guard !isFound, let path, let obstacle = Self.obstacle(to: path) else { return }
            problems.append("\(key): \(part.unit) cannot read \(path): \(obstacle); \(remedy)")
        }
        let credential = "\(KeyPlaces.credentialStores[0])/\(KeyPlaces.credential(of: part.settings))"
        let moved = "move the key to \(credential), from where systemd hands it over, and leave the setting empty"
        note(
            "access.metrics_token_file", access.metricsTokenFile,
            "move the secret to \(KeyPlaces.credentialStores[0])/\(KeyPlaces.metricsCredential), from where systemd hands "
                + "it over, and leave the setting empty")
        switch part {
        case .broker:
            note("access.server_secret_key_file", access.serverSecretKeyFile, moved)
            note("access.allow_file", access.allowFile, "it has no secrets: put it under /etc with mode 644")
            note(
                "store.password_file", report.settings.store.passwordFile,
                "move the password to \(KeyPlaces.credentialStores[0])/\(KeyPlaces.storePasswordCredential), from where "
                    + "systemd hands it over, and leave the setting empty")
        case .gateway:
            let gateway = report.settings.gateway
            note("access.client_secret_key_file", access.clientSecretKeyFile, moved)
            note("gateway.keys_file", gateway.keysFile, "it has no secrets: put it under /etc with mode 644")
            note("gateway.certificate_file", gateway.certificateFile, "it has no secrets: let everyone read it")
            note(
                "gateway.private_key_file", gateway.privateKeyFile,
                "have systemd hand it over: the unit says how")
        case .worker:
            note("access.client_secret_key_file", access.clientSecretKeyFile, moved)
            for model in report.settings.models {
                note(
                    "models.\(model.name).directory", model.directory,
                    "put it under /usr, /opt, /srv or /var/lib, and let everyone read it")
            }
        }
        return problems
    }

    /// Why a user who owns nothing cannot read a file, or a folder and what is in it; nil when it can, or nothing is
    /// there. (An access control list may allow more.)
    private static func obstacle(to path: String) -> String? {
        guard path.hasPrefix("/") else { return "a relative path leads elsewhere from a service, which runs in /" }
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        let real = String(cString: resolved)
        if let folder = hidden.first(where: { real == $0 || real.hasPrefix("\($0)/") }) {
            return "\(folder) is hidden from it"
        }
        var ancestor = ""
        for name in real.split(separator: "/").dropLast() {
            ancestor += "/\(name)"
            if !isOpen(ancestor, S_IXOTH) { return "only some users may enter \(ancestor)" }
        }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: real))?.sorted()
        guard isOpen(real, files == nil ? S_IROTH : S_IROTH | S_IXOTH) else { return "only some users may read it" }
        return files?.first { !isOpen("\(real)/\($0)", S_IROTH) }.map { "only some users may read \($0) in it" }
    }

    /// Whether others than owner and group have these rights.
    private static func isOpen(_ path: String, _ bits: mode_t) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_mode & bits == bits
    }
}
