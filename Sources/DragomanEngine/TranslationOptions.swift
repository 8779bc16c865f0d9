public import Inference

/// How a request is translated: the search's options, and those that are written in text or tokens.
public struct TranslationOptions: Sendable, Equatable {
    /// The search's own options.
    public var decoding = DecodingOptions()

    /// Sequences of target tokens, each separated by spaces or tabs, that must not appear in the output.
    public var suppressed: [String] = []

    /// Whether the unknown token, which leaves a hole in the text, is never produced. A prefix may have it, and a target
    /// that is scored.
    public var disallowsUnknown = true

    /// The target token that every segment's output begins with.
    public var forcedFirstToken: String?

    /// What the output of the first segment begins with.
    public var prefix: TranslationRequest.Input?

    public init() {}
}
