import CKernels
import Tensors

/// A vector for each position: computed or trained.
package struct PositionTable: Sendable {
    private let rows: Block<Float>
    private let width: Int
    private let offset: Int

    /// Returns the table of a stack, or nil when positions are relative.
    package init?(
        _ side: TensorName.Side, stack: ModelConfiguration.Stack, width: Int, from source: any TensorSource
    ) throws {
        self.width = width
        let name = "\(side.rawValue).positions"
        switch stack.positions {
        case .relative, .relativePerLayer:
            return nil
        case .learned(let offset):
            self.offset = offset
            let count = stack.maximumLength + offset
            rows = try source.block(name, count: count * width) {
                try source.tensor(.positions(side), shape: [count, width]).floats()
            }
        case .sinusoidal:
            offset = 0
            let count = stack.maximumLength
            rows = try source.block(name, count: count * width) { Self.sinusoids(count: count, width: width) }
        }
    }

    package func row(_ position: Int) -> UnsafePointer<Float> {
        rows.pointer + (position + offset) * width
    }

    /// Sines of the even features' angles in the first half, cosines of the odd features' in the second, as Marian and
    /// Hugging Face's `MarianSinusoidalPositionalEmbedding` have them; angles in 64 bits, and
    /// the same on every machine.
    private static func sinusoids(count: Int, width: Int) -> AlignedBuffer<Float> {
        let table = AlignedBuffer<Float>(count: count * width)
        let half = (width + 1) / 2
        for feature in 0..<width {
            let wavelength = dragoman_power(10_000, Double(2 * (feature / 2)) / Double(width))
            let isSine = feature.isMultiple(of: 2)
            let column = isSine ? feature / 2 : half + feature / 2
            for position in 0..<count {
                var sine = 0.0, cosine = 0.0
                dragoman_sine_cosine(Double(position) / wavelength, &sine, &cosine)
                table.pointer[position * width + column] = Float(isSine ? sine : cosine)
            }
        }
        return table
    }
}
