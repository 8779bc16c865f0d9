import Inference

/// The names of tensors in transformers' T5 (`models/t5/modeling_t5.py`).
struct T5Names: Sendable {
    var isGated: Bool

    @Sendable func stored(_ name: TensorName) -> String? {
        switch name {
        case .embedding: "shared.weight"
        case .relativeBias(let side):
            "\(side.rawValue).block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        case .attention(let side, let layer, let kind, let projection, .weight):
            "\(side.rawValue).block.\(layer).layer"
                + (kind == .selfAttention ? ".0.SelfAttention" : ".1.EncDecAttention")
                + ".\(stored(projection)).weight"
        case .feedForward(let side, let layer, let part, .weight):
            "\(side.rawValue).block.\(layer).layer.\(side == .encoder ? 1 : 2).DenseReluDense.\(stored(part)).weight"
        case .norm(let side, let layer, let block, .weight):
            "\(side.rawValue).block.\(layer).layer.\(index(block, side)).layer_norm.weight"
        case .finalNorm(let side, .weight): "\(side.rawValue).final_layer_norm.weight"
        case .output(.weight): "lm_head.weight"
        case .positions, .embeddingNorm, .attention, .feedForward, .norm, .finalNorm, .output: nil
        }
    }

    private func stored(_ projection: TensorName.Projection) -> String {
        switch projection {
        case .query: "q"
        case .key: "k"
        case .value: "v"
        case .output: "o"
        }
    }

    private func stored(_ part: TensorName.FeedForwardPart) -> String {
        switch part {
        case .up: isGated ? "wi_1" : "wi"
        case .gate: "wi_0"
        case .down: "wo"
        }
    }

    private func index(_ block: TensorName.Block, _ side: TensorName.Side) -> Int {
        switch block {
        case .selfAttention: 0
        case .crossAttention: 1
        case .feedForward: side == .encoder ? 1 : 2
        }
    }
}
