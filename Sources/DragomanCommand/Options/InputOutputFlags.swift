import ArgumentParser

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
        guard let score else { return }
        if inputFormat == .text { throw ValidationError("--score needs lines or tokens; the text would be one line") }
        if inputFormat == .jsonl { throw ValidationError("JSON requests have their own \"target\", without --score") }
        if score == "-", file == nil || file == "-" {
            throw ValidationError("--score and the input cannot both be standard input")
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
