internal import Inference

/// The names of tensors in transformers' T5 (`models/t5/modeling_t5.py`).
extension FamilyNames {
    /// - Parameter isGated: Whether the feed-forward block has two branches, as it does since version 1.1.
    package static func t5(isGated: Bool) -> FamilyNames {
        FamilyNames(
            stored: { t5Name($0, isGated: isGated) }, shared: "shared.weight",
            // Old conversions wrote a bias for cross-attention, which has none.
            ignored: ["decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"], untiesByFile: true)
    }

    private static func t5Name(_ name: TensorName, isGated: Bool) -> String? {
        switch name {
        case .embedding(let side): "\(side.rawValue).embed_tokens.weight"
        case .relativeBias(let side, let layer):
            "\(side.rawValue).block.\(layer).layer.0.SelfAttention.relative_attention_bias.weight"
        case .attention(let side, let layer, let kind, let projection, .weight):
            "\(side.rawValue).block.\(layer).layer"
                + (kind == .selfAttention ? ".0.SelfAttention" : ".1.EncDecAttention")
                + ".\(t5Name(projection)).weight"
        case .feedForward(let side, let layer, let part, .weight):
            "\(side.rawValue).block.\(layer).layer.\(side == .encoder ? 1 : 2).DenseReluDense."
                + "\(t5Name(part, isGated: isGated)).weight"
        case .norm(let side, let layer, let block, .weight):
            "\(side.rawValue).block.\(layer).layer.\(t5Index(block, side)).layer_norm.weight"
        case .finalNorm(let side, .weight): "\(side.rawValue).final_layer_norm.weight"
        case .output(.weight): "lm_head.weight"
        case .positions, .embeddingNorm, .attention, .recurrence, .feedForward, .norm, .finalNorm, .output: nil
        }
    }

    private static func t5Name(_ projection: TensorName.Projection) -> String {
        switch projection {
        case .query: "q"
        case .key: "k"
        case .value: "v"
        case .output: "o"
        }
    }

    private static func t5Name(_ part: TensorName.FeedForwardPart, isGated: Bool) -> String {
        switch part {
        case .up: isGated ? "wi_1" : "wi"
        case .gate: "wi_0"
        case .down: "wo"
        }
    }

    private static func t5Index(_ block: TensorName.Block, _ side: TensorName.Side) -> Int {
        switch block {
        case .selfAttention: 0
        case .crossAttention: 1
        case .feedForward: side == .encoder ? 1 : 2
        }
    }
}
