/// The names of a linear part's weight, and of its bias if the configuration has one.
package struct TensorPair: Sendable {
    package let weight: TensorName
    package let bias: TensorName?

    package init(weight: TensorName, bias: TensorName?) {
        self.weight = weight
        self.bias = bias
    }

    package static func attention(
        _ side: TensorName.Side, _ layer: Int, _ kind: TensorName.AttentionKind, _ projection: TensorName.Projection,
        _ configuration: ModelConfiguration
    ) -> TensorPair {
        TensorPair(
            weight: .attention(side, layer: layer, kind, projection, .weight),
            bias: configuration.biases.attention ? .attention(side, layer: layer, kind, projection, .bias) : nil)
    }

    package static func recurrence(_ layer: Int, _ part: TensorName.RecurrencePart) -> TensorPair {
        TensorPair(
            weight: .recurrence(layer: layer, part, .weight),
            bias: part == .gate ? .recurrence(layer: layer, part, .bias) : nil)
    }

    package static func feedForward(
        _ side: TensorName.Side, _ layer: Int, _ part: TensorName.FeedForwardPart, _ configuration: ModelConfiguration
    ) -> TensorPair {
        TensorPair(
            weight: .feedForward(side, layer: layer, part, .weight),
            bias: configuration.biases.feedForward ? .feedForward(side, layer: layer, part, .bias) : nil)
    }
}
