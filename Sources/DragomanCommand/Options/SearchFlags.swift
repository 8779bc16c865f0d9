import ArgumentParser
import JobModel

/// The flags that say how outputs are searched for.
package struct SearchFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Hypotheses kept alive at every step; 1 is greedy search.", valueName: "n"))
    var beamSize: Int?

    @Option(
        help: ArgumentHelp(
            """
            Translations returned: at most the beam size, best first; or any number of samples, in the order \
            drawn.
            """, valueName: "n"))
    var nBest: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A score is the sum of log-probabilities divided by the length to this power.", valueName: "x"))
    var lengthPenalty: Float?

    @Option(help: ArgumentHelp("The most target tokens of a sentence, </s> not counted.", valueName: "n"))
    var maxLength: Int?

    @Option(help: ArgumentHelp("The fewest target tokens of a sentence, </s> not counted.", valueName: "n"))
    var minLength: Int?

    @Option(help: ArgumentHelp("The most target tokens, as a multiple of the source's tokens.", valueName: "x"))
    var maxLengthRatio: Float?

    @Option(help: ArgumentHelp("The fewest target tokens, as a multiple of the source's tokens.", valueName: "x"))
    var minLengthRatio: Float?

    @Option(
        help: ArgumentHelp(
            """
            When a beam search ends: with enough finished hypotheses (full), when the best that still runs looks worse \
            than the finished (heuristic), or when none can get better (never).
            """, valueName: "rule"))
    var earlyStopping: EarlyStoppingRule?

    @Option(
        help: ArgumentHelp(
            "How many finished hypotheses are enough, as a multiple of the beam size.", valueName: "x"))
    var patience: Float?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Give translations their scores. Greedy search of a few sentences at a time is faster without. (default: \
            yes; translate: where its output shows them)
            """)
    var returnScores: Bool?

    package init() {}
}
