import Foundation
import Settings
import Testing

@Suite("Config/dragoman.yaml")
struct DocumentTests {
    private static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Config/dragoman.yaml")

    @Test("the file is what the table says")
    func fileIsTheTable() throws {
        let text = try String(contentsOf: Self.url, encoding: .utf8)
        #expect(text == SettingsDocument.text, "dragoman check --defaults > Config/dragoman.yaml writes it anew")
    }

    @Test("the file names every key of the table, with its default")
    func fileHasTheDefaults() throws {
        let report = Settings.read(file: Self.url.path, environment: [:])
        #expect(report.problems == [])
        #expect(report.settings == Settings())
        let inFile = report.entries.filter { $0.source != .default }.map(\.key)
        #expect(inFile == keys.map { "\($0.section).\($0.setting.name)" })
    }

    @Test("each key has a comment with reason, form and unit")
    func everyKeyIsExplained() throws {
        var comment = ""
        var explained: [String] = []
        for line in SettingsDocument.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.trimmingCharacters(in: .whitespaces)
            if content.hasPrefix("# ") {
                comment += content.dropFirst(1)
            } else if line.hasPrefix("  "), let name = content.split(separator: ":").first {
                let setting = try #require(
                    keys.first { $0.setting.name == name && comment.contains($0.setting.reason) })
                #expect(comment.contains(setting.setting.form.dropFirst()))
                #expect(!setting.setting.reason.isEmpty)
                #expect(setting.setting.unit.isEmpty || comment.contains(setting.setting.unit))
                explained.append(String(name))
                comment = ""
            } else {
                comment = ""
            }
        }
        #expect(explained == keys.map(\.setting.name))
    }

    @Test("a number that counts something says what, and its name ends with it")
    func unitsAreNamed() {
        for (section, setting) in keys where setting.form.hasPrefix("a whole number") {
            #expect(!setting.unit.isEmpty, "\(section).\(setting.name)")
        }
        for (section, setting) in keys where setting.unit == "ms" {
            #expect(setting.name.split(separator: "_").contains("ms"), "\(section).\(setting.name)")
        }
        for (section, setting) in keys where setting.unit == "bytes" {
            #expect(setting.name.split(separator: "_").contains("bytes"), "\(section).\(setting.name)")
        }
    }

    @Test("the example of a model works as it stands")
    func exampleOfAModel() throws {
        let text = SettingsDocument.text.replacing("models: {}", with: "models:").replacing("\n#  ", with: "\n  ")
        let report = try read(text)
        #expect(report.problems == [])
        var model = ModelSettings(name: "opus-en-de")
        model.directory = "Helsinki-NLP/opus-mt-en-de"
        model.sourceLanguage = "en"
        model.targetLanguage = "de"
        #expect(report.settings.models == [model])
    }

    @Test("every stored property has its key, and every key its property")
    func propertiesAreKeys() {
        let settings = Settings()
        for section in Mirror(reflecting: settings).children where section.label != "models" {
            let properties = Mirror(reflecting: section.value).children.compactMap(\.label).map(snakeCase)
            let names = keys.filter { $0.section == section.label }.map { inMilliseconds($0.setting.name) }
            #expect(Set(properties) == Set(names))
        }
        let model = Mirror(reflecting: ModelSettings.demo).children.compactMap(\.label).map(snakeCase)
        #expect(Set(model) == Set(ModelSettings.table.map(\.name) + ["name"]))
    }

    @Test(
        "the gateway's address is a host and a port",
        arguments: [("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:5000", "[::1]", 5000), ("[::]:0", "[::]", 0)])
    func address(address: String, host: String, port: Int) {
        var settings = GatewaySettings()
        settings.address = address
        #expect(settings.host == host && settings.port == port)
    }

    /// Times are kept in milliseconds, whatever unit the file has them in.
    private func inMilliseconds(_ name: String) -> String {
        for unit in ["_days", "_hours"] where name.hasSuffix(unit) { return name.dropLast(unit.count) + "_ms" }
        return name
    }

    private func snakeCase(_ name: String) -> String {
        name.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }
}
