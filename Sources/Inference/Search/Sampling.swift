import Translations

/// How tokens are drawn at random, in place of a search; the random stream belongs to the request.
package struct Sampling: Sendable, Hashable {
    /// Draw from the `topK` likeliest tokens; 0 means all.
    package var topK: Int
    /// Draw from the smallest set of likeliest tokens whose probability reaches this.
    package var topP: Float
    /// Divides scores before the draw.
    package var temperature: Float
    package var seed: UInt64

    package init(topK: Int = 0, topP: Float = 1, temperature: Float = 1, seed: UInt64 = 0) {
        self.topK = topK
        self.topP = topP
        self.temperature = temperature
        self.seed = seed
    }

    /// nil when the options ask for a search.
    init?(_ options: SearchOptions, vocabularySize: Int) {
        guard options.isSampling else { return nil }
        self.init(
            topK: min(options.samplingTopK ?? 0, vocabularySize), topP: options.samplingTopP ?? 1,
            temperature: options.temperature ?? 1, seed: options.seed ?? 0)
    }
}
