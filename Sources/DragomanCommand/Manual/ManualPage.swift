import Settings

/// A page of the manual: its file's name and its text. Pages are made from what `--help` and `dragoman check` say, so
/// that there is one place to say it.
package struct ManualPage: Sendable {
    /// `dragoman-model-pull.1`
    package let name: String
    package let text: String

    /// Section 1: a command.
    package init(_ command: CommandHelp, version: String) {
        let title = command.words.joined(separator: "-")
        var page = ManualText()
        page.macro("TH", title.uppercased(), "1", "", "dragoman \(version)", "Dragoman")
        page.heading("NAME")
        page.line("\(title) - \(Self.clause(command.abstract ?? ""))")
        page.heading("SYNOPSIS")
        page.raw(Self.synopsis(command))
        if let discussion = command.discussion {
            page.heading("DESCRIPTION")
            page.paragraphs(discussion)
        }
        for (section, arguments) in Self.sections(command) {
            page.heading(section)
            for argument in arguments { page.entry(Self.term(argument), Self.meaning(argument)) }
        }
        if !command.shownSubcommands.isEmpty {
            page.heading("COMMANDS")
            for command in command.shownSubcommands {
                page.entry(command.words.joined(separator: "-") + "(1)", [command.abstract ?? ""])
            }
        }
        page.heading("SEE ALSO")
        page.line(Self.related(command).joined(separator: ", "))
        name = "\(title).1"
        text = page.text
    }

    /// Section 5: the configuration file.
    package static func configuration(version: String) -> ManualPage {
        var page = ManualText()
        page.macro("TH", "DRAGOMAN.YAML", "5", "", "dragoman \(version)", "Dragoman")
        page.heading("NAME")
        page.line("dragoman.yaml - the settings of Dragoman's daemons and clients")
        page.heading("DESCRIPTION")
        page.paragraphs(
            """
            \(ConfigurationFile.installedPath) has the settings, in YAML. A value in it goes over the default, and an
            environment variable over both: DRAGOMAN_BROKER_LEASE_MS is broker.lease_ms. An unknown key is an error.
            dragoman check shows each value, where it comes from, and every mistake.
            """)
        for section in Settings.sections {
            page.heading(section.name.uppercased())
            page.paragraphs(section.reason)
            for setting in section.settings {
                page.entry("\(section.name).\(setting.name)", Self.meaning(setting, in: Settings()))
            }
        }
        page.heading("MODELS")
        page.paragraphs("The models that workers offer, each under its own name.")
        for setting in ModelSettings.table {
            let model = ModelSettings(name: "NAME")
            page.entry("\(Settings.modelsSection).NAME.\(setting.name)", Self.meaning(setting, in: model))
        }
        page.heading("SEE ALSO")
        page.line("dragoman-check(1), dragoman-broker(1), dragoman-worker(1)")
        return ManualPage(name: "dragoman.yaml.5", text: page.text)
    }

    private init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    private static func meaning<Root>(_ setting: Setting<Root>, in root: Root) -> [String] {
        let value = setting.text(root)
        return [
            setting.reason,
            "Must be \(setting.form). Default: \(value.isEmpty ? "none" : value). Changed by: \(setting.change.rawValue).",
        ]
    }

    /// As whatis(1) wants it: no capital, no full stop.
    private static func clause(_ sentence: String) -> String {
        let words = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    private static func synopsis(_ command: CommandHelp) -> String {
        let shown = shownArguments(command)
        var parts = ["\\fB\(ManualText.escaped(command.words.joined(separator: " ")))\\fR"]
        if shown.contains(where: { $0.kind != .positional }) { parts.append("[\\fIoptions\\fR]") }
        for argument in shown where argument.kind == .positional {
            let ellipsis = argument.isRepeating ? " ..." : ""
            let name = "\\fI\(ManualText.escaped(argument.valueName ?? "value"))\\fR\(ellipsis)"
            parts.append(argument.isOptional ? "[\(name)]" : name)
        }
        if !command.shownSubcommands.isEmpty { parts.append("\\fIcommand\\fR") }
        return parts.joined(separator: " ")
    }

    /// In the order of help: the sections as they first appear; without a title, arguments and options.
    private static func sections(_ command: CommandHelp) -> [(String, [CommandHelp.Argument])] {
        var sections: [(title: String, arguments: [CommandHelp.Argument])] = []
        for argument in shownArguments(command) {
            let title = (argument.sectionTitle ?? (argument.kind == .positional ? "Arguments" : "Options")).uppercased()
            if let index = sections.firstIndex(where: { $0.title == title }) {
                sections[index].arguments.append(argument)
            } else {
                sections.append((title, [argument]))
            }
        }
        return sections
    }

    private static func shownArguments(_ command: CommandHelp) -> [CommandHelp.Argument] {
        (command.arguments ?? []).filter(\.shouldDisplay)
    }

    private static func term(_ argument: CommandHelp.Argument) -> String {
        guard argument.kind != .positional else { return argument.valueName ?? "value" }
        let names = (argument.names ?? []).map(\.text).joined(separator: ", ")
        return argument.kind == .flag ? names : "\(names) \(argument.valueName ?? "value")"
    }

    private static func meaning(_ argument: CommandHelp.Argument) -> [String] {
        var meaning = [argument.abstract ?? ""]
        if let discussion = argument.discussion { meaning.append(discussion) }
        if let value = argument.defaultValue { meaning.append("Default: \(value).") }
        if let values = argument.allValues, !values.isEmpty {
            meaning.append("Values: \(values.joined(separator: ", ")).")
        }
        return meaning
    }

    /// The command above this one, and the settings that all share.
    private static func related(_ command: CommandHelp) -> [String] {
        let above = command.superCommands?.joined(separator: "-")
        return [above.map { "\($0)(1)" }, "dragoman.yaml(5)"].compactMap(\.self)
    }
}
