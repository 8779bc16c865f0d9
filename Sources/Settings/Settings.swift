/// Everything that can be set: what the configuration file and the environment say, validated.
///
/// A value is first its property's initial value; `Settings.sections` says for each property how it is written, in
/// which bounds, and why.
package struct Settings: Sendable, Equatable {
    package var broker = BrokerSettings()
    package var limits = LimitSettings()
    package var store = StoreSettings()
    package var worker = WorkerSettings()
    /// In the file's order. Never empty.
    package var models = [ModelSettings.demo]
    package var access = AccessSettings()
    package var log = LogSettings()
    package var client = ClientSettings()
    package var gateway = GatewaySettings()
    package var tracing = TracingSettings()

    package init() {}

    /// Every section of fixed keys. The keys of the section `models` are names of models: see `ModelSettings.table`.
    package static let sections = [
        SettingsSection("broker", "The broker: keeps jobs, and leases them to workers.", BrokerSettings.table),
        SettingsSection(
            "limits", "What is refused, early and clearly, so that memory is bounded.", LimitSettings.table),
        SettingsSection("store", "Jobs and results on disk.", StoreSettings.table),
        SettingsSection("worker", "A worker: translates what a broker leases to it.", WorkerSettings.table),
        SettingsSection(
            "access", "Who may connect: CURVE keys. Files hold the secrets, never this one.", AccessSettings.table),
        SettingsSection("log", "What is logged, and how. Never a text or a translation.", LogSettings.table),
        SettingsSection(
            "client", "Commands that talk to a broker: submit, results, status and the like.", ClientSettings.table),
        SettingsSection(
            "gateway", "HTTP: dragoman gateway, and inside dragoman serve.", GatewaySettings.table),
        SettingsSection("tracing", "Spans of jobs, for a collector of OpenTelemetry.", TracingSettings.table),
    ]

    /// The section whose keys are the names of models.
    package static let modelsSection = "models"
}

/// A section of the file: a mapping of keys that are known beforehand.
package struct SettingsSection: Sendable {
    package let name: String
    package let reason: String
    package let settings: [Setting<Settings>]

    init(_ name: String, _ reason: String, _ settings: [Setting<Settings>]) {
        self.name = name
        self.reason = reason
        self.settings = settings
    }
}
