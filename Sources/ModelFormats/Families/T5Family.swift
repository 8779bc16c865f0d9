internal import Inference

/// What tells T5's kin from each other (`models/{t5,mt5,umt5}/modeling_*.py`).
struct T5Family: Sendable {
    /// When the decoder's last states are scaled by the root of the width before the output layer.
    enum OutputScale: Sendable {
        /// Where the files do not say that the output has a table of its own, whatever the tables are.
        case unlessDeclaredApart
        case never
        case always
    }

    /// T5 has no limit of its own: positions are relative. Memory has one.
    static let usualLength = 512
    /// In bytes, of which a sentence has more.
    static let byteLength = 1024

    static let all: [String: T5Family] = [
        "t5": T5Family(name: "t5", feedForward: "relu", outputScale: .unlessDeclaredApart),
        "mt5": T5Family(name: "mt5", feedForward: "gated-gelu", outputScale: .never),
        "umt5": T5Family(name: "umt5", feedForward: "gated-gelu", outputScale: .always, biasesEveryLayer: true),
    ]

    /// For people.
    var name: String
    var feedForward: String
    var outputScale: OutputScale
    /// Whether every layer has a relative bias of its own, and not the first one only, for all.
    var biasesEveryLayer = false

    func load(_ folder: ModelFolder, _ settings: Settings) throws(ModelError) -> ModelBundle {
        let model = try HubModel(folder, settings)
        let file = try HubWeights.open(folder)
        var configuration = try configuration(model)
        let names = FamilyNames.t5(isGated: configuration.gatedFeedForward)
        let weights = try FamilyWeights(file, names: names, &configuration)
        let tokenizer = try FamilyVocabulary.parts(model, &configuration)
        let languages = T5Languages.languages(model, tokenizer)
        if languages.marker != nil { configuration.framing.sourcePrefix = [.targetLanguage] }
        return ModelBundle(
            configuration: configuration, defaults: try model.generationDefaults(configuration), weights: weights,
            storedPrecision: weights.storedPrecision, file: file.path, storedBytes: file.byteCount,
            parameterCount: weights.parameterCount,
            tokenizer: tokenizer, languages: languages)
    }

    private func configuration(_ model: HubModel) throws(ModelError) -> ModelConfiguration {
        try model.refuseUnsupported()
        let settings = model.settings
        let size = try settings.requiredInteger("vocab_size", in: 1...SizeLimits.vocabulary)
        let width = try settings.requiredInteger("d_model", in: 1...SizeLimits.width)
        let layers = try settings.requiredInteger("num_layers", in: 1...SizeLimits.layers)
        let ends = try model.tokens("eos_token_id", below: size, usual: 1)
        let start = try model.token("decoder_start_token_id", below: size, usual: 0)
        let form = try settings.string("feed_forward_proj") ?? feedForward
        let isGated = form.hasPrefix("gated-")
        // For T5 1.1, "gelu" is the tanh form.
        let function = form == "gated-gelu" ? "gelu_new" : isGated ? String(form.dropFirst("gated-".count)) : form

        return ModelConfiguration(
            family: name, sourceVocabularySize: size, targetVocabularySize: size, width: width,
            encoder: try stack(model, layers: layers),
            decoder: try stack(
                model, layers: settings.integer("num_decoder_layers", in: 1...SizeLimits.layers) ?? layers),
            normalization: .init(
                kind: .rms, placement: .before, epsilon: try settings.number("layer_norm_epsilon") ?? 1e-6,
                embeddings: false, final: true),
            activation: try model.activation("feed_forward_proj", named: function), gatedFeedForward: isGated,
            embeddingScale: 1, outputScale: try scalesOutput(settings) ? 1 / Float(width).squareRoot() : 1,
            // transformers ties all three, unless the files have them apart.
            sharesEmbeddings: true, tiesOutput: true,
            biases: .init(attention: false, feedForward: false, normalization: false, output: false),
            specials: .init(
                endOfSentence: ends[0], unknown: min(ends[0] == 1 ? 2 : 0, size - 1),
                padding: try model.token("pad_token_id", below: size, usual: 0), otherEnds: Array(ends.dropFirst())),
            framing: Framing(sourceEnd: ends[0], decoderStart: start), scalesAttention: false)
    }

    private func stack(_ model: HubModel, layers: Int) throws(ModelError) -> ModelConfiguration.Stack {
        let settings = model.settings
        let heads = try settings.requiredInteger("num_heads", in: 1...SizeLimits.width)
        let headWidth = try settings.requiredInteger("d_kv", in: 1...SizeLimits.width)
        guard heads * headWidth <= SizeLimits.width else {
            throw settings.invalid(
                "d_kv", expected: "at most \(SizeLimits.width / heads) with num_heads", found: "\(headWidth)")
        }
        let buckets = try settings.integer("relative_attention_num_buckets", in: 4...SizeLimits.positions) ?? 32
        // The half of the buckets that grows with the distance needs one beyond the half that does not.
        let distance =
            try settings.integer("relative_attention_max_distance", in: buckets / 2 + 1...Int(Int32.max))
            ?? max(128, buckets / 2 + 1)
        let isByteLevel = try model.tokenizerClass()?.hasPrefix("ByT5") ?? false
        let usual = isByteLevel ? Self.byteLength : Self.usualLength
        return ModelConfiguration.Stack(
            layers: layers, heads: heads, headWidth: headWidth,
            feedForwardWidth: try settings.requiredInteger("d_ff", in: 1...SizeLimits.feedForwardWidth),
            positions: biasesEveryLayer
                ? .relativePerLayer(buckets: buckets, maximumDistance: distance)
                : .relative(buckets: buckets, maximumDistance: distance),
            maximumLength: max(
                usual,
                try settings.integer("n_positions", in: SizeLimits.positionsMin...SizeLimits.positions) ?? usual))
    }

    private func scalesOutput(_ settings: Settings) throws(ModelError) -> Bool {
        switch outputScale {
        case .always: return true
        case .never: return false
        case .unlessDeclaredApart:
            // What version 5 has written, else what the published files have.
            if let scales = try settings.boolean("scale_decoder_outputs") { return scales }
            return try settings.boolean("tie_word_embeddings") != false
        }
    }
}
