import CKernels
package import Tensors

/// Layer norm (arXiv:1607.06450) or RMS norm (arXiv:1910.07467) of rows.
package struct Norm: Sendable {
    private let weight: AlignedBuffer<Float>
    private let bias: AlignedBuffer<Float>?
    private let width: Int
    private let epsilon: Float
    private let subtractsMean: Bool

    package init(
        _ name: (TensorName.Parameter) -> TensorName, configuration: ModelConfiguration, from source: any TensorSource
    ) throws {
        width = configuration.width
        weight = try source.tensor(name(.weight), shape: [width]).floats()
        bias = configuration.biases.normalization ? try source.tensor(name(.bias), shape: [width]).floats() : nil
        epsilon = configuration.normalization.epsilon
        subtractsMean = configuration.normalization.kind == .layer
    }

    /// Normalises `count` rows; `output` may be `input`.
    package func apply(
        _ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>, kernels: Kernels
    ) {
        var norm = dragoman_norm(
            weight: weight.pointer, bias: bias.map { UnsafePointer($0.pointer) }, width: width, epsilon: epsilon,
            subtracts_mean: subtractsMean)
        for row in 0..<count {
            kernels.table.pointee.normalize(&norm, input + row * width, output + row * width)
        }
    }
}
