import CKernels
import TestKit
import Testing

@Suite struct MultiplyTests {
    @Test(arguments: InstructionSet.all)
    func `a row times a factor is the product of each`(set: InstructionSet) {
        var random = SeededRandom(seed: 17)
        for _ in 0..<300 {
            let row = random.floats(random.integer(1...300)), factor = random.floats(row.count)
            let input = GuardedBuffer(factor), output = GuardedBuffer(row)
            set.kernels.multiply(input.start, row.count, output.start)
            #expect(output.elements == zip(row, factor).map { $0 * $1 })
        }
    }
}
