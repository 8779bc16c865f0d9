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
            guard (5...8).contains(token.count) else { return false }
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
    private let hasLanguages: Bool
    /// SMaLL-100 has the tokens of M2M-100, and fewer layers in its decoder than in its encoder.
    private let isSmall100: Bool

    /// - Parameter hasLanguages: Whether tokens may name languages; not in packages that are of one pair.
    init(
        _ folder: ModelFolder, _ settings: CTranslate2Settings, _ vocabulary: CTranslate2Vocabulary,
        _ encoder: CTranslate2Stack, _ decoder: CTranslate2Stack, hasLanguages: Bool
    ) throws(ModelError) {
        let tokenizer = try folder.settingsIfPresent("tokenizer_config.json")?.string("tokenizer_class") ?? ""
        // A language is one token for both sides.
        naming =
            hasLanguages && vocabulary.isShared
            ? Self.naming(vocabulary.source.entries, tokenizer, isRelative: encoder.positions.areRelative) : nil
        let name = CTranslate2Settings.fileName
        var values: [ExactString: JSONValue] = [:]
        for (key, value) in try folder.settingsIfPresent(name)?.members ?? [] { values[ExactString(key)] = value }
        if let naming {
            values["model_type"] = .string(naming.family)
        } else if values["model_type"] == nil, folder.contains("vocab.json"), folder.contains("merges.txt") {
            values["model_type"] = .string("bart")
        }
        model = try HubModel(folder, Settings(values, file: folder.path(name)), tokens: vocabulary.source.entries)
        isSmall100 = naming == .m2m100 && decoder.layers < encoder.layers
        self.vocabulary = vocabulary
        self.settings = settings
        self.hasLanguages = hasLanguages
    }

    /// - Parameters:
    ///   - tokenizer: The name of its class; of a form that it stands for, one token is enough.
    ///   - isRelative: Whether positions are relative, as MADLAD's are; IndicBART, whose tokens look alike, has others.
    private static func naming(
        _ entries: [ModelBundle.VocabularyEntry], _ tokenizer: String, isRelative: Bool
    ) -> Naming? {
        var counts: [Naming: Int] = [:]
        for entry in entries {
            if let naming = Naming.allCases.first(where: { $0.names(entry.piece.utf8) }) {
                counts[naming, default: 0] += 1
            }
        }
        if !isRelative { counts[.madlad] = nil }
        return Naming.allCases.first { naming in
            guard let count = counts[naming] else { return false }
            return count >= Naming.tokensMin || naming.tokenizers.contains { tokenizer.hasPrefix($0) }
        }
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
        guard files.sourcePieces == nil, let recipe = try recipe(configuration) else { return .files(files) }
        if let unknown = recipe.plan.model.unknown { configuration.specials.unknown = unknown }
        if beginsSources, let begin = vocabulary.source.ids[ExactString(settings.begin)] {
            configuration.framing.sourcePrefix = [.token(begin)]
        }
        return .hub(recipe)
    }

    private func recipe(_ configuration: ModelConfiguration) throws(ModelError) -> TokenizerRecipe? {
        let folder = model.folder, size = configuration.sourceVocabularySize
        let name = ["tokenizer.json", "merges.txt"].first { folder.contains($0) }
        guard let name, vocabulary.isShared, size == configuration.targetVocabularySize else { return nil }
        do throws(ModelError) {
            guard case .hub(let recipe)? = try HubTokenizer.read(model, sourceSize: size, targetSize: size) else {
                return nil
            }
            try compare(recipe.source, vocabulary.source)
            return recipe
        } catch {
            throw error.with(
                remedy: """
                    take the tokenizer's files from the model that was converted, or remove \(name): the model then \
                    takes tokens only
                    """)
        }
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
        var languages = ModelLanguages()
        guard let naming else {
            // OPUS-MT's `>>fra<<`.
            guard isForTexts, hasLanguages else { return languages }
            HuggingFaceMarian.Vocabulary.nameTargets(in: vocabulary.source.entries, &languages, &configuration)
            return languages
        }
        let given = configuration.framing, end = configuration.specials.endOfSentence
        guard isForTexts || given.decoderStart == .targetLanguage else { return languages }
        if naming == .madlad {
            languages = T5Languages.targets(vocabulary.source.entries.map { ($0.piece, $0.id) }) ?? languages
            configuration.framing = Framing(
                sourcePrefix: [.targetLanguage], sourceSuffix: [.token(end)], decoderStart: given.decoderStart)
            return languages
        }
        // mBART-50's decoder starts with the end of the sentence, whatever its converter has made of it.
        if given.decoderStart == .targetLanguage { configuration.framing.decoderStart = .token(end) }
        let framed =
            switch naming {
            case .m2m100: try BartLanguages.m2m(model, configuration, isSmall: isSmall100)
            case .nllb: try BartLanguages.nllb(model, configuration)
            case .mbart, .madlad: try BartLanguages.mbart(model, configuration)
            }
        configuration.framing = isForTexts && !framed.languages.target.isEmpty ? framed.framing : given
        configuration.specials.hidden += framed.hidden
        return framed.languages
    }
}

extension ModelConfiguration.Positions {
    fileprivate var areRelative: Bool {
        switch self {
        case .relative, .relativePerLayer: true
        case .sinusoidal, .learned: false
        }
    }
}
