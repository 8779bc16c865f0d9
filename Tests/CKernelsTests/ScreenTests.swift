import CKernels
import TestKit
import Testing

/// Rows of levels, a packed matrix, and what screens it.
private struct ScreenedProduct {
    let product: Int8Product
    let nibbles: GuardedBuffer<UInt8>
    let errors: GuardedBuffer<Float>
    let bias: GuardedBuffer<Float>?

    init(rows: Int, depth: Int, columns: Int, random: inout SeededRandom) {
        product = Int8Product(rows: rows, depth: depth, columns: columns, random: &random)
        let panels = product.matrix.panels
        nibbles = GuardedBuffer(repeating: 0, count: panels.count / 2)
        errors = GuardedBuffer(repeating: 0, count: panels.count / depth)
        dragoman_pack_screen(panels.start, depth, columns, nibbles.start, errors.start)
        bias = random.flag() ? GuardedBuffer(random.floats(columns, in: -30...30)) : nil
    }

    var depth: Int { product.matrix.depth }
    var columns: Int { product.matrix.columns }
    var groups: Int { (columns + 63) / 64 }

    func bounds(_ set: InstructionSet) -> GuardedBuffer<Float> { bounds(set, of: 0..<product.rows) }

    /// `[rows][groups]`
    func bounds(_ set: InstructionSet, of range: Range<Int>) -> GuardedBuffer<Float> {
        let bounds = GuardedBuffer<Float>(repeating: .nan, count: range.count * groups)
        var rows = dragoman_int8_rows(
            levels: product.levels.start + range.lowerBound * product.stride,
            scales: product.scales.start + range.lowerBound, rows: range.count, stride: product.stride)
        var matrix = product.matrix.matrix
        var screen = dragoman_int8_screen(
            nibbles: nibbles.start, errors: errors.start, bias: bias.map { UnsafePointer($0.start) },
            bounds: bounds.start, stride: groups)
        set.kernels.screen(&rows, &matrix, &screen)
        return bounds
    }

    /// `[rows][columns]`
    func entries() -> [Float] {
        let output = GuardedBuffer<Float>(repeating: .nan, count: product.rows * columns)
        var rows = dragoman_int8_rows(
            levels: product.levels.start, scales: product.scales.start, rows: product.rows, stride: product.stride)
        var matrix = product.matrix.matrix
        var epilogue = dragoman_epilogue(
            bias: bias.map { UnsafePointer($0.start) }, residual: nil, residual_stride: 0, output: output.start,
            output_stride: columns, activation: DRAGOMAN_ACTIVATION_NONE)
        InstructionSet.portable.kernels.multiply_int8(&rows, &matrix, &epilogue)
        return output.elements
    }

    func level(_ row: Int, _ k: Int) -> Double { Double(product.levels.start[row * product.stride + k]) - 128 }

    /// By how much a bound may exceed its entry: the rest of a product is at most so far from its middle on either side.
    func slack(_ row: Int, _ column: Int) -> Double {
        let length = (0..<depth).reduce(0) { $0 + level(row, $1) * level(row, $1) }.squareRoot()
        let rests = (0..<depth).map { Double((Int(product.matrix.level(column, $0)) + 128) & 15) - 7.5 }
        let error = rests.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let scale = Double(product.matrix.scales.start[column] * product.scales.start[row])
        return 2 * error * length * scale * 1.0001 + Double(depth) * 0.02 * scale + 1e-3
    }
}

@Suite struct ScreenTests {
    static let sets = InstructionSet.all.filter { $0.kernels.screened_rows > 0 }

    @Test func `only portable C has no screen`() {
        for set in InstructionSet.all {
            #expect((set.kernels.screen != nil) == (set.kernels.screened_rows > 0))
            #expect((set.kernels.screened_rows == 0) == (set.name == "portable"))
        }
    }

    @Test(arguments: sets)
    func `no entry of a group exceeds its bound, and one is about as near as it can be`(set: InstructionSet) {
        var random = SeededRandom(seed: 71)
        for _ in 0..<150 {
            let screened = ScreenedProduct(
                rows: random.integer(0...set.kernels.screened_rows), depth: 8 * random.integer(1...40),
                columns: random.integer(1...300), random: &random)
            let bounds = screened.bounds(set).elements, entries = screened.entries()
            for row in 0..<screened.product.rows {
                for group in 0..<screened.groups {
                    let bound = bounds[row * screened.groups + group]
                    let columns = group * 64..<min(group * 64 + 64, screened.columns)
                    let values = columns.map { entries[row * screened.columns + $0] }
                    #expect(values.allSatisfy { $0 <= bound })
                    let reach = columns.map {
                        Double(entries[row * screened.columns + $0]) + screened.slack(row, $0)
                    }
                    #expect(Double(bound) <= reach.max()!)
                }
            }
        }
    }

