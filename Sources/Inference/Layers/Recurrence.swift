import Tensors

/// A decoder's history as a state, in place of self-attention: the simpler simple recurrent unit (arXiv:1910.00553, 3).
///
/// `state = gate * state before + (1 - gate) * candidate`, and the block's output is what of the state is above zero. The
/// candidate and, through a sigmoid, the gate are linear in the block's input.
package struct Recurrence: Sendable {
    /// Columns: `[candidate, gate]`.
    package let candidateGate: Linear
    package let norm: Norm

    package init(
        layer: Int, configuration: ModelConfiguration, precision: Precision, from source: any TensorSource
    ) throws {
        let name = "decoder.\(layer).recurrence"
        candidateGate = try Linear(
            "\(name).candidate_gate", [.recurrence(layer, .candidate), .recurrence(layer, .gate)],
            depth: configuration.width, partColumns: configuration.width, precision: precision, from: source)
        norm = try Norm(
            "\(name).norm", { .norm(.decoder, layer: layer, .selfAttention, $0) }, configuration: configuration,
            from: source)
    }
}
