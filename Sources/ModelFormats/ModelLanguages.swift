internal import Languages

/// A language that a model reads or writes.
public struct ModelLanguage: Sendable, Equatable, Codable {
    /// As the model's files write it: `eng`, `fra_Latn`, `fr_XX`.
    public var code: String
    /// BCP 47, as Dragoman writes it: `en`; the code itself where it is no language tag.
    public var tag: String
    /// The token that names it to the model; nil where none does.
    public var token: Int?

    public init(code: String, tag: String? = nil, token: Int? = nil) {
        self.code = code
        self.tag = tag ?? LanguageTag.canonical(code)
        self.token = token
    }
}

/// The languages between which a model translates, as its files name them.
public struct ModelLanguages: Sendable, Equatable, Codable {
    /// What a text may begin with to name the language that it is to be translated into: `>>fra<<`, `<2fr>`.
    public struct Marker: Sendable, Equatable, Codable {
        public var open: String
        public var close: String

        public init(open: String, close: String) {
            self.open = open
            self.close = close
        }
    }

    /// Words that are put before a text of one language to have it translated into another.
    public struct Prompt: Sendable, Equatable, Codable {
        /// The codes of the languages.
        public var source: String
        public var target: String
        public var text: String

        public init(source: String, target: String, text: String) {
            self.source = source
            self.target = target
            self.text = text
        }
    }

    /// Empty where the files do not say.
    public var source: [ModelLanguage]
    public var target: [ModelLanguage]
    /// The codes of the languages that are meant where a request names none.
    public var defaultSource: String?
    public var defaultTarget: String?
    public var marker: Marker?
    /// Where there are any, they are the pairs that the model knows.
    public var prompts: [Prompt]

    public init(
        source: [ModelLanguage] = [], target: [ModelLanguage] = [], defaultSource: String? = nil,
        defaultTarget: String? = nil, marker: Marker? = nil, prompts: [Prompt] = []
    ) {
        self.source = source
        self.target = target
        self.defaultSource = defaultSource
        self.defaultTarget = defaultTarget
        self.marker = marker
        self.prompts = prompts
    }

    /// The languages of a model of one pair; nil where the files do not name one.
    package init(source: String?, target: String?) {
        self.init(
            source: source.map { [ModelLanguage(code: $0)] } ?? [],
            target: target.map { [ModelLanguage(code: $0)] } ?? [])
    }

    /// The languages of a model that reads and writes the same ones.
    package init(all languages: [ModelLanguage], defaultSource: String? = nil, defaultTarget: String? = nil) {
        self.init(
            source: languages, target: languages, defaultSource: defaultSource, defaultTarget: defaultTarget)
    }

    /// The codes of some pair, for a request that has to name one; nil where the files do not say.
    package var anyPair: (source: String?, target: String?) {
        if let prompt = prompts.first { return (prompt.source, prompt.target) }
        return (source.first?.code, target.first?.code)
    }

    /// The one language of a side, as a tag; nil where there are several, or the files do not say.
    package var onlySource: String? { source.count == 1 ? source[0].tag : nil }
    package var onlyTarget: String? { target.count == 1 ? target[0].tag : nil }
}
