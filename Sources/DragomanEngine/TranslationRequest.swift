public import Translations

/// One text to translate, or one sequence of model tokens, with its own options.
public struct TranslationRequest: Sendable, Equatable {
    /// Tokens that the vocabulary does not have are the unknown one here; in a target they are an error.
    public var source: Source
    public var options: SearchOptions

    /// The languages, for models that have several: BCP 47, ISO 639 or the model's own code, in any case (`en`, `eng`,
    /// `en-US`, `eng_Latn`). A text that names its target itself (`>>fra<<`) goes before.
    public var sourceLanguage: String?
    public var targetLanguage: String?

    /// When present, nothing is searched: this target is scored against the source, which is then one segment.
    public var target: Source?

    /// How terms of a text are to be translated.
    public var glossary: Glossary?

    /// Translations of whole segments that are known, and taken as they are.
    public var memory: TranslationMemory?

    /// Higher goes first; each level overtakes up to 1024 older segments, so that nothing waits for ever.
    public var priority = 0

    public init(
        _ source: Source, options: SearchOptions = SearchOptions(), target: Source? = nil, glossary: Glossary? = nil
    ) {
        self.source = source
        self.options = options
        self.target = target
        self.glossary = glossary
    }
}
