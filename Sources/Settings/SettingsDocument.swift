/// `Config/dragoman.yaml`: every key with its default, what it must be, and why. It is written from the table, so that
/// there is one place to say it; a test compares.
package enum SettingsDocument {
    package static var text: String {
        var lines = header
        for section in Settings.sections {
            lines += ["", "# \(section.reason)", "\(section.name):"]
            for setting in section.settings {
                lines += entry(setting, in: Settings(), indentation: "  ")
            }
        }
        return (lines + models).joined(separator: "\n") + "\n"
    }

    private static let columns = 100

    private static let header = [
        "# Dragoman's settings: every key with its default. A value here goes over the default, and an",
        "# environment variable over both: DRAGOMAN_BROKER_LEASE_MS is broker.lease_ms; lists have commas",
        "# there. Delete what you do not change. dragoman check says what is in force and where it comes",
        "# from, and finds every mistake.",
        "#",
        "# Changed values are taken up by a restart, and some by SIGHUP (systemctl reload): each key says by which.",
        "#",
        "# An unknown key is an error, here and in the environment. (Kubernetes sets variables such as",
        "# DRAGOMAN_BROKER_PORT for a service of that name: enableServiceLinks: false.)",
    ]

    /// The names under `models` are the user's, so their keys are shown in a comment.
    private static var models: [String] {
        var example = ModelSettings(name: "opus-en-de")
        example.directory = "Helsinki-NLP/opus-mt-en-de"
        example.sourceLanguage = "en"
        example.targetLanguage = "de"
        var lines = [
            "",
            "# The models that workers offer, by name. None: the demo model, which is part of the program. As soon as",
            "# models are named here, it is offered only if it is one of them: add \"\(ModelSettings.demo.name): {}\".",
            "\(Settings.modelsSection): {}",
            "#  \(example.name):",
        ]
        for setting in ModelSettings.table {
            lines += entry(setting, in: example, indentation: "    ").map { "#" + $0 }
        }
        return lines
    }

    private static func entry<Root>(_ setting: Setting<Root>, in root: Root, indentation: String) -> [String] {
        let value = setting.text(root)
        let reading = setting.reading(root)
        // What 0 or nothing means is part of the form already.
        let isSaid = setting.form.contains(reading) || [value, "\(value) \(setting.unit)"].contains(reading)
        let meaning = isSaid ? "" : " Default: \(reading)."
        let how = "Must be \(setting.form).\(meaning) Changed by: \(setting.change.rawValue)."
        let comments = (wrapped(setting.reason) + wrapped(how)).map { "\(indentation)# \($0)" }
        return comments + ["\(indentation)\(setting.name): \(value)"]
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
