import ArgumentParser

/// The flags of sampling; any of them turns it on.
package struct SamplingFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Draw from the n likeliest tokens; 0 means all.", valueName: "n"))
    var samplingTopK: Int?

    @Option(
        help: ArgumentHelp(
            "Draw from the smallest set of likeliest tokens whose probability reaches this.", valueName: "p"))
    var samplingTopP: Float?

    @Option(
        help: ArgumentHelp(
            "Divides scores before the draw: below 1 keeps closer to the likeliest tokens, above 1 varies more.",
            valueName: "t"))
    var temperature: Float?

    @Option(
        help: ArgumentHelp(
            "Begins the random stream, which every request has for itself; 0 unless given.", valueName: "n"))
    var seed: UInt64?

    package init() {}
}
