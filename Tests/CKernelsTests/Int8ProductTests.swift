import CKernels
import TestKit
import Testing

/// Rows of levels times a packed matrix, at random.
struct Int8Product {
    let rows: Int
    let stride: Int
    let levels: GuardedBuffer<UInt8>
    let scales: GuardedBuffer<Float>
    let matrix: PackedInt8
    let epilogue: Epilogue

    init(rows: Int, depth: Int, columns: Int, random: inout SeededRandom) {
        self.rows = rows
        let read = (depth + 3) / 4 * 4
        stride = read + 4 * random.integer(0...3)
        var levels = [UInt8](repeating: 128, count: rows * stride)
        for row in 0..<rows {
            // What is not read has any values, too.
            for k in Array(0..<depth) + Array(read..<stride) {
                levels[row * stride + k] = UInt8(random.integer(0...255))
            }
        }
        self.levels = GuardedBuffer(levels)
        scales = GuardedBuffer(random.floats(rows, in: 0...0.1))
        matrix = PackedInt8(depth: depth, columns: columns, random: &random)
        epilogue = Epilogue(rows: rows, columns: columns, random: &random)
    }

    /// - Parameter first: Where a second call takes over; 0 for one call.
    func output(_ set: InstructionSet, from first: Int = 0) -> GuardedBuffer<Float> {
        epilogue.output { epilogue in
            var rows = dragoman_int8_rows(levels: levels.start, scales: scales.start, rows: rows, stride: stride)
            for part in [0..<first, first..<matrix.columns] where !part.isEmpty {
                var columns = matrix.columns(part)
                var ending = epilogue.pointee
                ending.bias = ending.bias.map { $0 + part.lowerBound }
                ending.residual = ending.residual.map { $0 + part.lowerBound }
                ending.output += part.lowerBound
                set.kernels.multiply_int8(&rows, &columns, &ending)
            }
        }
    }

    /// Exact sums of integers, then the scales: the column's times the row's first.
    var reference: [Float] {
        epilogue.reference { row, column in
            var sum = 0
            for k in 0..<matrix.depth {
                sum += (Int(levels.start[row * stride + k]) - 128) * Int(matrix.level(column, k))
            }
            return Float(sum) * (matrix.scales.start[column] * scales.start[row])
        }
    }
}

@Suite struct Int8ProductTests {
    @Test func `portable int8 products are those of integers`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<150 {
            let product = Int8Product(
                rows: random.integer(0...8), depth: random.integer(1...70), columns: random.integer(1...100),
                random: &random)
            #expect(product.epilogue.agree(product.output(.portable), product.reference))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `int8 products have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 4)
        for index in 0..<300 {
            let product = Int8Product(
                rows: random.integer(0...20), depth: random.integer(1...(index % 20 == 0 ? 1100 : 70)),
                columns: random.integer(1...200), random: &random)
            #expect(product.output(set).bits == product.output(.portable).bits)
        }
    }

    @Test(arguments: InstructionSet.all)
    func `int8 products have the same bits at every count of rows`(set: InstructionSet) {
        var random = SeededRandom(seed: 5)
        for rows in 0...40 {
            let product = Int8Product(rows: rows, depth: 36, columns: 16 * (1 + rows % 9), random: &random)
            #expect(product.output(set).bits == product.output(.portable).bits)
        }
    }

