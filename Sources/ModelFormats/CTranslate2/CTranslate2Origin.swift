internal import Inference
internal import Tensors
internal import Text

/// What a folder of CTranslate2's keeps of the model that it was converted from: tokens that name languages, and the
/// tokenizer's files where they were copied (`--copy_files`).
struct CTranslate2Origin {
    /// How tokens name languages.
    private enum Naming: CaseIterable {
        /// M2M-100 and SMaLL-100: `__fr__`.
        case m2m100
        /// `fra_Latn`.
        case nllb
        /// `fr_XX`.
        case mbart
        /// `<2fr>`.
        case madlad

        /// The name of the family in the hub's `config.json`.
        var family: String {
            switch self {
            case .m2m100, .nllb: "m2m_100"
            case .mbart: "mbart"
            case .madlad: "t5"
            }
        }

        /// What the hub's names of its tokenizers begin with.
        var tokenizers: [String] {
            switch self {
            case .m2m100: ["M2M100", "SMALL100", "SMaLL100"]
            case .nllb: ["Nllb"]
            case .mbart: ["MBart"]
            case .madlad: []
            }
        }

        /// Whether a token has the form of a language's.
        func names(_ token: String.UTF8View) -> Bool {
            let token = Array(token)
            func areLetters(_ range: Range<Int>, _ letters: ClosedRange<UInt8>) -> Bool {
                token[range].allSatisfy(letters.contains)
            }
            let small = UInt8(ascii: "a")...UInt8(ascii: "z"), large = UInt8(ascii: "A")...UInt8(ascii: "Z")
            let line = UInt8(ascii: "_")
            switch (self, token.count) {
            case (.m2m100, 6...7):
                return token.prefix(2).allSatisfy { $0 == line } && areLetters(2..<token.count - 2, small)
                    && token.suffix(2).allSatisfy { $0 == line }
            case (.nllb, 8):
                return areLetters(0..<3, small) && token[3] == line && areLetters(4..<5, large)
                    && areLetters(5..<8, small)
            case (.mbart, 5): return areLetters(0..<2, small) && token[2] == line && areLetters(3..<5, large)
            case (.madlad, 5...6):
                return token.starts(with: "<2".utf8) && areLetters(2..<token.count - 1, small)
                    && token.last == UInt8(ascii: ">")
            default: return false
            }
        }

        /// Fewer tokens of a form are words that look so.
        static let tokensMin = 10
    }

    private let model: HubModel
    private let vocabulary: CTranslate2Vocabulary
    private let settings: CTranslate2Settings
    private let naming: Naming?

    init(
        _ folder: ModelFolder, _ settings: CTranslate2Settings, _ vocabulary: CTranslate2Vocabulary
    ) throws(ModelError) {
        let entries = vocabulary.source.entries
        let tokenizer = try folder.settingsIfPresent("tokenizer_config.json")?.string("tokenizer_class") ?? ""
        let naming =
            Naming.allCases.first { naming in
                naming.tokenizers.contains { tokenizer.hasPrefix($0) }
            }
            ?? Naming.allCases.first { naming in
                entries.lazy.filter { naming.names($0.piece.utf8) }.prefix(Naming.tokensMin).count == Naming.tokensMin
            }
        let name = CTranslate2Settings.fileName
        var values: [ExactString: JSONValue] = [:]
        for (key, value) in try folder.settingsIfPresent(name)?.members ?? [] { values[ExactString(key)] = value }
        if let naming { values[ExactString("model_type")] = .string(naming.family) }
        model = try HubModel(folder, Settings(values, file: folder.path(name)), tokens: entries)
        self.vocabulary = vocabulary
        self.settings = settings
        self.naming = naming
    }

    /// Whether sources hold tokens that name languages, with which callers that give tokens surround them.
    var namesLanguages: Bool { naming != nil && naming != .madlad }

    /// SentencePiece models come first: their pieces are looked up in the model's own vocabulary. Other files of a tokenizer
    /// have ids of their own, which have to be the model's.
    ///
    /// - Parameter others: Other folders where SentencePiece models may lie.
    func tokenizer(
        _ configuration: inout ModelConfiguration, pieces others: [ModelFolder]
    ) throws(ModelError) -> ModelBundle.TokenizerParts {
        let files = try vocabulary.files(in: model.folder, or: others)
        let folder = model.folder
        let hasOther =
            folder.contains("tokenizer.json") || folder.contains("vocab.json") && folder.contains("merges.txt")
        guard files.sourcePieces == nil, hasOther else { return .files(files) }
        let parts = try FamilyVocabulary.parts(model, &configuration)
        guard case .hub(let recipe) = parts else { return .files(files) }
        try compare(recipe.source, vocabulary.source)
        try compare(recipe.target ?? recipe.source, vocabulary.target)
        if beginsSources, let begin = vocabulary.source.ids[ExactString(settings.begin)] {
            configuration.framing.sourcePrefix = [.token(begin)]
        }
        return parts
    }

    /// BART's sources begin with what its converter calls the begin of the sentence; the other families have languages, start
    /// their decoders with that token, or have no such token.
    private var beginsSources: Bool { naming == nil && settings.decoderStart == settings.end }

    private func compare(_ tokens: TokenTable, _ side: CTranslate2Vocabulary.Side) throws(ModelError) {
        let pieces = Dictionary(side.entries.map { ($0.id, $0.piece) }, uniquingKeysWith: { first, _ in first })
        for (token, id) in tokens.tokens(beginningWith: "") {
            guard let piece = pieces[id], ExactString(piece) != ExactString(token) else { continue }
            throw ModelError(
                .contradiction, file: side.file, "the folder's tokenizer is another model's: token \(id) differs",
                expected: "\(ModelError.quoted(piece)), as here", found: ModelError.quoted(token),
                remedy: "copy the tokenizer's files from the model that was converted, or remove them and give tokens")
        }
    }

    /// The languages, and the frame that goes with them where texts are cut here. Callers that give tokens give what
    /// surrounds them, too, as to CTranslate2; what the decoder starts with is not among these.
    func languages(
        _ configuration: inout ModelConfiguration, isForTexts: Bool
    ) throws(ModelError) -> ModelLanguages {
        let given = configuration.framing
        guard let naming, isForTexts || given.decoderStart == .targetLanguage else { return ModelLanguages() }
        if naming == .madlad {
            guard let languages = T5Languages.targets(vocabulary.source.entries.map { ($0.piece, $0.id) }) else {
                return ModelLanguages()
            }
            configuration.framing.sourcePrefix = [.targetLanguage]
            return languages
        }
        if given.decoderStart == .targetLanguage {
            // mBART-50's starts with the end of the sentence, whatever its converter has made of it.
            configuration.framing.decoderStart = .token(configuration.specials.endOfSentence)
        }
        let framed =
            switch naming {
            case .m2m100: try BartLanguages.m2m(model, configuration)
            case .nllb: try BartLanguages.nllb(model, configuration)
            case .mbart, .madlad: try BartLanguages.mbart(model, configuration)
            }
        configuration.framing = isForTexts ? framed.framing : given
        configuration.specials.hidden += framed.hidden
        return framed.languages
    }
}
