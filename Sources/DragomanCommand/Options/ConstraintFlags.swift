import ArgumentParser

/// The flags that say what outputs must or must not contain.
package struct ConstraintFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Divides the positive and multiplies the negative scores of tokens already in the output.",
            valueName: "x"))
    var repetitionPenalty: Float?

    @Option(
        help: ArgumentHelp("Forbids the second appearance of any n tokens in a row; 0 allows it.", valueName: "n"))
    var noRepeatNgramSize: Int?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Forbids these target tokens in a row, separated by spaces. May be given several times.",
            valueName: "tokens"))
    var suppress: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The target token that every sentence begins with; a target language, as a rule.", valueName: "token"))
    var forceFirstToken: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the translation begins with (with --input-format tokens, in tokens).", valueName: "text"))
    var prefix: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Normalise probabilities again after tokens have been forbidden or penalised.")
    var renormalizeScores: Bool?

    package init() {}
}
