import Inference

extension DecodingOptions {
    /// The options of sampling all at once; nil asks for a search.
    var sampling: Sampling? {
        get { options.isSampling ? Sampling(topK: options.samplingTopK ?? 0, seed: options.seed ?? 0) : nil }
        set {
            options.samplingTopK = newValue?.topK
            options.samplingTopP = newValue?.topP
            options.temperature = newValue?.temperature
            options.seed = newValue?.seed
        }
    }
}