    /// The rests of all weights lie as far from their middle as they can, all on the side that the row makes the larger
    /// one: no room is left between an entry and its bound but that for roundings.
    @Test(arguments: sets, [8, 512, Int(DRAGOMAN_SCREEN_DEPTH)])
    func `the worst weights for a row stay just below their bound`(set: InstructionSet, depth: Int) {
        // -113 + 128 is 15 and 112 + 128 is 15 * 16. Levels are quotients by a 127th of the largest: with one of 127,
        // whose rest is 15 too, they are the weights themselves.
        var weights = (0..<64 * depth).map { Float($0 % 2 == 0 ? -113 : 112) }
        for column in 0..<64 { weights[column * depth] = 127 }
        let matrix = PackedInt8(weights: weights, depth: depth, columns: 64, firstPart: 64)
        let nibbles = GuardedBuffer<UInt8>(repeating: 0, count: 32 * depth)
        let errors = GuardedBuffer<Float>(repeating: 0, count: 64)
        dragoman_pack_screen(matrix.panels.start, depth, 64, nibbles.start, errors.start)
        // 127 and -127, or 1 and -1.
        for (even, odd) in [(UInt8(255), UInt8(1)), (129, 127)] {
            let levels = GuardedBuffer((0..<depth).map { $0 % 2 == 0 ? even : odd })
            let scales = GuardedBuffer<Float>([0.37])
            var rows = dragoman_int8_rows(levels: levels.start, scales: scales.start, rows: 1, stride: depth)
            var packed = matrix.matrix
            let bounds = GuardedBuffer<Float>([.nan]), output = GuardedBuffer<Float>(repeating: .nan, count: 64)
            var screen = dragoman_int8_screen(
                nibbles: nibbles.start, errors: errors.start, bias: nil, bounds: bounds.start, stride: 1)
            var epilogue = dragoman_epilogue(
                bias: nil, residual: nil, residual_stride: 0, output: output.start, output_stride: 64,
                activation: DRAGOMAN_ACTIVATION_NONE)
            set.kernels.screen(&rows, &packed, &screen)
            set.kernels.multiply_int8(&rows, &packed, &epilogue)
            for entry in output.elements {
                #expect(entry <= bounds.start[0])
                #expect(Double(bounds.start[0]) - Double(entry) < Double(depth) * 0x1p-6 * 0.37)
            }
        }
    }

    /// A column's weights are all 127 or all -127, whose high halves are 15 and 0, and levels are as large as they can be:
    /// no sum may wrap.
    @Test(arguments: sets, [UInt8(0), 255])
    func `the largest sums are right`(set: InstructionSet, level: UInt8) {
        let depth = 512, signs: [Float] = [1, -1]
        let matrix = PackedInt8(
            weights: (0..<64 * depth).map { signs[$0 / depth % 2] }, depth: depth, columns: 64, firstPart: 64)
        let nibbles = GuardedBuffer<UInt8>(repeating: 0, count: 32 * depth)
        let errors = GuardedBuffer<Float>(repeating: 0, count: 64)
        dragoman_pack_screen(matrix.panels.start, depth, 64, nibbles.start, errors.start)
        let rows = set.kernels.screened_rows
        let levels = GuardedBuffer(repeating: level, count: rows * depth)
        let scales = GuardedBuffer<Float>(repeating: 0.25, count: rows)
        let bounds = GuardedBuffer<Float>(repeating: .nan, count: rows)
        var quantized = dragoman_int8_rows(levels: levels.start, scales: scales.start, rows: rows, stride: depth)
        var packed = matrix.matrix
        var screen = dragoman_int8_screen(
            nibbles: nibbles.start, errors: errors.start, bias: nil, bounds: bounds.start, stride: 1)
        set.kernels.screen(&quantized, &packed, &screen)
        // The column whose sum is the largest; a rest is at most 7.5 from its middle.
        let size = abs(Double(level) - 128), entry = 127 * size * Double(depth) * 0.25 / 127
        for bound in bounds.elements {
            #expect(Double(bound) >= entry && Double(bound) <= entry * 1.001 * (127 + 15) / 127)
        }
    }

    @Test(arguments: sets)
    func `a row has the same bounds alone and among others`(set: InstructionSet) {
        var random = SeededRandom(seed: 73)
        for depth in [8, 24, 32, 512, Int(DRAGOMAN_SCREEN_DEPTH)] {
            let screened = ScreenedProduct(
                rows: set.kernels.screened_rows, depth: depth, columns: 150, random: &random)
            let together = screened.bounds(set).bits
            for row in 0..<screened.product.rows {
                let alone = screened.bounds(set, of: row..<row + 1).bits
                #expect(alone == Array(together[row * screened.groups..<(row + 1) * screened.groups]))
            }
        }
    }

    @Test(arguments: sets)
    func `bounds have the same bits on every instruction set`(set: InstructionSet) {
        var random = SeededRandom(seed: 72)
        for _ in 0..<50 {
            let screened = ScreenedProduct(
                rows: random.integer(1...set.kernels.screened_rows), depth: 8 * random.integer(1...64),
                columns: random.integer(1...200), random: &random)
            let each = (0..<screened.product.rows).flatMap { screened.bounds(Self.sets[0], of: $0..<$0 + 1).bits }
            #expect(screened.bounds(set).bits == each)
        }
    }
}
