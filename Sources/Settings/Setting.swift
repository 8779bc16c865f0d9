import Configuration

/// A row of the table: a key of the file, where its value is kept, and what there is to say about it.
package struct Setting<Root>: Sendable {
    /// When a changed value is taken up.
    package enum Change: String, Sendable {
        case reload = "SIGHUP"
        case restart
    }

    package let name: String
    /// What the value counts: empty where it counts nothing.
    package let unit: String
    /// What a value must be, as it goes on after "it must be".
    package let form: String
    package let change: Change
    package let reason: String
    /// What sources are asked for.
    let type: ConfigType
    /// False, and nothing set, when the value is not of the form.
    let set: @Sendable (ConfigContent, inout Root) -> Bool
    /// As the file would write it.
    package let text: @Sendable (Root) -> String
    /// The same for people, where that is shorter: `30 s`.
    package let reading: @Sendable (Root) -> String
    /// From one value to another.
    let copy: @Sendable (Root, inout Root) -> Void

    init<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ form: SettingForm<Value>,
        _ change: Change, _ reason: String
    ) {
        self.name = name
        self.unit = form.unit.rawValue
        self.form = form.words
        self.change = change
        self.reason = reason
        type = form.type
        set = { content, root in
            guard let value = form.decode(content) else { return false }
            root[keyPath: path] = value
            return true
        }
        text = { form.encode($0[keyPath: path]) }
        reading = { form.reading($0[keyPath: path]) }
        copy = { source, target in target[keyPath: path] = source[keyPath: path] }
    }
}
