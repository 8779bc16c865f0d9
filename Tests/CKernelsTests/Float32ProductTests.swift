import CKernels
import TestKit
import Testing

/// Rows of floats times a packed matrix, at random.
struct Float32Product {
    let rows: Int
    let stride: Int
    let values: GuardedBuffer<Float>
    let matrix: PackedFloat32
    let epilogue: Epilogue

    init(rows: Int, depth: Int, columns: Int, random: inout SeededRandom) {
        self.rows = rows
        stride = depth + random.integer(0...5)
        values = GuardedBuffer(random.floats(rows == 0 ? 0 : (rows - 1) * stride + depth))
        matrix = PackedFloat32(depth: depth, columns: columns, random: &random)
        epilogue = Epilogue(rows: rows, columns: columns, random: &random)
    }

    func output(_ set: InstructionSet) -> GuardedBuffer<Float> {
        epilogue.output { epilogue in
            var matrix = matrix.matrix
            set.kernels.multiply_float32(values.start, rows, stride, &matrix, epilogue)
        }
    }

    /// Fused multiply-adds from the first index to the last.
    var reference: [Float] {
        epilogue.reference { row, column in
            (0..<matrix.depth).reduce(0) {
                $0.addingProduct(values.start[row * stride + $1], matrix.weights[column * matrix.depth + $1])
            }
        }
    }
}

@Suite struct Float32ProductTests {
    @Test func `portable float32 products are fused sums from first to last`() {
        var random = SeededRandom(seed: 6)
        for _ in 0..<120 {
            let product = Float32Product(
                rows: random.integer(0...8), depth: random.integer(1...70), columns: random.integer(1...100),
                random: &random)
            #expect(product.epilogue.agree(product.output(.portable), product.reference))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `float32 products have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 7)
        for index in 0..<150 {
            let product = Float32Product(
                rows: random.integer(0...20), depth: random.integer(1...(index % 20 == 0 ? 300 : 70)),
                columns: random.integer(1...200), random: &random)
            #expect(product.output(set).bits == product.output(.portable).bits)
        }
    }
}
