import Configuration

extension Settings {
    /// Reads the file, if there is one, and the environment, which goes over the file.
    ///
    /// - Parameters:
    ///   - file: Its path; nil when nobody named one.
    ///   - environment: The process's; of the settings, only `DRAGOMAN_` variables are looked at.
    ///   - parts: Who will use them.
    ///   - keys: Where keys are that no setting names.
    package static func read(
        file: String?, environment: [String: String], for parts: Set<SettingsPart> = Set(SettingsPart.allCases),
        keys: KeyPlaces? = nil
    ) -> SettingsReport {
        var reading = SettingsReading(environment: SettingsEnvironment(environment), parts: parts, keys: keys)
        if let file {
            do {
                reading.file = try SettingsFile(path: file)
            } catch {
                reading.problems += error.problems
            }
        }
        return reading.report()
    }
}

/// A reading in progress: every key is looked up, every problem is kept.
private struct SettingsReading {
    let environment: SettingsEnvironment
    let parts: Set<SettingsPart>
    let keys: KeyPlaces?
    var file: SettingsFile?
    var problems: [SettingsProblem] = []
    private var entries: [SettingsReport.Entry] = []
    /// Keys with a problem, which have their defaults.
    private var faulty: Set<String> = []

    init(environment: SettingsEnvironment, parts: Set<SettingsPart>, keys: KeyPlaces?) {
        self.environment = environment
        self.parts = parts
        self.keys = keys
    }

    mutating func report() -> SettingsReport {
        problems += file?.keyProblems() ?? []
        var settings = Settings()
        for section in Settings.sections {
            for setting in section.settings {
                read(setting, SettingsKey(section.name, setting.name), into: &settings)
            }
        }
        findKeys(for: &settings)
        settings.models = readModels()
        let modelKeys = settings.models.flatMap { model in
            ModelSettings.table.map { SettingsKey(Settings.modelsSection, model.name, $0.name) }
        }
        problems += environment.unknownVariables(keys: SettingsKey.all + modelKeys)
        problems += Contradiction.problems(in: settings, places: places(settings.models), for: parts, except: faulty)
        return SettingsReport(settings: settings, entries: entries, problems: problems)
    }

    /// Keys that no setting names, for the parts that need them.
    private mutating func findKeys(for settings: inout Settings) {
        guard let keys else { return }
        if parts.contains(.broker), settings.access.serverSecretKeyFile == nil, let file = keys.file(of: .broker) {
            settings.access.serverSecretKeyFile = file
            note("access", "server_secret_key_file", in: settings, from: file)
        }
        if settings.access.metricsTokenFile == nil, let file = keys.metricsToken {
            settings.access.metricsTokenFile = file
            note("access", "metrics_token_file", in: settings, from: file)
        }
        if parts.contains(.broker), settings.store.url != nil, settings.store.passwordFile == nil,
            let file = keys.storePassword
        {
            settings.store.passwordFile = file
            note("store", "password_file", in: settings, from: file)
        }
        // A client that is told no broker's key needs none of its own, whether it has one or not.
        let part = [SettingsPart.worker, .gateway].first(where: parts.contains) ?? .client
        guard parts.contains(part), settings.access.clientSecretKeyFile == nil, let file = keys.file(of: part),
            part == .worker || !settings.access.serverPublicKey.isEmpty
        else { return }
        settings.access.clientSecretKeyFile = file
        note("access", "client_secret_key_file", in: settings, from: file)
    }

    private mutating func note(_ section: String, _ name: String, in settings: Settings, from path: String) {
        let key = SettingsKey(section, name)
        let table = Settings.sections.first { $0.name == section }?.settings
        guard let setting = table?.first(where: { $0.name == name }),
            let index = entries.firstIndex(where: { $0.key == key.description })
        else { return }
        entries[index] = SettingsReport.Entry(key, setting, in: settings, from: .found(path: path))
    }

    /// The file's models, or the demo model if it names none.
    private mutating func readModels() -> [ModelSettings] {
        let names = file?.modelNames ?? []
        return (names.isEmpty ? [ModelSettings.demo.name] : names).map { name in
            var model = name == ModelSettings.demo.name ? .demo : ModelSettings(name: name)
            for setting in ModelSettings.table {
                read(setting, SettingsKey(Settings.modelsSection, name, setting.name), into: &model)
            }
            return model
        }
    }

    /// Looks one key up: the environment goes over the file, and the file over the default, which `root` has.
    private mutating func read<Root>(_ setting: Setting<Root>, _ key: SettingsKey, into root: inout Root) {
        var source = SettingsSource.default
        if let found = environment.text(at: key) {
            let value = environment.value(at: key, setting.type)
            source = .environment(variable: found.variable)
            take(value, "\"\(found.text)\"", from: &source, setting, key, into: &root)
        } else if let file, let node = file.node(at: key), node.isValue {
            let value = file.value(at: key, setting.type)
            source = .file(path: file.path, line: node.line)
            take(value, node.text, from: &source, setting, key, into: &root)
        }
        entries.append(SettingsReport.Entry(key, setting, in: root, from: source))
    }

    /// - Parameter text: What the source has, for the message when that is no value of the key.
    private mutating func take<Root>(
        _ value: ConfigContent?, _ text: String, from source: inout SettingsSource, _ setting: Setting<Root>,
        _ key: SettingsKey, into root: inout Root
    ) {
        if let value, setting.set(value, &root) { return }
        problems.append(
            SettingsProblem(
                place: source.description, what: "\(key) is \(text)",
                remedy: "it must be \(setting.form); the default is \(setting.text(root))"))
        faulty.insert(key.description)
        source = .default
    }

    /// Where a reader has to look for a key that somebody has set, and for a model.
    private func places(_ models: [ModelSettings]) -> [String: String] {
        var places: [String: String] = [:]
        for entry in entries where entry.source != .default { places[entry.key] = entry.source.description }
        for model in models {
            let key = SettingsKey(Settings.modelsSection, model.name)
            if let file, let node = file.node(at: key) { places[key.description] = "\(file.path):\(node.line)" }
        }
        return places
    }
}
