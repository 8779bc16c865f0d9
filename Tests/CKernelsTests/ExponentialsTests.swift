import CKernels
import Foundation
import TestKit
import Testing

@Suite struct ExponentialsTests {
    private func exponentials(_ row: [Float], shift: Float = 0, factor: Float = 1, _ set: InstructionSet) -> [Float] {
        let input = GuardedBuffer(row), output = GuardedBuffer<Float>(repeating: .nan, count: row.count)
        let sum = set.kernels.exponentials(input.start, row.count, shift, factor, output.start)
        return output.elements + [sum]
    }

    @Test func `portable exponentials are exact to two units in the last place`() {
        var random = SeededRandom(seed: 13)
        let row = random.floats(20_000, in: -87...88)
        for (x, e) in zip(row, exponentials(row, .portable)) {
            let expected = exp(Double(x))
            #expect(abs(Double(e) - expected) <= 2 * Double(Float(expected).ulp))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `exponentials and their sum have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 14)
        for _ in 0..<300 {
            let row = random.floats(random.integer(1...300), in: -100...10)
            let shift = random.floats(1)[0], factor = random.floats(1)[0]
            let expected = exponentials(row, shift: shift, factor: factor, .portable)
            #expect(
                exponentials(row, shift: shift, factor: factor, set).map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `what is below the least normal number is zero, and what is above the largest stays finite`(
        set: InstructionSet
    ) {
        let row: [Float] = [-87.4, -100, -1e30, -.infinity, -87.3, 0, -0.0, 88.3, 89, 1e30, .infinity]
        let e = exponentials(row, set)
        #expect(e[0..<4].allSatisfy { $0.bitPattern == 0 })
        #expect(e[4] >= .leastNormalMagnitude)
        #expect(e[5] == 1 && e[6] == 1)
        #expect(e[7] > 2e38 && e[8] > 2e38 && e[8] == e[9] && e[9] == e[10] && e[8].isFinite)
    }
}
