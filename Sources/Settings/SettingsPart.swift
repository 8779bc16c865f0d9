/// Who uses the settings. What concerns only the others is not demanded of it, so that a broker, its workers and the
/// commands on a host can share one file.
package enum SettingsPart: String, Sendable, CaseIterable {
    case broker, worker, gateway
    /// Commands that talk to a broker.
    case client
}
