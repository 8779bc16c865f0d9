package import ArgumentParser
import DragomanEngine

/// `dragoman model inspect`
package struct Inspect: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Shows what a model is, without loading its weights.",
        discussion: """
            Example:
              dragoman model inspect opus-mt-en-de

            Exit status: 0, 64 for wrong arguments, 74 when writing fails, 78 when there is no such model.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A model's folder, or a pulled one's name. (default: the English-French demo model)", valueName: "dir"),
        completion: .directory)
    var directory: String?

    @Flag(help: "Write one JSON object.")
    var json = false

    package init() {}

    package func run() throws {
        let description: ModelDescription
        do {
            description = try ModelDescription(model: ModelArgument.folder(directory))
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError(.badConfiguration, String(describing: error))
        }
        let report = ModelReport(description)
        try OutputFile.standardOutput.finish(with: json ? report.json : Array(report.text.utf8))
    }
}
