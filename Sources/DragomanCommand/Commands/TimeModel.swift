package import ArgumentParser
import DragomanEngine
import Foundation

/// `dragoman model time`
package struct TimeModel: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "time",
        abstract: "Measures how long a model takes to load, and what that time is made of.",
        discussion: """
            In milliseconds, the median of all loads, and the shortest and the longest. The files are in the system's \
            cache from the second load on.

              files         mapping the files, reading and checking what they say of the model
              text          vocabularies and tokenizer
              weights       making or mapping what the layers compute with
              threads       starting them
              ready         all of these: requests are taken
              tokenizer     from the start until texts can be cut into tokens; of a packed model SentencePiece loads in
                            the background, and the first text waits for it
              first answer  from the start until a text of one word has been translated

            Examples:
              dragoman model time opus-mt-en-de
              dragoman model time opus-mt-en-de.packed --repeat 25

            Exit status: 0, 64 for wrong arguments, 74 when writing fails, 78 when the model cannot be loaded.
            """
    )

    @Argument(help: ArgumentHelp("A model's folder, or a pulled one's name.", valueName: "dir"), completion: .directory)
    var directory: String

    @Option(
        help: ArgumentHelp("int8 or float32.", valueName: "format"),
        completion: .list(Precision.allCases.map(\.rawValue)), transform: EngineFlags.precision)
    var precision = Precision.int8

    @Option(help: ArgumentHelp("Threads to start.", valueName: "n"))
    var threads = 1

    @Option(help: ArgumentHelp("How often the model is loaded.", valueName: "n"))
    var `repeat` = 9

    package init() {}

    package func validate() throws {
        guard `repeat` >= 1 else { throw ValidationError("--repeat must be 1 or more, not \(`repeat`)") }
        guard threads >= 1 else { throw ValidationError("--threads must be 1 or more, not \(threads)") }
    }

    package func run() async throws {
        let model = try ModelArgument.folder(directory)
        var stages: [(name: String, times: [Double])] =
            ["files", "text", "weights", "threads", "ready", "tokenizer", "first answer"].map { ($0, []) }
        for _ in 0..<`repeat` {
            let load: [Duration]
            do {
                load = try await measured(model)
            } catch {
                throw CommandError(.badConfiguration, String(describing: error))
            }
            for (index, time) in load.enumerated() { stages[index].times.append(time / .milliseconds(1)) }
        }
        let rows = stages.map { stage in
            let spread = BenchFigures.spread(stage.times)
            return [stage.name, Self.text(spread.median), Self.text(spread.minimum), Self.text(spread.maximum)]
        }
        try OutputFile.standardOutput.finish(
            with: Array(TextTable.text([["ms", "median", "least", "most"]] + rows).utf8))
    }

    /// Loads the model once, and lets go of it.
    private func measured(_ model: URL) async throws -> [Duration] {
        var settings = Translator.Settings()
        settings.precision = precision
        settings.threads = threads
        let start = ContinuousClock.now
        let translator = try Translator(model: model, settings: settings)
        let ready = start.duration(to: .now)
        try translator.loadTokenizer()
        let tokenizer = start.duration(to: .now)
        var request = TranslationRequest(translator.description.hasTokenizer ? .text("a") : .tokens(["a"]))
        request.options.beamSize = 1
        request.options.maximumLength = 1
        (request.sourceLanguage, request.targetLanguage) = translator.description.languages.anyPair
        _ = try await translator.translate(request)
        let answer = start.duration(to: .now)
        let times = translator.loadTimes
        return [times.files, times.text, times.weights, times.threads, ready, tokenizer, answer]
    }

    private static func text(_ milliseconds: Double) -> String { String(format: "%.2f", milliseconds) }
}
