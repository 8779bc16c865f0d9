import CKernels
import Foundation
import Testing

@Suite struct ExponentialsTests {
    private func exponentials(_ row: [Float], shift: Float = 0, factor: Float = 1, _ set: InstructionSet) -> [Float] {
        let input = GuardedBuffer(row), output = GuardedBuffer<Float>(repeating: .nan, count: row.count)
        let sum = set.kernels.exponentials(input.start, row.count, shift, factor, output.start)
        return output.elements + [sum]
    }

    @Test func `portable exponentials are exact to two units in the last place`() {
        var random = SeededRandom(13)
        let row = random.floats(20_000, in: -87...88)
        for (x, e) in zip(row, exponentials(row, .portable)) {
            let expected = exp(Double(x))
            #expect(abs(Double(e) - expected) <= 2 * Double(Float(expected).ulp))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `exponentials and their sum have the portable bits`(set: InstructionSet) {
        var random = SeededRandom(14)
        for _ in 0..<300 {
            let row = random.floats(random.integer(1...300), in: -100...10)
            let shift = random.floats(1)[0], factor = random.floats(1)[0]
            let expected = exponentials(row, shift: shift, factor: factor, .portable)
            #expect(exponentials(row, shift: shift, factor: factor, set).map(\.bitPattern) == expected.map(\.bitPattern))
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

@Suite struct LogSumExpTests {
    private func logSumExp(_ row: [Float], _ set: InstructionSet) -> Float {
        let input = GuardedBuffer(row)
        return set.kernels.log_sum_exp(input.start, row.count)
    }

    private func row(_ random: inout SeededRandom) -> [Float] {
        let spread = [Float(0.1), 3, 60].randomElement(using: &random)!
        var row = random.floats(random.integer(1...300), in: -spread...spread)
        for i in row.indices where random.integer(0...9) == 0 { row[i] = -.infinity }
        return row
    }

    @Test func `the portable log of summed exponentials is the textbook's`() {
        var random = SeededRandom(15)
        for _ in 0..<400 {
            let row = row(&random), value = logSumExp(row, .portable)
            let largest = Double(row.max()!)
            guard largest.isFinite else { continue }
            let expected = largest + log(row.reduce(0) { $0 + exp(Double($1) - largest) })
            #expect(abs(Double(value) - expected) <= 3e-7 * max(1, abs(expected)))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `the log of summed exponentials has the portable bits`(set: InstructionSet) {
        var random = SeededRandom(16)
        for _ in 0..<400 {
            let row = row(&random)
            #expect(logSumExp(row, set).bitPattern == logSumExp(row, .portable).bitPattern)
        }
        let long = random.floats(5001, in: -20...5)
        #expect(logSumExp(long, set).bitPattern == logSumExp(long, .portable).bitPattern)
    }

    @Test(arguments: InstructionSet.all)
    func `a row of minus infinities sums to none`(set: InstructionSet) {
        for count in [1, 15, 16, 17, 100] {
            #expect(logSumExp(Array(repeating: -.infinity, count: count), set) == -.infinity)
        }
        #expect(logSumExp([-.infinity, 2.5, -.infinity], set) == 2.5)
    }
}

@Suite struct MultiplyTests {
    @Test(arguments: InstructionSet.all)
    func `a row times a factor is the product of each`(set: InstructionSet) {
        var random = SeededRandom(17)
        for _ in 0..<300 {
            let row = random.floats(random.integer(1...300)), factor = random.floats(row.count)
            let input = GuardedBuffer(factor), output = GuardedBuffer(row)
            set.kernels.multiply(input.start, row.count, output.start)
            #expect(output.elements == zip(row, factor).map { $0 * $1 })
        }
    }
}
