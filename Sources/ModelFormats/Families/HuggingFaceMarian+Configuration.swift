internal import Inference

extension HuggingFaceMarian {
    /// Translates `config.json`, and the special ids of the settings of generation, into the model's description.
    ///
    /// Sizes and ids must be given; for the rest an absent key means what it means to `MarianConfig`
    /// (`models/marian/configuration_marian.py`).
    ///
    /// Not read, because transformers does not read them either, whatever they say: `normalize_embedding`,
    /// `normalize_before`, `add_final_layer_norm`, `add_bias_logits`, `static_position_embeddings` and
    /// `extra_pos_embeddings`. Conversions from before its version 4 wrote them; `modeling_marian.py` has post-norm layers,
    /// sinusoidal positions and no other norms. Whether the weights agree shows in their names and in any position tables.
    static func configuration(_ model: HubModel) throws(ModelError) -> ModelConfiguration {
        try model.refuseUnsupported()
        let settings = model.settings
        let sourceSize = try settings.requiredInteger("vocab_size", in: 1...SizeLimits.vocabulary)
        let shares = try settings.boolean("share_encoder_decoder_embeddings") ?? true
        // `MarianMTModel.__init__`: decoder_vocab_size counts only when the tables are apart; 0 means absent.
        let decoderSize = try settings.integer("decoder_vocab_size", in: 0...SizeLimits.vocabulary) ?? 0
        let targetSize = shares || decoderSize == 0 ? sourceSize : decoderSize
        let width = try settings.requiredInteger("d_model", in: 1...SizeLimits.width)
        let scales = try settings.boolean("scale_embedding") ?? false
        let activation = try settings.string("activation_function") ?? "gelu"
        // Both sides end with it, and the padding index lies in both tables, as `nn.Embedding` demands.
        let ends = try model.tokens("eos_token_id", below: min(sourceSize, targetSize))
        let padding = try model.token("pad_token_id", below: min(sourceSize, targetSize))

        return ModelConfiguration(
            family: "marian",
            sourceVocabularySize: sourceSize,
            targetVocabularySize: targetSize,
            width: width,
            encoder: try model.stack("encoder", width: width, positions: .sinusoidal),
            decoder: try model.stack("decoder", width: width, positions: .sinusoidal),
            // `nn.LayerNorm`'s own epsilon: the configuration has no say.
            normalization: .init(kind: .layer, placement: .after, epsilon: 1e-5, embeddings: false, final: false),
            activation: try model.activation("activation_function", named: activation),
            gatedFeedForward: false,
            embeddingScale: scales ? Float(width).squareRoot() : 1,
            outputScale: 1,
            sharesEmbeddings: shares,
            tiesOutput: try settings.boolean("tie_word_embeddings") ?? true,
            biases: .init(attention: true, feedForward: true, normalization: true, output: true),
            // What is unknown only the vocabulary says.
            specials: .init(
                endOfSentence: ends[0], unknown: 0, padding: padding, otherEnds: Array(ends.dropFirst())),
            framing: Framing(
                sourceEnd: ends[0], decoderStart: try model.token("decoder_start_token_id", below: targetSize)))
    }
}
