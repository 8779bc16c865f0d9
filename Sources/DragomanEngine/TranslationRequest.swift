/// One text to translate, or one sequence of model tokens, with its own options.
public struct TranslationRequest: Sendable, Equatable {
    public enum Input: Sendable, Equatable {
        /// Any text: it is cut into sentences, and its line breaks and blank lines are kept.
        case text(String)
        /// The model's own tokens, without `</s>`: one segment, as it is. In a source, a token that the vocabulary does
        /// not have is the unknown one; in a target it is an error.
        case tokens([String])
    }

    public var input: Input
    public var options: TranslationOptions

    /// When present, nothing is searched: this target is scored against the source, which is then one segment.
    public var target: Input?

    /// Higher goes first; each level overtakes up to 1024 older segments, so that nothing waits for ever.
    public var priority = 0

    public init(_ input: Input, options: TranslationOptions = TranslationOptions(), target: Input? = nil) {
        self.input = input
        self.options = options
        self.target = target
    }
}
