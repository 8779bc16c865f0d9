import ArgumentParser
import DragomanEngine
import Foundation
import Systemd

/// The flags that say which model computes, and on what.
package struct EngineFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A folder of Hugging Face, CTranslate2 or Marian, a package of Argos Translate, a packed model, or the name \
            of a pulled one. (default: the English-French demo model)
            """, valueName: "dir"),
        completion: .directory)
    var model: String?

    @Option(
        help: ArgumentHelp("int8 or float32. (default: int8)", valueName: "format"),
        completion: .list(Precision.allCases.map(\.rawValue)), transform: EngineFlags.precision)
    var precision = Precision.int8

    @Option(
        help: ArgumentHelp(
            """
            Processor cores to compute on. One that has no sentence helps the others. (default: all, or as many as a \
            CPU quota grants)
            """, valueName: "n"))
    var threads: Int?

    @Flag(
        help:
            """
            Choose each sentence's tokens from the lexical shortlist in the model's folder. Faster, but words outside the \
            list cannot be produced. Only for models in Marian's own format, and packed models made from them with \
            --shortlist.
            """)
    var shortlist = false

    @Option(help: ArgumentHelp("The most tokens of one batch.", valueName: "n"))
    var batchTokens = Translator.Settings().batchTokens

    package init() {}

    package func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be 1 or more, not \(threads)") }
        guard batchTokens >= 1 else { throw ValidationError("--batch-tokens must be 1 or more, not \(batchTokens)") }
    }

    @Sendable static func precision(_ name: String) throws -> Precision {
        guard let precision = Precision(rawValue: name) else { throw ValidationError("it must be int8 or float32") }
        return precision
    }

    /// - Parameter cacheBytes: What remembered translations may take.
    /// - Throws: `CommandError` when the model cannot be loaded, or not with these settings.
    func translator(cacheBytes: Int) throws(CommandError) -> Translator {
        var settings = Translator.Settings()
        settings.precision = precision
        settings.threads = threads ?? Processors.usable
        settings.batchTokens = batchTokens
        settings.cacheBytes = cacheBytes
        settings.usesShortlist = shortlist
        // For tests and bug reports, which compare them; an option would promise that it matters.
        if let name = ProcessInfo.processInfo.environment["DRAGOMAN_ISA"], !name.isEmpty {
            settings.instructionSet = name
        }
        let directory = try ModelArgument.folder(model)
        do {
            return try Translator(model: directory, settings: settings)
        } catch let error as TranslationError {
            throw CommandError(.usage, error.message)
        } catch {
            throw CommandError(.badConfiguration, String(describing: error))
        }
    }
}
