import ArgumentParser
import Documents

/// The flags that say where requests come from, and what results look like.
package struct InputOutputFlags: ParsableArguments {
    @Argument(
        help: ArgumentHelp("What to translate. (default: -, standard input)", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "What the input is made of. (default: text on a terminal, lines otherwise)", valueName: "format"))
    var inputFormat: InputFormat?

    @Option(
        help: ArgumentHelp(
            "Translate a document, and keep all of it that is not text. (default: by the file's name)",
            valueName: "format"))
    var format: DocumentFormat?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Of JSON, YAML, properties and strings: translate only values of these keys, such as menu.*; !key for all others.",
            valueName: "pattern"))
    var keys: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file. (default: standard output)", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(help: "Write one JSON object a request.")
    var json = false

    @Flag(help: "Add cross-attention weights to the JSON output.")
    var alignments = false

    @Option(
        help: ArgumentHelp(
            "Do not translate: write the scores of these translations, line by line beside the input.",
            valueName: "file"),
        completion: .file())
    var score: String?

    package init() {}

    package func validate() throws {
        if alignments && !json && inputFormat != .jsonl { throw ValidationError("--alignments needs --json") }
        try checkDocument()
        guard let score else { return }
        if inputFormat == .text { throw ValidationError("--score needs lines or tokens; the text would be one line") }
        if inputFormat == .jsonl { throw ValidationError("JSON requests have their own \"target\", without --score") }
        if score == "-", file == nil || file == "-" {
            throw ValidationError("--score and the input cannot both be standard input")
        }
    }

    /// The format of the document that the input is, by the flag or by its name; nil: it is no document.
    ///
    /// Plain text is one only when it is called so: files of lines have the same names.
    var documentFormat: DocumentFormat? {
        if let format { return format }
        guard inputFormat == nil, !json, score == nil, let file, let named = DocumentFormat(fileName: file) else {
            return nil
        }
        return named == .text ? nil : named
    }

    private func checkDocument() throws {
        if format != nil, inputFormat != nil { throw ValidationError("--format and --input-format exclude each other") }
        if format != nil, json { throw ValidationError("--json has no place in a document; give --input-format text") }
        if format != nil, score != nil { throw ValidationError("--score needs lines or tokens, and no --format") }
        if !keys.isEmpty, documentFormat?.hasKeys != true {
            throw ValidationError("--keys needs a format with keys: json, yaml, properties or strings")
        }
    }

    func format(isTerminal: Bool) -> InputFormat {
        inputFormat ?? (isTerminal && score == nil ? .text : .lines)
    }

    func style(for format: InputFormat, hypotheses: Int) -> ResultFormat.Style {
        // Results of JSON requests may have several lines, and may each have other options: no list could hold them.
        if json || format == .jsonl { return .json }
        if score != nil { return .score }
        return hypotheses > 1 ? .list : .best
    }
}

extension DocumentFormat: ExpressibleByArgument {
    /// By its name, or as files of it end.
    package init?(argument: String) {
        guard let format = DocumentFormat(rawValue: argument) ?? DocumentFormat(fileName: ".\(argument)") else {
            return nil
        }
        self = format
    }
}
