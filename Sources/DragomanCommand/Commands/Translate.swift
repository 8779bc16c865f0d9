package import ArgumentParser
import DragomanEngine
package import JobModel
import SettingValues

/// `dragoman translate`
package struct Translate: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Translates text, lines, model tokens or JSON requests.",
        discussion: TranslateDiscussion.text
    )

    @OptionGroup(title: "Input and output")
    var inputOutput: InputOutputFlags
    @OptionGroup(title: "Engine")
    var engine: EngineFlags
    @Option(
        help: ArgumentHelp(
            """
            The most memory for translations of sentences that may come again; 0 translates each again, to the same \
            output.
            """, valueName: "n"))
    var cacheBytes = WorkerSettings().cacheBytes
    @OptionGroup(title: "Languages")
    var languages: LanguageFlags
    @OptionGroup
    var translation: TranslationFlags

    package init() {}

    package func validate() throws {
        if inputOutput.score != nil && translation.options.returnScores == false {
            throw ValidationError("--score writes nothing but scores")
        }
        guard cacheBytes >= 0 else { throw ValidationError("--cache-bytes must be 0 or more, not \(cacheBytes)") }
        try translation.checkParagraphs(
            inputFormat: "text", isDocument: inputOutput.inputFormat == .text || inputOutput.inputFormat == .jsonl)
        if !inputOutput.json && inputOutput.inputFormat != .jsonl { try translation.checkListsScores() }
    }

    package func run() async throws {
        // Files first: to load a model only to find a name mistyped would be a waste.
        let input = try InputFile.named(inputOutput.file)
        let targets = try inputOutput.score.map(InputFile.named)
        let translator = try engine.translator(cacheBytes: cacheBytes)
        let output = OutputFile.standardOutput
        let messages = OutputFile.standardError
        var session = session(input: input, targets: targets, output: output, messages: messages) {
            try await translator.translate($0)
        }
        // On a terminal the output itself shows how far things are.
        session.showsProgress = messages.isTerminal && !output.isTerminal
        let status = try await session.run()
        try output.finish()
        guard status == .success else { throw CommandError(status, nil) }
    }

    package func session(
        input: InputFile, targets: InputFile?, output: OutputFile, messages: OutputFile,
        translate: @escaping TranslationSession.Translate
    ) -> TranslationSession {
        let inputFormat = inputOutput.format(isTerminal: input.isTerminal)
        let style = inputOutput.style(for: inputFormat, hypotheses: translation.hypotheses)
        var options = options
        // What has no place in the output need not be computed.
        if style == .best { options.returnScores = options.returnScores ?? false }
        return TranslationSession(
            input: input, targets: targets,
            parser: RequestParser(format: inputFormat, options: options, languages: languages.languages),
            format: ResultFormat(style: style, input: inputFormat),
            output: output, messages: messages, translate: translate)
    }

    /// The flags of all groups, which are also the defaults of JSON requests.
    package var options: SearchOptions { translation.options(alignments: inputOutput.alignments) }
}
