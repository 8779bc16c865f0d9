import CKernels
package import Tensors

/// Layer norm (arXiv:1607.06450) or RMS norm (arXiv:1910.07467) of rows.
package struct Norm: Sendable {
    private let weight: Block<Float>
    private let bias: Block<Float>?
    private let width: Int
    private let epsilon: Float
    private let subtractsMean: Bool

    /// - Parameter name: Where a packed source has it.
    package init(
        _ name: String, _ tensor: (TensorName.Parameter) -> TensorName, configuration: ModelConfiguration,
        from source: any TensorSource
    ) throws {
        let width = configuration.width
        func block(_ parameter: TensorName.Parameter) throws -> Block<Float> {
            try source.block("\(name).\(parameter.rawValue)", count: width) {
                try source.tensor(tensor(parameter), shape: [width]).floats()
            }
        }
        self.width = width
        weight = try block(.weight)
        bias = configuration.biases.normalization ? try block(.bias) : nil
        epsilon = configuration.normalization.epsilon
        subtractsMean = configuration.normalization.kind == .layer
    }

    /// Normalises `count` rows; `output` may be `input`.
    package func apply(
        _ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>, kernels: Kernels
    ) {
        var norm = dragoman_norm(
            weight: weight.pointer, bias: bias?.pointer, width: width, epsilon: epsilon,
            subtracts_mean: subtractsMean)
        for row in 0..<count {
            kernels.table.pointee.normalize(&norm, input + row * width, output + row * width)
        }
    }
}
