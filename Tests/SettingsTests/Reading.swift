import Settings
import TestKit

/// Reads a text as the configuration file.
func read(_ text: String, environment: [String: String] = [:]) throws -> SettingsReport {
    let folder = try TemporaryFolder()
    return Settings.read(file: try folder.write("dragoman.yaml", text), environment: environment)
}

extension SettingsProblem {
    /// `12` of `/…/dragoman.yaml:12`.
    var line: Int? { place.split(separator: ":").last.flatMap { Int($0) } }
}

/// Every key of fixed name.
let keys = Settings.sections.flatMap { section in section.settings.map { (section: section.name, setting: $0) } }
