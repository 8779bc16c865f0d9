import CKernels
import TestKit
import Testing

/// A row to normalise, at random.
struct Norm {
    let row: GuardedBuffer<Float>
    let weight: GuardedBuffer<Float>
    let bias: GuardedBuffer<Float>?
    let subtractsMean: Bool

    init(random: inout SeededRandom) {
        let width = random.integer(1...300)
        row = GuardedBuffer(random.floats(width, in: -3...4))
        weight = GuardedBuffer(random.floats(width))
        bias = random.flag() ? GuardedBuffer(random.floats(width)) : nil
        subtractsMean = random.flag()
    }

    func output(_ set: InstructionSet, inPlace: Bool = false) -> GuardedBuffer<Float> {
        var norm = dragoman_norm(
            weight: weight.start, bias: bias?.start, width: row.count, epsilon: 1e-5, subtracts_mean: subtractsMean)
        let output = inPlace ? GuardedBuffer(row.elements) : GuardedBuffer(repeating: 0, count: row.count)
        set.kernels.normalize(&norm, inPlace ? output.start : row.start, output.start)
        return output
    }

    var reference: [Double] {
        let values = row.elements.map(Double.init), width = Double(values.count)
        let mean = subtractsMean ? values.reduce(0, +) / width : 0
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width
        let inverse = 1 / (variance + 1e-5).squareRoot()
        return values.indices.map {
            (values[$0] - mean) * inverse * Double(weight.start[$0]) + Double(bias?.start[$0] ?? 0)
        }
    }
}

@Suite struct NormTests {
    @Test func `the portable norm is the textbook's`() {
        var random = SeededRandom(seed: 9)
        for _ in 0..<300 {
            let norm = Norm(random: &random)
            guard norm.row.count > 1 || !norm.subtractsMean else { continue }
            for (value, expected) in zip(norm.output(.portable).elements, norm.reference) {
                #expect(abs(Double(value) - expected) <= 4e-6 * max(1, abs(expected)))
            }
        }
    }

    @Test(arguments: InstructionSet.all)
    func `a norm has the portable bits, in place too`(set: InstructionSet) {
        var random = SeededRandom(seed: 10)
        for _ in 0..<400 {
            let norm = Norm(random: &random), expected = norm.output(.portable).bits
            #expect(norm.output(set).bits == expected)
            #expect(norm.output(set, inPlace: true).bits == expected)
        }
    }
}
