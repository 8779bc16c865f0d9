package import CKernels
import Tensors

/// The position-wise block: `W2 activation(W1 x)`, or `W2 (activation(Wg x) * W1 x)` when gated.
package struct FeedForward: Sendable {
    package let up: Linear
    private let gate: Linear?
    private let down: Linear
    private let activation: dragoman_activation
    package let norm: Norm

    package init(
        _ side: TensorName.Side, layer: Int, configuration: ModelConfiguration, precision: Precision,
        from source: any TensorSource
    ) throws {
        let stack = side == .encoder ? configuration.encoder : configuration.decoder
        let width = configuration.width, inside = stack.feedForwardWidth
        let name = "\(side.rawValue).\(layer).feed_forward"
        func linear(_ part: TensorName.FeedForwardPart, depth: Int, columns: Int) throws -> Linear {
            try Linear(
                "\(name).\(part.rawValue)", [.feedForward(side, layer, part, configuration)], depth: depth,
                partColumns: columns,
                precision: precision, from: source)
        }
        up = try linear(.up, depth: width, columns: inside)
        gate = configuration.gatedFeedForward ? try linear(.gate, depth: width, columns: inside) : nil
        down = try linear(.down, depth: inside, columns: width)
        activation = configuration.activation.kernelActivation
        norm = try Norm(
            "\(name).norm", { .norm(side, layer: layer, .feedForward, $0) }, configuration: configuration, from: source)
    }

    /// Adds the block's output for `input` to `stream`.
    package func apply(_ input: Rows, addingTo stream: UnsafeMutablePointer<Float>, in workspace: Workspace) {
        let kernels = workspace.kernels
        let inside = workspace.inner.pointer, count = input.count
        if let gate {
            gate.apply(input, activation: activation, into: inside, stride: gate.columns, in: workspace)
            up.apply(input, into: workspace.gated.pointer, stride: up.columns, in: workspace)
            kernels.table.pointee.multiply(workspace.gated.pointer, count * up.columns, inside)
        } else {
            up.apply(input, activation: activation, into: inside, stride: up.columns, in: workspace)
        }
        let hidden = down.input(inside, count: count, in: workspace)
        down.apply(hidden, adding: stream, into: stream, stride: down.columns, in: workspace)
    }
}

extension ModelConfiguration.Activation {
    /// The same in the kernels' words.
    package var kernelActivation: dragoman_activation {
        switch self {
        case .relu: DRAGOMAN_ACTIVATION_RELU
        case .swish: DRAGOMAN_ACTIVATION_SWISH
        case .gelu: DRAGOMAN_ACTIVATION_GELU
        case .geluTanh: DRAGOMAN_ACTIVATION_GELU_TANH
        }
    }
}
