package import ArgumentParser
import DragomanEngine
import Foundation

/// `dragoman model import`
package struct Import: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Packs a model, so that it loads in milliseconds.",
        discussion: """
            Quantises and packs the weights once, and writes them with everything else of the model into one file, \
            packed.safetensors, which is mapped into memory when the model is loaded: processes on a host share it. \
            Every command takes the folder as --model, and translates as it does with the original, to the bit, on \
            every processor. The file ends with its own checks: see dragoman model check. It is checked before it \
            takes the place of an older one.

            A newer version of dragoman may pack otherwise; it then says so, and the model has to be imported again.

            Examples:
              dragoman model import opus-mt-en-de --output opus-mt-en-de.packed
              dragoman translate --model opus-mt-en-de.packed news.txt

            Exit status: 0, 64 for wrong arguments, 74 when writing fails, 78 when the folder holds no model.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A folder of Hugging Face, CTranslate2 or Marian, a package of Argos Translate, or a pulled model's name.",
            valueName: "model"), completion: .file())
    var directory: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "dir"), completion: .directory)
    var output: String

    @Option(
        help: ArgumentHelp("int8 or float32: what the model is to be loaded for.", valueName: "format"),
        completion: .list(Precision.allCases.map(\.rawValue)), transform: EngineFlags.precision)
    var precision = Precision.int8

    @Flag(help: "Keep the lexical shortlist in the model's folder, and use it whenever the packed model translates.")
    var shortlist = false

    package init() {}

    package func run() throws {
        let model = try ModelArgument.folder(directory)
        do {
            try PackedFolder.write(
                model, to: URL(filePath: output, directoryHint: .isDirectory), precision: precision,
                usesShortlist: shortlist)
        } catch let error as ModelError where error.code == .unwritableFile {
            throw CommandError(.inputOutput, error.message)
        } catch {
            throw CommandError(.badConfiguration, String(describing: error))
        }
    }
}
