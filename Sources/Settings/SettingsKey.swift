import Configuration

/// A path into the file: `broker.lease_ms`, `models.NAME.directory`.
struct SettingsKey: Sendable, Hashable, CustomStringConvertible {
    let components: [String]

    init(_ components: String...) { self.components = components }

    private init(_ components: [String]) { self.components = components }

    func appending(_ name: String) -> SettingsKey { SettingsKey(components + [name]) }

    var description: String { components.joined(separator: ".") }

    var absolute: AbsoluteConfigKey { AbsoluteConfigKey(components) }

    /// Every key of fixed name, in the table's order.
    static let all = Settings.sections.flatMap { section in
        section.settings.map { SettingsKey(section.name, $0.name) }
    }
}
