import CKernels
import TestKit
import Testing

/// Rows that are read in parts.
@Suite struct SummaryTests {
    private struct Summary: Equatable {
        var logSum: UInt32
        var values: [UInt32]
        var indices: [Int32]
    }

    /// The row, cut at random blocks.
    private func summary(_ row: [Float], _ k: Int, _ set: InstructionSet, _ random: inout SeededRandom) -> Summary {
        let values = GuardedBuffer<Float>(repeating: 0, count: k)
        let indices = GuardedBuffer<Int32>(repeating: 0, count: k)
        var summary = dragoman_summary(
            is_summed: true, maximum: -.infinity, sum: 0, k: k, held: 0, values: values.start, indices: indices.start)
        var first = 0
        while first < row.count {
            let part = GuardedBuffer(Array(row[first...].prefix(Int(DRAGOMAN_BLOCK) * random.integer(1...4))))
            set.kernels.summarize(part.start, part.count, first, &summary)
            first += part.count
        }
        return Summary(
            logSum: set.kernels.summed(&summary).bitPattern, values: Array(values.bits.prefix(summary.held)),
            indices: Array(indices.elements.prefix(summary.held)))
    }

    private func whole(_ row: [Float], _ k: Int, _ set: InstructionSet) -> Summary {
        let input = GuardedBuffer(row)
        let values = GuardedBuffer<Float>(repeating: 0, count: k)
        let indices = GuardedBuffer<Int32>(repeating: 0, count: k)
        let held = set.kernels.top_k(input.start, row.count, k, values.start, indices.start)
        return Summary(
            logSum: set.kernels.log_sum_exp(input.start, row.count).bitPattern,
            values: Array(values.bits.prefix(held)), indices: Array(indices.elements.prefix(held)))
    }

    private func row(_ random: inout SeededRandom) -> [Float] {
        let spread = [Float(0.1), 3, 60].randomElement(using: &random)!
        var row = random.floats(random.integer(1...5000), in: -spread...spread)
        for i in row.indices where random.integer(0...9) == 0 { row[i] = -.infinity }
        // A peak somewhere, beside which most blocks are nothing.
        if random.flag() { row[random.integer(0...row.count - 1)] = 40 }
        return row
    }

    @Test(arguments: InstructionSet.all)
    func `a row read in parts has the bits of the whole, and those of portable C`(set: InstructionSet) {
        var random = SeededRandom(seed: 31)
        for _ in 0..<150 {
            let row = row(&random), k = random.integer(1...20)
            let found = summary(row, k, set, &random)
            #expect(found == whole(row, k, set))
            #expect(found == whole(row, k, .portable))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `blocks that rise, and rows of minus infinities`(set: InstructionSet) {
        var random = SeededRandom(seed: 32)
        // Every block has a new maximum, further above the last than anything counts beside it.
        let rising = (0..<3000).map { Float($0 / 512) * 30 + Float($0 % 7) }
        for row in [rising, Array(rising.reversed()), [Float](repeating: -.infinity, count: 1500)] {
            for k in [1, 9, 3000] {
                #expect(summary(row, k, set, &random) == whole(row, k, .portable))
            }
        }
    }
}
