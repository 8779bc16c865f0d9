import Configuration

/// Environment variables that set a key: `DRAGOMAN_BROKER_LEASE_MS` for `broker.lease_ms`.
struct SettingsEnvironment: Sendable {
    private static let prefix = "DRAGOMAN_"

    private let variables: [String: String]
    private let provider: KeyMappingProvider<EnvironmentVariablesProvider>

    init(_ environment: [String: String]) {
        variables = environment.filter { $0.key.hasPrefix(Self.prefix) }
        provider = EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "dragoman")
    }

    /// A key's variable, and what it holds, if it is set.
    func text(at key: SettingsKey) -> (variable: String, text: String)? {
        // A text is always there as a text, so nothing is thrown here.
        guard !variables.isEmpty, let result = try? provider.value(forKey: key.absolute, type: .string),
            let text = variables[result.encodedKey]
        else { return nil }
        return (result.encodedKey, text)
    }

    /// The value of a key whose variable is set, or nil if it is not of the type.
    func value(at key: SettingsKey, _ type: ConfigType) -> ConfigContent? {
        try? provider.value(forKey: key.absolute, type: type).value?.content
    }

    /// Variables that look like a key's and are none. Others of our prefix, such as `DRAGOMAN_ISA`, have readers of
    /// their own.
    func unknownVariables(keys: [SettingsKey]) -> [SettingsProblem] {
        guard !variables.isEmpty else { return [] }
        let known = keys.compactMap { try? provider.value(forKey: $0.absolute, type: .string).encodedKey }
        let sections = (Settings.sections.map(\.name) + [Settings.modelsSection]).map {
            Self.prefix + $0.uppercased() + "_"
        }
        return variables.keys.sorted().filter { !known.contains($0) }.compactMap { name in
            let nearest = known.nearest(to: name)
            guard sections.contains(where: name.hasPrefix) || known.nearest(to: name, within: 2) != nil else {
                return nil
            }
            let isModel = name.hasPrefix(sections.last ?? name)
            let otherwise = isModel ? "unset it; only what the file has of a model can be changed here" : "unset it"
            return SettingsProblem(
                place: name, what: "this environment variable sets no key",
                remedy: nearest.map { "did you mean \($0)?" } ?? otherwise)
        }
    }
}
