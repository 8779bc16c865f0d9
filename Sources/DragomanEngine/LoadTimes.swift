/// How long the parts of loading a model took.
package struct LoadTimes: Sendable {
    /// Mapping the files, reading and checking what they say of the model.
    package var files = Duration.zero
    /// Vocabularies and tokenizer; a packed model's SentencePiece models are loaded later, in the background.
    package var text = Duration.zero
    /// Making or mapping what the layers compute with.
    package var weights = Duration.zero
    /// Starting the threads; each makes its own working memory, in the background.
    package var threads = Duration.zero

    package var all: Duration { files + text + weights + threads }

    /// Runs `body`, and notes how long it took.
    static func measure<Result>(_ time: inout Duration, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { time = start.duration(to: .now) }
        return try body()
    }
}
