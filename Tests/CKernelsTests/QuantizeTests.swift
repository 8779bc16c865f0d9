import CKernels
import TestKit
import Testing

@Suite struct QuantizeTests {
    private func quantize(_ row: [Float], stride: Int, _ set: InstructionSet) -> (levels: [UInt8], scale: Float) {
        let input = GuardedBuffer(row), levels = GuardedBuffer<UInt8>(repeating: 7, count: stride)
        let scale = GuardedBuffer<Float>([7])
        set.kernels.quantize(input.start, row.count, levels.start, stride, scale.start)
        return (levels.elements, scale.start[0])
    }

    @Test(arguments: InstructionSet.all)
    func `levels are the nearest, and the padding is level zero`(set: InstructionSet) {
        var random = SeededRandom(seed: 8)
        for _ in 0..<400 {
            let width = random.integer(1...300), stride = (width + 3) / 4 * 4 + 4 * random.integer(0...3)
            let row = random.floats(width, in: -3...3)
            let (levels, scale) = quantize(row, stride: stride, set)
            let peak = row.reduce(0) { max($0, abs($1)) }
            #expect(scale == peak / 127)
            // One rounding, as a fused multiply-add has it.
            let expected = row.map {
                UInt8(128 + Int((Float(12_582_912).addingProduct($0, 127 / peak) - 12_582_912)))
            }
            #expect(levels == expected + Array(repeating: 128, count: stride - width))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `a factor that is given makes levels, and none beyond 127`(set: InstructionSet) {
        var random = SeededRandom(seed: 12)
        for _ in 0..<200 {
            let width = random.integer(1...200), stride = (width + 3) / 4 * 4 + 4 * random.integer(0...3)
            let row = random.floats(width, in: -3...3), factor = random.floats(1, in: 20...120)[0]
            let input = GuardedBuffer(row), levels = GuardedBuffer<UInt8>(repeating: 7, count: stride)
            let scale = GuardedBuffer<Float>([7])
            set.kernels.quantize_by(input.start, width, factor, levels.start, stride, scale.start)
            #expect(scale.start[0] == 1 / factor)
            let expected = row.map { UInt8(128 + Int(max(-127, min(127, ($0 * factor).rounded(.toNearestOrEven))))) }
            #expect(levels.elements == expected + Array(repeating: 128, count: stride - width))
        }
    }

    @Test(arguments: InstructionSet.all, [Float.infinity, -.infinity, .nan])
    func `a factor that is given hides no number that is not finite`(set: InstructionSet, number: Float) {
        for width in [1, 16, 37] {
            var row = [Float](repeating: 1, count: width)
            row[width - 1] = number
            let input = GuardedBuffer(row), levels = GuardedBuffer<UInt8>(repeating: 7, count: 40)
            let scale = GuardedBuffer<Float>([7])
            set.kernels.quantize_by(input.start, width, 20, levels.start, 40, scale.start)
            #expect(!scale.start[0].isFinite)
        }
    }

    @Test(arguments: InstructionSet.all)
    func `ties round to even`(set: InstructionSet) {
        let (levels, scale) = quantize([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, -127], stride: 8, set)
        #expect(scale == 1)
        #expect(levels.map { Int($0) - 128 } == [127, 0, 2, 2, 0, -2, -2, -127])
    }

    @Test(arguments: InstructionSet.all)
    func `zeros have no scale and no levels`(set: InstructionSet) {
        let (levels, scale) = quantize([0, -0.0, 0, 0, 0], stride: 8, set)
        #expect(scale == 0)
        #expect(levels == Array(repeating: 128, count: 8))
    }

    @Test(arguments: InstructionSet.all)
    func `one huge value leaves no levels to the rest`(set: InstructionSet) {
        var row = [Float](repeating: 1, count: 37)
        row[33] = -3e38
        let (levels, scale) = quantize(row, stride: 40, set)
        #expect(scale == Float(3e38) / 127)
        #expect(levels.enumerated().allSatisfy { $1 == ($0 == 33 ? 1 : 128) })
    }

    @Test(arguments: InstructionSet.all)
    func `a row too small for its scale's inverse quantises as zeros`(set: InstructionSet) {
        let (levels, _) = quantize([1e-38, -1e-38, .leastNonzeroMagnitude, 0], stride: 4, set)
        #expect(levels == [128, 128, 128, 128])
    }
}
