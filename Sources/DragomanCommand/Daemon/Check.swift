package import ArgumentParser
import DragomanEngine
import Foundation
import Gateway
import Glibc
import PostgresJobStore
import Settings
import Systemd

/// `dragoman check`
package struct Check: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Says what the configuration comes to, and finds its mistakes.",
        discussion: """
            The file that is in force, and why; every key, its value, and where it comes from; of the files that it \
            names, whether they can be used: by the user who runs this, or with --part by the service, which runs as \
            a user of its own, with the keys that systemd gives it.

            Examples:
              dragoman check
              dragoman check --config /srv/dragoman.yaml
              sudo dragoman check --part broker
              dragoman check --explain broker.lease_ms

            Exit status: 0, 64 for wrong arguments, 78 when a broker or worker would not start with it.
            """
    )

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    @Option(
        help: ArgumentHelp(
            "Check what the service of this part (broker, worker, gateway) meets. (default: broker and worker, as this user)",
            valueName: "part"))
    var part: ServiceView.Part?

    @Flag(help: "Show only what is not as by default.")
    var changed = false

    @Option(help: ArgumentHelp("Explain one key, or all of a section.", valueName: "key"))
    var explain: String?

    @Flag(help: "Write a configuration file that has every key's default, and do nothing else.")
    var defaults = false

    @Flag(help: "Write one JSON object.")
    var json = false

    package init() {}

    package func run() throws {
        if defaults { return try OutputFile.standardOutput.finish(with: Array(SettingsDocument.text.utf8)) }
        let parts = part.map { [$0] } ?? [.broker, .worker]
        // Root checks what is to run as a service more often than what root will run.
        let isAsSystemd = part != nil || geteuid() == 0
        let reports = parts.map { configuration.report(for: [$0.settings], asSystemd: isAsSystemd) }
        var problems: [String] = []
        for (part, report) in zip(parts, reports) {
            problems += report.problems.map(\.description) + Self.problems(ofFilesIn: report.settings, for: part)
            if self.part != nil { problems += ServiceView(part: part).problems(of: report) }
        }
        problems = problems.enumerated().filter { !problems[..<$0.offset].contains($0.element) }.map(\.element)
        // The reports differ in the keys that were found for each part.
        let found = reports.flatMap(\.entries).filter(\.isFound)
        let all = reports[0].entries.map { entry in found.first { $0.key == entry.key } ?? entry }
        let entries = all.filter { entry in
            if changed && entry.source == .default { return false }
            return explain.map { entry.key == $0 || entry.key.hasPrefix($0 + ".") } ?? true
        }
        if let explain, entries.isEmpty {
            throw CommandError(.usage, "there is no key \(explain); dragoman check lists them all")
        }
        var notes: [String] = []
        if explain == nil {
            let settings = reports[0].settings
            // The parts of two machines have one file, too: then the broker has models that it does not load.
            let standard =
                part == nil
                ? ModelSettings.note(onDefault: settings.broker.defaultModel, among: settings.models) : nil
            notes = [whoChecks, ModelSettings.note(on: settings.models), standard].compactMap(\.self)
        }
        let file = configuration.file
        try OutputFile.standardOutput.finish(
            with: json
                ? Self.json(file, entries, problems, notes) : Array((Self.text(file) + text(entries, notes)).utf8))
        guard problems.isEmpty else {
            let count = problems.count == 1 ? "a problem" : "\(problems.count) problems"
            throw CommandError(
                .badConfiguration, "the configuration has \(count):\n\(problems.joined(separator: "\n"))")
        }
    }

    /// The service is another user, and may not read what this one may.
    private var whoChecks: String {
        let user = ServiceView.userName
        guard let part else { return "checked as user \(user); for what a service meets, see --part" }
        guard !ServiceView.isStoreHidden else {
            return "checked as user \(user), who may not see the keys that systemd gives to services: use sudo"
        }
        return "checked for \(part.unit), which runs as a user of its own, by user \(user)"
    }

    /// What is wrong with the files that the settings name.
    private static func problems(ofFilesIn settings: Settings, for part: ServiceView.Part) -> [String] {
        var problems: [String] = []
        func note(_ check: () throws -> Void) {
            do { try check() } catch { problems.append((error as? CommandError)?.message ?? "\(error)") }
        }
        note { _ = try AccessFiles(settings: settings.access).metricsToken() }
        if part == .gateway {
            note { _ = try AccessFiles(settings: settings.access).client() }
            note {
                do throws(KeyRingError) {
                    _ = try settings.gateway.keysFile.map { (file) throws(KeyRingError) in try Access(file: file) }
                } catch {
                    throw CommandError(.badConfiguration, "gateway.keys_file: \(error)")
                }
            }
            return problems
        }
        guard part == .worker else {
            note { _ = try AccessFiles(settings: settings.access).server() }
            note { _ = try AccessFiles(settings: settings.access).tenantLimits() }
            note {
                if let store = try PostgresJobStore.Settings(settings, logger: nil) { _ = try PostgresJobStore(store) }
            }
            return problems
        }
        note { _ = try AccessFiles(settings: settings.access).client() }
        for model in settings.models {
            note {
                do {
                    _ = try ModelDescription(model: model.urls[0], usesShortlist: model.shortlist)
                } catch {
                    throw CommandError(.badConfiguration, "models.\(model.name): \(error)")
                }
            }
        }
        return problems
    }

    private static func text(_ file: ConfigurationFile) -> String {
        "configuration file: \(file.path ?? "none") (\(file.reason))\n"
    }

    private func text(_ entries: [SettingsReport.Entry], _ notes: [String]) -> String {
        let width = entries.map(\.key.count).max() ?? 0
        return entries.map { entry in
            let key = entry.key + String(repeating: " ", count: width - entry.key.count)
            // Where the value counts something and reads better otherwise.
            let reading = entry.reading == entry.value ? "" : " (\(entry.reading))"
            let line = "\(key)  \(entry.value)\(reading)  [\(entry.source)]\n"
            guard explain != nil else { return line }
            let change = entry.isReloadable ? "SIGHUP" : "a restart"
            return line + "    \(entry.reason)\n    Must be \(entry.form). Changed by \(change).\n"
        }.joined() + notes.map { "note: \($0)\n" }.joined()
    }

    private static func json(
        _ file: ConfigurationFile, _ entries: [SettingsReport.Entry], _ problems: [String], _ notes: [String]
    ) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("file", file.path)
            json.member("file_reason", file.reason)
            json.key("settings")
            json.array(entries) { json, entry in
                json.object { json in
                    json.member("key", entry.key)
                    json.member("value", entry.value)
                    json.member("source", entry.source.description)
                    json.member("unit", entry.unit)
                    json.member("form", entry.form)
                    json.member("reason", entry.reason)
                    json.member("is_reloadable", entry.isReloadable)
                }
            }
            json.key("problems")
            json.array(problems) { $0.string($1) }
            json.key("notes")
            json.array(notes) { $0.string($1) }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension ModelSettings {
    /// The folders that it may be in, the likeliest first; the demo model's, when none is named.
    var urls: [URL] { directory.map { ModelArgument.expectedFolders($0) } ?? [Translator.demoModel] }
}
