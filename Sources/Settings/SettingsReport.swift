/// What was read: the settings, how each came about, and what is wrong with them.
package struct SettingsReport: Sendable, Equatable {
    /// A key's value, and what there is to say about it.
    package struct Entry: Sendable, Equatable {
        /// `broker.lease_ms`
        package let key: String
        /// As the file would write it.
        package let value: String
        /// The value for people: `30 s`.
        package let reading: String
        package let source: SettingsSource
        /// Empty where the value counts nothing.
        package let unit: String
        /// What a value must be.
        package let form: String
        package let reason: String
        /// Whether no setting names it, and it was found where its part looks.
        package var isFound: Bool { if case .found = source { true } else { false } }
        /// Whether SIGHUP takes up a changed value; otherwise a restart does.
        package let isReloadable: Bool
    }

    /// Where a key has a problem this has its default, so `validated` is what a daemon starts with.
    package let settings: Settings
    /// In the table's order, then models in the file's.
    package let entries: [Entry]
    package let problems: [SettingsProblem]

    /// - Throws: `InvalidSettings` if there is any problem.
    package func validated() throws(InvalidSettings) -> Settings {
        guard problems.isEmpty else { throw InvalidSettings(problems: problems) }
        return settings
    }
}

extension SettingsReport.Entry {
    init<Root>(_ key: SettingsKey, _ setting: Setting<Root>, in root: Root, from source: SettingsSource) {
        self.init(
            key: key.description, value: setting.text(root), reading: setting.reading(root), source: source,
            unit: setting.unit, form: setting.form, reason: setting.reason,
            isReloadable: setting.change == .reload)
    }
}
