package import ArgumentParser
import DragomanEngine
import Foundation

/// `dragoman model inspect`
package struct Inspect: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Shows what a model is, without loading its weights.",
        discussion: """
            Example:
              dragoman model inspect opus-mt-en-de

            Exit status: 0, 64 for wrong arguments, 74 when writing fails, 78 when the folder holds no model.
            """
    )

    @Argument(
        help: ArgumentHelp("A model's folder. (default: the English-French demo model)", valueName: "dir"),
        completion: .directory)
    var directory: String?

    @Flag(help: "Write one JSON object.")
    var json = false

    package init() {}

    package func run() throws {
        let description: ModelDescription
        do {
            let model = directory.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? Translator.demoModel
            description = try ModelDescription(model: model)
        } catch {
            throw CommandError(.badConfiguration, String(describing: error))
        }
        let report = ModelReport(description)
        try OutputFile.standardOutput.finish(with: json ? report.json : Array(report.text.utf8))
    }
}
