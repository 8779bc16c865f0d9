extension ModelConfiguration {
    /// Every tensor inside the two stacks of such a model, with its extents. Embeddings and the output layer are left out:
    /// they may be one table, and only the files tell under which name.
    package var stackTensors: [(name: TensorName, shape: [Int])] { tensors(of: .encoder) + tensors(of: .decoder) }

    private func tensors(of side: TensorName.Side) -> [(name: TensorName, shape: [Int])] {
        let stack = side == .encoder ? encoder : decoder
        var tensors: [(name: TensorName, shape: [Int])] = []
        switch stack.positions {
        case .sinusoidal: break
        case .learned(let offset): tensors.append((.positions(side), [stack.maximumLength + offset, width]))
        case .relative(let buckets, _): tensors.append((.relativeBias(side, layer: 0), [buckets, stack.heads]))
        case .relativePerLayer(let buckets, _):
            for layer in 0..<stack.layers {
                tensors.append((.relativeBias(side, layer: layer), [buckets, stack.heads]))
            }
        }
        if normalization.embeddings { tensors += norm { .embeddingNorm(side, $0) } }
        for layer in 0..<stack.layers { tensors += self.tensors(of: side, layer, stack) }
        if normalization.final { tensors += norm { .finalNorm(side, $0) } }
        return tensors
    }

    private func tensors(
        of side: TensorName.Side, _ layer: Int, _ stack: Stack
    ) -> [(name: TensorName, shape: [Int])] {
        var tensors: [(name: TensorName, shape: [Int])] = []
        let heads = stack.heads * stack.headWidth
        let kinds: [(kind: TensorName.AttentionKind, block: TensorName.Block)] =
            [(.selfAttention, .selfAttention)] + (side == .decoder ? [(.crossAttention, .crossAttention)] : [])
        let recurs = side == .decoder && decoderHistory == .simpleRecurrence
        for (kind, block) in kinds {
            if recurs && kind == .selfAttention {
                tensors += linear([width, width], hasBias: false) { .recurrence(layer: layer, .candidate, $0) }
                tensors += linear([width, width], hasBias: true) { .recurrence(layer: layer, .gate, $0) }
                tensors += norm { .norm(side, layer: layer, block, $0) }
                continue
            }
            for projection in [TensorName.Projection.query, .key, .value, .output] {
                let shape = projection == .output ? [width, heads] : [heads, width]
                tensors += linear(shape, hasBias: biases.attention) {
                    .attention(side, layer: layer, kind, projection, $0)
                }
            }
            tensors += norm { .norm(side, layer: layer, block, $0) }
        }
        for part in gatedFeedForward ? [TensorName.FeedForwardPart.up, .gate, .down] : [.up, .down] {
            let shape = part == .down ? [width, stack.feedForwardWidth] : [stack.feedForwardWidth, width]
            tensors += linear(shape, hasBias: biases.feedForward) { .feedForward(side, layer: layer, part, $0) }
        }
        return tensors + norm { .norm(side, layer: layer, .feedForward, $0) }
    }

    private func linear(
        _ shape: [Int], hasBias: Bool, _ name: (TensorName.Parameter) -> TensorName
    ) -> [(name: TensorName, shape: [Int])] {
        [(name(.weight), shape)] + (hasBias ? [(name(.bias), [shape[0]])] : [])
    }

    private func norm(_ name: (TensorName.Parameter) -> TensorName) -> [(name: TensorName, shape: [Int])] {
        linear([width], hasBias: biases.normalization, name)
    }
}
