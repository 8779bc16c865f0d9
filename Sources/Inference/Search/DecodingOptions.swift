package import Translations

/// How one segment is searched: a request's options, with those of them that name tokens as the model's ids.
///
/// Lengths count target tokens without the end-of-sentence token. The semantics are those of Hugging Face `generate`:
/// its `max_length` is `maximumLength + 2` and its `min_length` is `minimumLength + 1`.
@dynamicMemberLookup
package struct DecodingOptions: Sendable, Equatable {
    /// `suppress`, `forceFirstToken`, `prefix` and `disallowUnknown` of these are not looked at: they are below, as ids.
    package var options: SearchOptions
    /// Sequences of target tokens that must not appear in the output, over those that the model forbids.
    package var suppressed: [[Int]] = []
    /// The token that the output begins with (a target language, as a rule); its score is 0.
    package var forcedFirstToken: Int?
    /// The tokens that the output begins with; scored, not chosen.
    package var prefix: [Int] = []
    /// Heads whose attention to the source hypotheses have.
    package var attentionHeads: [AttentionHead] = []

    package init(_ options: SearchOptions = SearchOptions()) { self.options = options }

    package subscript<Value>(dynamicMember path: WritableKeyPath<SearchOptions, Value>) -> Value {
        get { options[keyPath: path] }
        set { options[keyPath: path] = newValue }
    }
}
