/// What changed between two settings, for SIGHUP: which of it can be taken up now, and which needs a restart.
package struct SettingsDifference: Sendable, Equatable {
    package struct Change: Sendable, Equatable, CustomStringConvertible {
        /// `broker.drain_ms`, or `models.NAME` for a model that came or went.
        package let key: String
        /// As the file would write it; empty for a model that was not there.
        package let old: String
        package let new: String

        package var description: String { "\(key): \(old.isEmpty ? "none" : old) -> \(new.isEmpty ? "none" : new)" }
    }

    package private(set) var reloadable: [Change] = []
    package private(set) var needingRestart: [Change] = []
    /// The old settings with the reloadable changes. They contradict each other no more than either: see
    /// `Contradiction`.
    package private(set) var effective: Settings

    package init(from old: Settings, to new: Settings) {
        effective = old
        for section in Settings.sections {
            for setting in section.settings {
                let (before, after) = (setting.text(old), setting.text(new))
                guard before != after else { continue }
                let change = Change(key: "\(section.name).\(setting.name)", old: before, new: after)
                switch setting.change {
                case .reload:
                    reloadable.append(change)
                    setting.copy(new, &effective)
                case .restart: needingRestart.append(change)
                }
            }
        }
        needingRestart += Self.changes(from: old.models, to: new.models)
    }

    /// A worker tells its broker about its models when it connects, so these all need a restart.
    private static func changes(from old: [ModelSettings], to new: [ModelSettings]) -> [Change] {
        let section = Settings.modelsSection
        var changes: [Change] = []
        for model in old {
            guard let successor = new.first(where: { $0.name == model.name }) else {
                changes.append(Change(key: "\(section).\(model.name)", old: model.name, new: ""))
                continue
            }
            for setting in ModelSettings.table where setting.text(model) != setting.text(successor) {
                changes.append(
                    Change(
                        key: "\(section).\(model.name).\(setting.name)", old: setting.text(model),
                        new: setting.text(successor)))
            }
        }
        for model in new where !old.contains(where: { $0.name == model.name }) {
            changes.append(Change(key: "\(section).\(model.name)", old: "", new: model.name))
        }
        return changes
    }
}
