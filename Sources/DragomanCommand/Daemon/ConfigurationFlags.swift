import ArgumentParser
import Foundation
import Settings

/// Where the configuration is.
package struct ConfigurationFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A configuration file; environment variables DRAGOMAN_… go over it. (default: no file, and every key's \
            default)
            """, valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    package init() {}

    /// What the file and the environment say, with all that is wrong with it.
    var report: SettingsReport {
        Settings.read(file: config, environment: ProcessInfo.processInfo.environment)
    }

    /// - Throws: `CommandError`, with all problems.
    func settings() throws(CommandError) -> Settings {
        do {
            return try report.validated()
        } catch {
            throw CommandError(.badConfiguration, "the configuration cannot be used:\n\(error)")
        }
    }
}
