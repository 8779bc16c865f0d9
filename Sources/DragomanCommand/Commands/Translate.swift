package import ArgumentParser
package import Documents
import DragomanEngine
package import JobModel
import SettingValues

/// `dragoman translate`
package struct Translate: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Translates documents, text, lines, model tokens or JSON requests.",
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
    @OptionGroup(title: "Terms")
    var glossary: GlossaryFlags
    @OptionGroup(title: "Terms")
    var memory: MemoryFlags
    @OptionGroup
    var translation: TranslationFlags

    package init() {}

    package func validate() throws {
        if inputOutput.score != nil && translation.options.returnScores == false {
            throw ValidationError("--score writes nothing but scores")
        }
        guard cacheBytes >= 0 else { throw ValidationError("--cache-bytes must be 0 or more, not \(cacheBytes)") }
        let document = inputOutput.documentFormat
        try translation.checkParagraphs(
            inputFormat: "text",
            isDocument: document == .text || inputOutput.inputFormat == .text || inputOutput.inputFormat == .jsonl)
        if document != nil, translation.hypotheses > 1 {
            throw ValidationError("a document has one translation: leave --n-best out, or give --input-format lines")
        }
        if !inputOutput.json && inputOutput.inputFormat != .jsonl { try translation.checkListsScores() }
        if !glossary.files.isEmpty {
            if inputOutput.inputFormat == .tokens || inputOutput.score != nil {
                throw ValidationError("--glossary is for texts that are translated, not for tokens and scores")
            }
            if glossary.readsStandardInput, inputOutput.file == nil || inputOutput.file == "-" {
                throw ValidationError("--glossary and the input cannot both be standard input")
            }
        }
        if !memory.files.isEmpty {
            if inputOutput.inputFormat == .tokens || inputOutput.score != nil {
                throw ValidationError("--memory is for texts that are translated, not for tokens and scores")
            }
            if memory.readsStandardInput,
                glossary.readsStandardInput || inputOutput.file == nil || inputOutput.file == "-"
            {
                throw ValidationError("--memory and another input cannot both be standard input")
            }
        }
    }

    package func run() async throws {
        // Files first: to load a model only to find a name mistyped would be a waste.
        let input = try InputFile.named(inputOutput.file)
        let targets = try inputOutput.score.map(InputFile.named)
        let output =
            try inputOutput.output.map { path throws(CommandError) in try OutputFile.named(path) } ?? .standardOutput
        let messages = OutputFile.standardError
        let terms = try glossary.read()
        let known = try memory.read()
        if let format = inputOutput.documentFormat {
            return try await document(format, terms, known, input, output, messages)
        }
        if inputOutput.output != nil {
            guard !input.isSame(as: output) else {
                throw CommandError(.usage, "\(output.name) is the input too; give --output another file")
            }
        }
        let translator = try engine.translator(cacheBytes: cacheBytes)
        let (glossary, use) = try resources(terms, known, translator)
        // What cannot be translated leaves the file as it was.
        if inputOutput.output != nil { try output.empty() }
        var session = session(
            input: input, targets: targets, glossary: glossary, output: output, messages: messages,
            translate: Self.translating(with: translator, use))
        // On a terminal the output itself shows how far things are.
        session.showsProgress = messages.isTerminal && !output.isTerminal
        let status = try await session.run()
        try output.finish()
        if let use { try? messages.write("dragoman: \(use.summary)\n") }
        guard status == .success else { throw CommandError(status, nil) }
    }

    private func document(
        _ format: DocumentFormat, _ terms: GlossaryFiles?, _ known: MemoryFiles?, _ input: InputFile,
        _ output: OutputFile, _ messages: OutputFile
    ) async throws {
        let document = try DocumentSession.read(input, format, keys: inputOutput.keys)
        let translator = try engine.translator(cacheBytes: cacheBytes)
        let (glossary, use) = try resources(terms, known, translator)
        let session = documentSession(
            document, glossary: glossary, messages: messages, translate: Self.translating(with: translator, use))
        let (bytes, status) = try await session.run()
        if inputOutput.output != nil { try output.empty() }
        try output.finish(with: bytes)
        if let use { try? messages.write("dragoman: \(use.summary)\n") }
        guard status == .success else { throw CommandError(status, nil) }
    }

    /// What the files have between the languages of the flags, or else of the model.
    private func resources(
        _ terms: GlossaryFiles?, _ known: MemoryFiles?, _ translator: Translator
    ) throws(CommandError) -> (Glossary?, MemoryUse?) {
        let pair = languages.languages.over(RequestLanguages(translator.description))
        let memory = try known?.memory(pair)
        return (try terms?.glossary(pair), memory.map(MemoryUse.init))
    }

    private static func translating(
        with translator: Translator, _ use: MemoryUse?
    ) -> TranslationSession.Translate {
        let translate: TranslationSession.Translate = { try await translator.translate($0) }
        return use?.translating(translate) ?? translate
    }

    package func documentSession(
        _ document: DocumentFile, glossary: Glossary? = nil, messages: OutputFile,
        translate: @escaping TranslationSession.Translate
    ) -> DocumentSession {
        var options = options
        options.returnScores = options.returnScores ?? false
        var session = DocumentSession(
            document: document, options: options, languages: languages.languages, messages: messages,
            translate: translate)
        session.glossary = glossary
        return session
    }

    package func session(
        input: InputFile, targets: InputFile?, glossary: Glossary? = nil, output: OutputFile, messages: OutputFile,
        translate: @escaping TranslationSession.Translate
    ) -> TranslationSession {
        let inputFormat = inputOutput.format(isTerminal: input.isTerminal)
        let style = inputOutput.style(for: inputFormat, hypotheses: translation.hypotheses)
        var options = options
        // What has no place in the output need not be computed.
        if style == .best { options.returnScores = options.returnScores ?? false }
        return TranslationSession(
            input: input, targets: targets,
            parser: RequestParser(
                format: inputFormat, options: options, languages: languages.languages, glossary: glossary),
            format: ResultFormat(style: style, input: inputFormat),
            output: output, messages: messages, translate: translate)
    }

    /// The format of the input if it is a document; nil otherwise.
    package var documentFormat: DocumentFormat? { inputOutput.documentFormat }

    /// Which values of a file with keys are translated.
    package var keys: [String] { inputOutput.keys }

    /// The flags of all groups, which are also the defaults of JSON requests.
    package var options: SearchOptions { translation.options(alignments: inputOutput.alignments) }
}