    @Test(arguments: InstructionSet.all)
    func `int8 products of whole tiles have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 6)
        for rows in [1, 4, 5, 15, 16, 17, 31, 32, 33, 48, 63, 65, 100] {
            for panels in [1, 2, 3, 4, 5, 7, 8] {
                let product = Int8Product(
                    rows: rows, depth: 64 * random.integer(1...3), columns: 16 * panels - random.integer(0...15),
                    random: &random)
                #expect(product.output(set).bits == product.output(.portable).bits, "\(rows) rows, \(panels) panels")
            }
        }
    }

    @Test(arguments: InstructionSet.all)
    func `a part of the columns has the bits that it has among all`(set: InstructionSet) {
        var random = SeededRandom(seed: 7)
        for _ in 0..<30 {
            let product = Int8Product(
                rows: random.integer(1...40), depth: 4 * random.integer(1...40), columns: random.integer(65...400),
                random: &random)
            let first = 64 * random.integer(1...(product.matrix.columns - 1) / 64)
            let whole = product.output(set).elements, part = product.output(set, from: first).elements
            #expect(whole.map(\.bitPattern) == part.map(\.bitPattern))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `the largest levels do not saturate`(set: InstructionSet) {
        let depth = 4096
        for level in [UInt8(1), 255] {
            for weight in [Float(1), -1] {
                let matrix = PackedInt8(
                    weights: Array(repeating: weight, count: depth), depth: depth, columns: 1, firstPart: 1)
                let levels = GuardedBuffer(repeating: level, count: depth)
                let scale = GuardedBuffer<Float>([1]), output = GuardedBuffer<Float>([0])
                var rows = dragoman_int8_rows(levels: levels.start, scales: scale.start, rows: 1, stride: depth)
                var packed = matrix.matrix
                var epilogue = dragoman_epilogue()
                epilogue.output = output.start
                epilogue.output_stride = 1
                set.kernels.multiply_int8(&rows, &packed, &epilogue)
                #expect(output.elements == [Float(127 * depth * (Int(level) - 128)) * Float(1.0 / 127) * weight])
            }
        }
    }

    @Test(arguments: InstructionSet.all)
    func `rows too many or too deep to be prepared at a time have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 8)
        for (rows, depth, columns) in [
            (300, 20, 70), (131, 256, 33), (70, 512, 70), (9, 2048, 20), (19, 3000, 5), (1, 200, 70),
            (33, 640, 128), (70, 2048, 150), (7, 8192, 17), (5, 8193, 33), (6, 20_000, 70),
        ] {
            let product = Int8Product(rows: rows, depth: depth, columns: columns, random: &random)
            #expect(product.output(set).bits == product.output(.portable).bits, "\(rows) rows of \(depth)")
        }
    }

    /// Two products that are added in too few bits would show here.
    @Test(arguments: InstructionSet.all, [0, 2])
    func `all pairs of levels with the largest weights of either sign are exact`(set: InstructionSet, first: Int) {
        let weights: [(Int, Int)] = [
            (127, 127), (-127, -127), (127, -127), (-127, 127), (127, 1), (1, 127), (-128, -128), (127, -128),
        ]
        let packed = PackedInt8(
            weights: Array(repeating: 1, count: 4 * weights.count), depth: 4, columns: weights.count, firstPart: 0)
        for (column, weight) in weights.enumerated() {
            for k in 0..<4 {
                packed.panels.start[4 * column + k] = Int8(k == first ? weight.0 : k == first + 1 ? weight.1 : 0)
            }
            packed.scales.start[column] = 1
            packed.offsets.start[column] = Int32(-128 * (weight.0 + weight.1))
        }
        let count = 256 * 256
        var levels: [UInt8] = []
        for pair in 0..<count {
            let two = [UInt8(pair / 256), UInt8(pair % 256)]
            levels += first == 0 ? two + [128, 128] : [128, 128] + two
        }
        let input = GuardedBuffer(levels), scales = GuardedBuffer(repeating: Float(1), count: count)
        let output = GuardedBuffer<Float>(repeating: .nan, count: count * weights.count)
        var rows = dragoman_int8_rows(levels: input.start, scales: scales.start, rows: count, stride: 4)
        var matrix = packed.matrix
        var epilogue = dragoman_epilogue()
        epilogue.output = output.start
        epilogue.output_stride = weights.count
        set.kernels.multiply_int8(&rows, &matrix, &epilogue)
        var wrong: [String] = []
        for pair in 0..<count {
            for (column, weight) in weights.enumerated() {
                let sum = (pair / 256 - 128) * weight.0 + (pair % 256 - 128) * weight.1
                let value = output.start[pair * weights.count + column]
                if value != Float(sum) { wrong.append("pair \(pair), weights \(weight): \(value), not \(sum)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(3))")
    }
}
