internal import Inference

/// An activation by its number in CTranslate2's files (`include/ctranslate2/ops/activation.h`), as the engine computes it.
struct CTranslate2Activation {
    let engine: ModelConfiguration.Activation
    /// What the engine's input is multiplied by, and its output divided by; see `init`.
    let factor: Float

    /// `gelu` with a sigmoid (number 4), `x * sigmoid(1.702 * x)`, is `swish(1.702 * x) / 1.702`: the weights around it
    /// are multiplied and divided.
    init(_ number: Int, _ file: CTranslate2File) throws(ModelError) {
        let engine: ModelConfiguration.Activation
        switch number {
        case 0: engine = .relu
        case 1: engine = .geluTanh
        case 2, 4: engine = .swish
        case 3: engine = .gelu
        default:
            throw ModelError(
                .unsupported, file: file.path, tensor: "encoder/activation", "this activation is not supported",
                expected: "0 (ReLU), 1 (GELU, tanh), 2 (Swish), 3 (GELU) or 4 (GELU, sigmoid)", found: "\(number)")
        }
        self.engine = engine
        factor = number == 4 ? 1.702 : 1
    }
}
