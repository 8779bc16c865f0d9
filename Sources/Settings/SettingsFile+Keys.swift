/// Whether the file's keys are those that there are.
extension SettingsFile {
    /// Unknown keys, and keys that hold what no value of theirs could be.
    func keyProblems() -> [SettingsProblem] { sections.flatMap(problems(ofSection:)) }

    /// The names of models that can be read, in the file's order.
    var modelNames: [String] {
        guard let section = node(at: SettingsKey(Settings.modelsSection)), case .mapping(let models) = section.content
        else { return [] }
        return models.filter { problems(ofModelItself: $0).isEmpty }.map(\.name)
    }

    private func problems(ofSection node: SettingsNode) -> [SettingsProblem] {
        let names = Settings.sections.map(\.name) + [Settings.modelsSection]
        guard names.contains(node.name) else {
            let candidates = names + SettingsKey.all.map(\.description)
            return [unknown(node, SettingsKey(node.name), "section", candidates: candidates)]
        }
        switch node.content {
        case .nothing: return []
        case .mapping(let keys):
            guard let section = Settings.sections.first(where: { $0.name == node.name }) else {
                return keys.flatMap(problems(ofModel:))
            }
            return keys.flatMap { problems(ofKey: $0, in: SettingsKey(section.name), section.settings.map(\.name)) }
        default:
            let isModels = node.name == Settings.modelsSection
            return [
                problem(
                    node, "\(node.name) is \(node.text)",
                    isModels ? "write each model as NAME: with its keys indented under it" : "indent its keys under it")
            ]
        }
    }

    private func problems(ofModel node: SettingsNode) -> [SettingsProblem] {
        guard case .mapping(let keys) = node.content, TextSyntax.name.accepts(node.name) else {
            return problems(ofModelItself: node)
        }
        let key = SettingsKey(Settings.modelsSection, node.name)
        return keys.flatMap { problems(ofKey: $0, in: key, ModelSettings.table.map(\.name)) }
    }

    private func problems(ofModelItself node: SettingsNode) -> [SettingsProblem] {
        guard TextSyntax.name.accepts(node.name) else {
            return [problem(node, "\"\(node.name)\" is no model's name", "give it \(TextSyntax.name.words)")]
        }
        switch node.content {
        case .nothing, .mapping: return []
        default:
            let what = "\(Settings.modelsSection).\(node.name) is \(node.text)"
            return [problem(node, what, "indent its keys, such as directory, under it")]
        }
    }

    private func problems(ofKey node: SettingsNode, in parent: SettingsKey, _ known: [String]) -> [SettingsProblem] {
        let key = parent.appending(node.name)
        guard known.contains(node.name) else {
            let here = known.map { parent.appending($0).description }
            let elsewhere = SettingsKey.all.first { $0.components.last == node.name }
            let slip = here.nearest(to: key.description, within: 2)
            return [unknown(node, key, "key", slip ?? elsewhere?.description, candidates: here)]
        }
        switch node.content {
        case .nothing: return [problem(node, "\(key) has no value", "give it one, or delete the line for its default")]
        case .mapping, .other: return [problem(node, "\(key) is \(node.text)", "give it a plain value")]
        case .scalar, .list: return []
        }
    }

    /// - Parameter meant: What was meant, where that is plain.
    private func unknown(
        _ node: SettingsNode, _ key: SettingsKey, _ kind: String, _ meant: String? = nil, candidates: [String]
    ) -> SettingsProblem {
        let nearest = meant ?? candidates.nearest(to: key.description)
        let otherwise = "delete it; there are: \(candidates.joined(separator: ", "))"
        return problem(node, "there is no \(kind) \(key)", nearest.map { "did you mean \($0)?" } ?? otherwise)
    }

    private func problem(_ node: SettingsNode, _ what: String, _ remedy: String) -> SettingsProblem {
        SettingsProblem(place: "\(path):\(node.line)", what: what, remedy: remedy)
    }
}
