import ArgumentParser
import Foundation
import Glibc
import Settings

/// Where the configuration is.
package struct ConfigurationFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A configuration file; environment variables DRAGOMAN_… go over it. (default: that of $DRAGOMAN_CONFIG; \
            without, /etc/dragoman/dragoman.yaml if it is there)
            """, valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    package init() {}

    /// The file that is in force.
    var file: ConfigurationFile {
        ConfigurationFile(flag: config, environment: ProcessInfo.processInfo.environment)
    }

    /// What the file and the environment say, with all that is wrong with it.
    ///
    /// - Parameters:
    ///   - parts: Who will use it.
    ///   - asSystemd: Whether to look for keys where systemd does before it starts a service.
    func report(for parts: Set<SettingsPart>, asSystemd: Bool = false) -> SettingsReport {
        let environment = ProcessInfo.processInfo.environment
        let keys = KeyPlaces(environment: environment, asSystemd: asSystemd) { access($0, F_OK) == 0 }
        return Settings.read(file: file.path, environment: environment, for: parts, keys: keys)
    }

    /// - Throws: `CommandError`, with all problems.
    func settings(for parts: Set<SettingsPart>) throws(CommandError) -> Settings {
        do {
            return try report(for: parts).validated()
        } catch {
            throw CommandError(.badConfiguration, "the configuration cannot be used:\n\(error)")
        }
    }
}
