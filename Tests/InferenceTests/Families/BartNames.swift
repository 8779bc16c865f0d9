import Inference

/// The names of tensors in transformers' BART, mBART and M2M100 (`models/bart/modeling_bart.py` and its kin).
enum BartNames {
    @Sendable static func stored(_ name: TensorName) -> String? {
        switch name {
        case .embedding: "model.shared.weight"
        case .positions(let side): "model.\(side.rawValue).embed_positions.weight"
        case .embeddingNorm(let side, let parameter):
            "model.\(side.rawValue).layernorm_embedding.\(parameter.rawValue)"
        case .attention(let side, let layer, let kind, let projection, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(kind == .selfAttention ? "self_attn" : "encoder_attn")"
                + ".\(stored(projection)).\(parameter.rawValue)"
        case .feedForward(let side, let layer, let part, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(part == .up ? "fc1" : "fc2").\(parameter.rawValue)"
        case .norm(let side, let layer, let block, let parameter):
            "model.\(side.rawValue).layers.\(layer).\(stored(block)).\(parameter.rawValue)"
        case .finalNorm(let side, let parameter): "model.\(side.rawValue).layer_norm.\(parameter.rawValue)"
        case .output(.bias): "final_logits_bias"
        case .output(.weight), .relativeBias: nil
        }
    }

    private static func stored(_ projection: TensorName.Projection) -> String {
        switch projection {
        case .query: "q_proj"
        case .key: "k_proj"
        case .value: "v_proj"
        case .output: "out_proj"
        }
    }

    private static func stored(_ block: TensorName.Block) -> String {
        switch block {
        case .selfAttention: "self_attn_layer_norm"
        case .crossAttention: "encoder_attn_layer_norm"
        case .feedForward: "final_layer_norm"
        }
    }
}
