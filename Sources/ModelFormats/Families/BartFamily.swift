internal import Inference

/// What tells BART's kin from each other: the same layers, put together in other ways
/// (`models/*/modeling_*.py`; transformers has a copy of BART's code for each).
struct BartFamily: Sendable {
    /// How the family tells positions apart.
    enum Positions: Sendable {
        /// A trained table, whose first rows belong to no position.
        case learned(offset: Int)
        /// Marian's sines, which some files hold.
        case sines
        /// Tensor2tensor's sines, from the row after the padding's.
        case computed
    }

    /// For people.
    var name: String
    var names: FamilyNames
    var placement: ModelConfiguration.Normalization.Placement
    var normalizesEmbeddings = false
    var normalizesBeforePositions = false
    var hasFinalNorms = false
    var positions: Positions
    /// Whether the keys of the vocabularies' sizes are those of two tables (FSMT's).
    var hasTwoVocabularies = false
    var activation = "gelu"
    var scalesEmbeddings = false
    var tiesTables = true
    /// The ids that its configuration's class has where the files say nothing.
    var padding = 1
    var end = 2
    var start: Int?
    /// The id of the unknown token in its vocabularies.
    var unknown = 3
    /// Its languages and the frame that goes with them; `BartLanguages` has them.
    var languages: @Sendable (HubModel, ModelConfiguration) throws(ModelError) -> FramedLanguages

    func load(_ folder: ModelFolder, _ settings: Settings) throws(ModelError) -> ModelBundle {
        let model = try HubModel(folder, settings)
        let file = try HubWeights.open(folder)
        var configuration = try configuration(model)
        let weights = try FamilyWeights(file, names: names, &configuration)
        let framed = try languages(model, configuration)
        configuration.framing = framed.framing
        configuration.specials.hidden += framed.hidden
        let tokenizer = try FamilyVocabulary.parts(model, &configuration)
        return ModelBundle(
            configuration: configuration,
            defaults: try model.generationDefaults(configuration),
            weights: weights, storedPrecision: weights.storedPrecision, file: file.path, storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: tokenizer, languages: framed.languages)
    }

    private func configuration(_ model: HubModel) throws(ModelError) -> ModelConfiguration {
        try model.refuseUnsupported()
        let settings = model.settings
        let sizes = 1...SizeLimits.vocabulary
        let sourceSize = try settings.requiredInteger(hasTwoVocabularies ? "src_vocab_size" : "vocab_size", in: sizes)
        let targetSize = hasTwoVocabularies ? try settings.requiredInteger("tgt_vocab_size", in: sizes) : sourceSize
        let width = try settings.requiredInteger("d_model", in: 1...SizeLimits.width)
        let scales = try settings.boolean("scale_embedding") ?? scalesEmbeddings
        let function = try settings.string("activation_function") ?? activation
        let isTied = try settings.boolean("tie_word_embeddings") ?? tiesTables
        let smaller = min(sourceSize, targetSize)
        let ends = try model.tokens("eos_token_id", below: smaller, usual: end)
        let padding = try model.token("pad_token_id", below: smaller, usual: padding)
        let start = try model.token("decoder_start_token_id", below: targetSize, usual: start ?? ends[0])
        let rows: ModelConfiguration.Positions =
            switch positions {
            case .learned(let offset): .learned(offset: offset)
            case .sines: .sinusoidal
            case .computed: .learned(offset: padding + 1)
            }
        return ModelConfiguration(
            family: name, sourceVocabularySize: sourceSize, targetVocabularySize: targetSize, width: width,
            encoder: try model.stack("encoder", width: width, positions: rows),
            decoder: try model.stack("decoder", width: width, positions: rows),
            normalization: .init(
                kind: .layer, placement: placement, epsilon: 1e-5, embeddings: normalizesEmbeddings,
                precedesPositions: normalizesBeforePositions, final: hasFinalNorms),
            activation: try model.activation("activation_function", named: function), gatedFeedForward: false,
            embeddingScale: scales ? Float(width).squareRoot() : 1, outputScale: 1,
            sharesEmbeddings: hasTwoVocabularies ? isTied && sourceSize == targetSize : isTied, tiesOutput: isTied,
            biases: .init(attention: true, feedForward: true, normalization: true, output: true),
            specials: .init(
                endOfSentence: ends[0], unknown: min(unknown, smaller - 1), padding: padding,
                otherEnds: Array(ends.dropFirst()), hidden: try beginning(model, targetSize)),
            framing: Framing(sourceEnd: ends[0], decoderStart: start))
    }

    /// The begin of the sentence, which some families' outputs have and no text shows.
    private func beginning(_ model: HubModel, _ size: Int) throws(ModelError) -> [Int] {
        for settings in [model.generation, model.settings] {
            let tokens = try settings.oneOrMoreTokens("bos_token_id", vocabulary: size)
            if !tokens.isEmpty { return tokens }
        }
        return []
    }
}

/// What a reader finds out of a family's languages.
struct FramedLanguages {
    var framing: Framing
    var languages = ModelLanguages()
    /// Tokens of the target that no text shows.
    var hidden: [Int] = []
}
