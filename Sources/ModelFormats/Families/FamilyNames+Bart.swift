internal import Inference

/// The names of tensors in transformers' BART and its kin: mBART, M2M100, Marian (`models/bart/modeling_bart.py`).
extension FamilyNames {
    package static let bart = FamilyNames(
        stored: bartName, shared: "model.shared.weight", ignored: ["model.encoder.version", "model.decoder.version"],
        untiesByFile: true)

    /// Marian's are BART's. Its positions are sines: a table that some files hold must be theirs.
    static let marian = FamilyNames(stored: bartName, shared: bart.shared)

    /// The positions are not in the files; see `M2M100Positions`.
    package static let m2m100 = FamilyNames(
        stored: bartName, shared: bart.shared, positions: M2M100Positions.table,
        ignored: bart.ignored + ["model.encoder.embed_positions.weights", "model.decoder.embed_positions.weights"],
        untiesByFile: true)

    /// A table for each side, the output's among the decoder's tensors, and no bias.
    static let fsmt = FamilyNames(
        stored: { name in
            switch name {
            case .output(.weight): "model.decoder.output_projection.weight"
            case .output(.bias): nil
            default: bartName(name)
            }
        }, shared: bart.shared, positions: M2M100Positions.table, untiesByFile: true)

    @Sendable private static func bartName(_ name: TensorName) -> String? {
        switch name {
        case .embedding(let side): "model.\(side.rawValue).embed_tokens.weight"
        case .positions(let side): "model.\(side.rawValue).embed_positions.weight"
        case .embeddingNorm(let side, let parameter):
            "model.\(side.rawValue).layernorm_embedding.\(parameter.rawValue)"
        case .attention(let side, let layer, let kind, let projection, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(kind == .selfAttention ? "self_attn" : "encoder_attn")"
                + ".\(bartName(projection)).\(parameter.rawValue)"
        case .feedForward(let side, let layer, let part, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(part == .up ? "fc1" : "fc2").\(parameter.rawValue)"
        case .norm(let side, let layer, let block, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(bartName(block)).\(parameter.rawValue)"
        case .finalNorm(let side, let parameter): "model.\(side.rawValue).layer_norm.\(parameter.rawValue)"
        case .output(.bias): "final_logits_bias"
        case .output(.weight): "lm_head.weight"
        case .relativeBias, .recurrence: nil
        }
    }

    private static func bartName(_ projection: TensorName.Projection) -> String {
        switch projection {
        case .query: "q_proj"
        case .key: "k_proj"
        case .value: "v_proj"
        case .output: "out_proj"
        }
    }

    /// The feed-forward block's norm is "final" within its layer.
    private static func bartName(_ block: TensorName.Block) -> String {
        switch block {
        case .selfAttention: "self_attn_layer_norm"
        case .crossAttention: "encoder_attn_layer_norm"
        case .feedForward: "final_layer_norm"
        }
    }
}
