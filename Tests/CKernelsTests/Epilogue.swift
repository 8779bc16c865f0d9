import CKernels
import Foundation
import TestKit

/// What follows a product, at random, with its output. Output and residual end with their last row's last column,
/// although rows are further apart.
struct Epilogue {
    enum Residual: CaseIterable { case none, separate, output }

    static let activations = [
        DRAGOMAN_ACTIVATION_NONE, DRAGOMAN_ACTIVATION_RELU, DRAGOMAN_ACTIVATION_SWISH, DRAGOMAN_ACTIVATION_GELU,
        DRAGOMAN_ACTIVATION_GELU_TANH,
    ]

    let rows: Int
    let columns: Int
    let activation: dragoman_activation
    let bias: GuardedBuffer<Float>?
    let residual: Residual
    let residualStride: Int
    let outputStride: Int
    let residualRows: GuardedBuffer<Float>
    let initialOutput: [Float]

    init(rows: Int, columns: Int, random: inout SeededRandom) {
        self.rows = rows
        self.columns = columns
        activation = Self.activations.randomElement(using: &random)!
        bias = random.flag() ? GuardedBuffer(random.floats(columns)) : nil
        residual = Residual.allCases.randomElement(using: &random)!
        outputStride = columns + random.integer(0...20)
        residualStride = columns + random.integer(0...20)
        residualRows = GuardedBuffer(random.floats(rows == 0 ? 0 : (rows - 1) * residualStride + columns))
        initialOutput = random.floats(rows == 0 ? 0 : (rows - 1) * outputStride + columns)
    }

    /// Runs a product with this epilogue; returns the output with what lies between its rows.
    func output(of product: (UnsafePointer<dragoman_epilogue>) -> Void) -> GuardedBuffer<Float> {
        let output = GuardedBuffer(initialOutput)
        var epilogue = dragoman_epilogue(
            bias: bias?.start, residual: nil, residual_stride: residualStride, output: output.start,
            output_stride: outputStride, activation: activation)
        switch residual {
        case .none: break
        case .separate: epilogue.residual = UnsafePointer(residualRows.start)
        case .output:
            epilogue.residual = UnsafePointer(output.start)
            epilogue.residual_stride = outputStride
        }
        product(&epilogue)
        return output
    }

    /// The same in plain Swift, given each product; bytes between rows stay as they were. Exact where the activation
    /// is.
    func reference(_ product: (_ row: Int, _ column: Int) -> Float) -> [Float] {
        var output = initialOutput
        for row in 0..<rows {
            for column in 0..<columns {
                var value = product(row, column)
                if let bias { value += bias.start[column] }
                value = activate(value)
                switch residual {
                case .none: break
                case .separate: value += residualRows.start[row * residualStride + column]
                case .output: value += initialOutput[row * outputStride + column]
                }
                output[row * outputStride + column] = value
            }
        }
        return output
    }

    /// Whether two results agree: in their bits where the activation is exact, to `tolerance` where it is a polynomial.
    func agree(_ output: GuardedBuffer<Float>, _ reference: [Float], tolerance: Float = 2e-6) -> Bool {
        guard output.count == reference.count else { return false }
        let isExact = activation == DRAGOMAN_ACTIVATION_NONE || activation == DRAGOMAN_ACTIVATION_RELU
        return zip(output.elements, reference).allSatisfy {
            isExact ? $0 == $1 : abs($0 - $1) <= tolerance * max(1, abs($1))
        }
    }

    private func activate(_ value: Float) -> Float {
        let x = Double(value)
        switch activation {
        case DRAGOMAN_ACTIVATION_RELU: return max(value, 0)
        case DRAGOMAN_ACTIVATION_SWISH: return Float(x / (1 + exp(-x)))
        case DRAGOMAN_ACTIVATION_GELU: return Float(0.5 * x * (1 + erf(x / 2.0.squareRoot())))
        case DRAGOMAN_ACTIVATION_GELU_TANH:
            return Float(0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))))
        default: return value
        }
    }
}
