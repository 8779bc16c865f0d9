internal import Inference

extension HuggingFaceMarian {
    // Limits on sizes: beyond every published model, and small enough that what is derived from them cannot overflow or
    // exhaust memory. All but the positions are confirmed by the tensors' extents.
    static let vocabularySizeMax = 1 << 24
    static let widthMax = 1 << 16
    static let layersMax = 1 << 10
    static let feedForwardWidthMax = 1 << 17
    static let positionsMax = 1 << 14
    /// The decoder's start token, a token, and the end of the sentence.
    static let positionsMin = 3

    /// Translates `config.json`, and the special ids of `generation`, into the model's description.
    ///
    /// Sizes and ids must be given; for the rest an absent key means what it means to `MarianConfig`
    /// (`models/marian/configuration_marian.py`).
    ///
    /// Not read, because transformers does not read them either, whatever they say: `normalize_embedding`,
    /// `normalize_before`, `add_final_layer_norm`, `add_bias_logits`, `static_position_embeddings` and
    /// `extra_pos_embeddings`. Conversions from before its version 4 wrote them; `modeling_marian.py` has post-norm layers,
    /// sinusoidal positions and no other norms. Whether the weights agree shows in their names and in any position tables.
    static func configuration(
        _ settings: Settings, _ generation: Settings
    ) throws(ModelError) -> ModelConfiguration {
        try refuseUnsupported(settings)
        let sourceSize = try settings.requiredInteger("vocab_size", in: 1...vocabularySizeMax)
        let shares = try settings.boolean("share_encoder_decoder_embeddings") ?? true
        // `MarianMTModel.__init__`: decoder_vocab_size counts only when the tables are apart; 0 means absent.
        let decoderSize = try settings.integer("decoder_vocab_size", in: 0...vocabularySizeMax) ?? 0
        let targetSize = shares || decoderSize == 0 ? sourceSize : decoderSize
        let width = try settings.requiredInteger("d_model", in: 1...widthMax)
        let scales = try settings.boolean("scale_embedding") ?? false

        return ModelConfiguration(
            family: "marian",
            sourceVocabularySize: sourceSize,
            targetVocabularySize: targetSize,
            width: width,
            encoder: try stack("encoder", width, settings),
            decoder: try stack("decoder", width, settings),
            // `nn.LayerNorm`'s own epsilon: the configuration has no say.
            normalization: .init(kind: .layer, placement: .after, epsilon: 1e-5, embeddings: false, final: false),
            activation: try activation(settings),
            gatedFeedForward: false,
            embeddingScale: scales ? Float(width).squareRoot() : 1,
            outputScale: 1,
            sharesEmbeddings: shares,
            tiesOutput: try settings.boolean("tie_word_embeddings") ?? true,
            biases: .init(attention: true, feedForward: true, normalization: true, output: true),
            specials: try specials(settings, generation, min(sourceSize, targetSize), targetSize))
    }

    private static func stack(
        _ side: String, _ width: Int, _ settings: Settings
    ) throws(ModelError) -> ModelConfiguration.Stack {
        let heads = try settings.requiredInteger("\(side)_attention_heads", in: 1...widthMax)
        guard width.isMultiple(of: heads) else {
            throw settings.invalid(
                "\(side)_attention_heads", expected: "a divisor of d_model, \(width)", found: "\(heads)")
        }
        return ModelConfiguration.Stack(
            layers: try settings.requiredInteger("\(side)_layers", in: 1...layersMax),
            heads: heads,
            headWidth: width / heads,
            feedForwardWidth: try settings.requiredInteger("\(side)_ffn_dim", in: 1...feedForwardWidthMax),
            positions: .sinusoidal,
            maximumLength: try settings.requiredInteger("max_position_embeddings", in: positionsMin...positionsMax))
    }

    /// The names are those of transformers' `activations.py`; several are one function.
    private static func activation(_ settings: Settings) throws(ModelError) -> ModelConfiguration.Activation {
        switch try settings.string("activation_function") ?? "gelu" {
        case "relu": return .relu
        case "swish", "silu": return .swish
        case "gelu", "gelu_python": return .gelu
        case "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh": return .geluTanh
        case let name:
            throw ModelError(
                .unsupported, file: settings.file, "this activation_function is not supported",
                expected: "relu, swish, silu, gelu, gelu_new or another tanh form of gelu",
                found: ModelError.quoted(name))
        }
    }

    /// The ids that `generate` uses are those of its own settings; `unknown` is only known to the vocabulary.
    private static func specials(
        _ settings: Settings, _ generation: Settings, _ smallerSize: Int, _ targetSize: Int
    ) throws(ModelError) -> ModelConfiguration.SpecialTokens {
        func token(_ key: String, _ size: Int) throws(ModelError) -> Int {
            if let token = try generation.token(key, vocabulary: size) { return token }
            if let token = try settings.token(key, vocabulary: size) { return token }
            throw ModelError(
                .invalidValue, file: settings.file, "\(key) is not given", expected: "a token id below \(size)")
        }
        return ModelConfiguration.SpecialTokens(
            // On both sides: the source ends with it and the target too.
            endOfSentence: try token("eos_token_id", smallerSize),
            unknown: 0,
            // `nn.Embedding` demands that its padding index lies in the table, and both tables are given this one.
            padding: try token("pad_token_id", smallerSize),
            decoderStart: try token("decoder_start_token_id", targetSize),
            endsSource: true)
    }

    private static func refuseUnsupported(_ settings: Settings) throws(ModelError) {
        func refuse(_ key: String, _ isNeutral: Bool, _ why: String) throws(ModelError) {
            guard !isNeutral, let value = settings[key] else { return }
            throw ModelError(.unsupported, file: settings.file, "\(key) is set: \(why)", found: value.summary)
        }
        try refuse("is_decoder", settings.boolean("is_decoder") != true, "only encoder and decoder together translate")
        try refuse(
            "is_encoder_decoder", settings.boolean("is_encoder_decoder") != false,
            "only encoder and decoder together translate")
        try refuse("quantization_config", false, "only float weights are read; Dragoman quantises them itself")
        try refuse("per_layer_config", false, "layers that differ from each other are not supported")
    }
}
