internal import Inference

/// What CTranslate2 calls a model's tensors (`python/ctranslate2/specs/transformer_spec.py`).
enum CTranslate2Names {
    static let scaleSuffix = "_scale"

    /// A linear part's or a norm's name, without its parameter; and which of several parts that lie in it, in order.
    struct Place: Equatable {
        var scope: String
        /// The parts that are fused in it, this one among them.
        var parts: [TensorName.Projection] = []
    }

    static func layer(_ side: TensorName.Side, _ layer: Int) -> String { "\(side.rawValue)/layer_\(layer)" }

    /// The projections of self-attention are two products: queries, keys and values; the output. Those of cross-attention
    /// are three, for keys and values have another input.
    static func attention(
        _ side: TensorName.Side, _ number: Int, _ kind: TensorName.AttentionKind, _ projection: TensorName.Projection
    ) -> Place {
        let scope = "\(layer(side, number))/\(kind == .selfAttention ? "self_attention" : "attention")"
        switch (kind, projection) {
        case (.selfAttention, .output): return Place(scope: "\(scope)/linear_1")
        case (.selfAttention, _): return Place(scope: "\(scope)/linear_0", parts: [.query, .key, .value])
        case (.crossAttention, .query): return Place(scope: "\(scope)/linear_0")
        case (.crossAttention, .output): return Place(scope: "\(scope)/linear_2")
        case (.crossAttention, _): return Place(scope: "\(scope)/linear_1", parts: [.key, .value])
        }
    }

    /// - Parameter isGated: Whether `linear_0`, which is activated, is multiplied by another.
    static func feedForward(
        _ side: TensorName.Side, _ number: Int, _ part: TensorName.FeedForwardPart, isGated: Bool
    ) -> String {
        let name =
            switch part {
            case .up: isGated ? "linear_0_noact" : "linear_0"
            case .gate: "linear_0"
            case .down: "linear_1"
            }
        return "\(layer(side, number))/ffn/\(name)"
    }

    static func norm(_ side: TensorName.Side, _ number: Int, _ block: TensorName.Block) -> String {
        let name =
            switch block {
            case .selfAttention: "self_attention"
            case .crossAttention: "attention"
            case .feedForward: "ffn"
            }
        return "\(layer(side, number))/\(name)/layer_norm"
    }

    static func embeddingNorm(_ side: TensorName.Side) -> String { "\(side.rawValue)/layernorm_embedding" }

    static func finalNorm(_ side: TensorName.Side) -> String { "\(side.rawValue)/layer_norm" }

    static func positions(_ side: TensorName.Side) -> String { "\(side.rawValue)/position_encodings/encodings" }

    /// T5's trained bias: the first layer's for all, or each layer's own (umT5).
    static func relativeBias(_ side: TensorName.Side, _ number: Int) -> String {
        "\(layer(side, number))/self_attention/relative_attention_bias"
    }

    static let output = "decoder/projection"

    /// The table of a side. Since revision 5 a source may have several, numbered, for tokens that have features.
    static func embedding(_ side: TensorName.Side, _ file: CTranslate2File) -> String {
        let single = "\(side.rawValue)/embeddings/weight"
        return side == .encoder && file[single] == nil ? "encoder/embeddings_0/weight" : single
    }

    static func norm(_ parameter: TensorName.Parameter) -> String { parameter == .weight ? "gamma" : "beta" }

    /// Today's name of a variable of revision 1, whose names were those of OpenNMT-tf.
    static func modern(_ name: String) -> String {
        var name = name
        func replace(_ old: String, _ new: String) {
            guard let place = name.firstRange(of: old) else { return }
            name.replaceSubrange(place, with: new)
        }
        for (old, new) in [
            ("transformer/", ""), (":0", ""), ("w_embs", "embeddings/weight"), ("kernel", "weight"),
            ("LayerNorm", "layer_norm"), ("dense", "projection"), ("conv1d_", "linear_"), ("conv1d", "linear_0"),
        ] { replace(old, new) }
        if name.hasPrefix("encoder") {
            replace("multi_head", "self_attention")
        } else if name.contains("masked_multi_head") {
            replace("masked_multi_head", "self_attention")
        } else {
            replace("multi_head", "attention")
        }
        return name
    }
}
