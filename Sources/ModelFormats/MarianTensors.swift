internal import Inference

/// The names that transformers gives to a Marian model's tensors (`models/marian/modeling_marian.py`).
enum MarianTensors {
    static let sharedEmbedding = "model.shared.weight"
    static let outputWeight = "lm_head.weight"
    static let outputBias = "final_logits_bias"

    static func embedding(_ side: TensorName.Side) -> String { "model.\(side.rawValue).embed_tokens.weight" }

    static func positions(_ side: TensorName.Side) -> String { "model.\(side.rawValue).embed_positions.weight" }

    /// Everything inside the layers, which is the same for every Marian model of these sizes.
    static func layers(
        _ configuration: ModelConfiguration
    ) -> [(name: TensorName, stored: String, shape: [Int])] {
        var tensors: [(name: TensorName, stored: String, shape: [Int])] = []
        for side in [TensorName.Side.encoder, .decoder] {
            let stack = side == .encoder ? configuration.encoder : configuration.decoder
            for layer in 0..<stack.layers {
                tensors += self.layer(side, layer, stack, width: configuration.width)
            }
        }
        return tensors
    }

    private static func layer(
        _ side: TensorName.Side, _ layer: Int, _ stack: ModelConfiguration.Stack, width: Int
    ) -> [(name: TensorName, stored: String, shape: [Int])] {
        let prefix = "model.\(side.rawValue).layers.\(layer)"
        var tensors: [(name: TensorName, stored: String, shape: [Int])] = []

        let attentions: [(TensorName.AttentionKind, TensorName.Block, String)] =
            [(.selfAttention, .selfAttention, "self_attn")]
            + (side == .decoder ? [(.crossAttention, .crossAttention, "encoder_attn")] : [])
        let projections: [(TensorName.Projection, String)] = [
            (.query, "q_proj"), (.key, "k_proj"), (.value, "v_proj"), (.output, "out_proj"),
        ]
        for (kind, block, attention) in attentions {
            for (projection, stored) in projections {
                let name = "\(prefix).\(attention).\(stored)"
                tensors += [
                    (.attention(side, layer: layer, kind, projection, .weight), "\(name).weight", [width, width]),
                    (.attention(side, layer: layer, kind, projection, .bias), "\(name).bias", [width]),
                ]
            }
            tensors += norm(side, layer, block, "\(prefix).\(attention)_layer_norm", width)
        }

        let inside = stack.feedForwardWidth
        tensors += [
            (.feedForward(side, layer: layer, .up, .weight), "\(prefix).fc1.weight", [inside, width]),
            (.feedForward(side, layer: layer, .up, .bias), "\(prefix).fc1.bias", [inside]),
            (.feedForward(side, layer: layer, .down, .weight), "\(prefix).fc2.weight", [width, inside]),
            (.feedForward(side, layer: layer, .down, .bias), "\(prefix).fc2.bias", [width]),
        ]
        // The feed-forward block's norm: "final" within its layer.
        return tensors + norm(side, layer, .feedForward, "\(prefix).final_layer_norm", width)
    }

    private static func norm(
        _ side: TensorName.Side, _ layer: Int, _ block: TensorName.Block, _ stored: String, _ width: Int
    ) -> [(name: TensorName, stored: String, shape: [Int])] {
        [
            (.norm(side, layer: layer, block, .weight), "\(stored).weight", [width]),
            (.norm(side, layer: layer, block, .bias), "\(stored).bias", [width]),
        ]
    }
}
