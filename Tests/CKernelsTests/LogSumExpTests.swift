import CKernels
import Foundation
import TestKit
import Testing

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
        var random = SeededRandom(seed: 15)
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
        var random = SeededRandom(seed: 16)
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
